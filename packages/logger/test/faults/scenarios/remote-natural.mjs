import { remotePath } from "../remote-path.mjs";

export const id = "remote-natural";
export const row = 1;
export const injected =
  "20 000 records in one burst beside an OTLP sink whose receiver is down, hangs, or takes 200 ms for each request; natural end";
export const promised =
  "0 lost on file and console; the remote sink delivers what it can in `exitFlushMs` (2 s); the rest is reported as `unflushed_shutdown` with its exact count";
export const run = remotePath({
  ending: "natural",
  code: 0,
  receivers: ["down", "hangs", "slow"],
  limitMs: 2000,
});
