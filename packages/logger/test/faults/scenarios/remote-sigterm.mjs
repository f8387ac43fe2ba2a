import { remotePath } from "../remote-path.mjs";

export const id = "remote-sigterm";
export const row = 1;
export const injected = "the same burst, then SIGTERM with `installShutdownHooks({ timeoutMs: 1000 })`";
export const promised =
  "0 lost on file and console; the remote sink delivers what it can in 1 s; the rest is reported as `unflushed_shutdown` with its exact count; exit code 128 + 15";
export const run = remotePath({
  ending: "signal",
  code: 143,
  receivers: ["down", "hangs", "slow"],
  limitMs: 10_000,
  hooks: { timeoutMs: 1000 },
  signals: [{ after: "ready", name: "SIGTERM" }],
});
