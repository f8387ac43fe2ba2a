import { remotePath } from "../remote-path.mjs";

export const id = "remote-second-signal";
export const row = 1;
export const injected = "the same with `timeoutMs: 60000`, and SIGINT half a second after SIGTERM";
export const promised =
  "ends at once with 128 + 2; 0 lost on file and console; the rest is reported as `unflushed_shutdown`";
export const run = remotePath({
  ending: "signal",
  code: 130,
  receivers: ["hangs"],
  limitMs: 10_000,
  hooks: { timeoutMs: 60_000 },
  signals: [
    { after: "ready", name: "SIGTERM" },
    { after: "ready", name: "SIGINT", delayMs: 500 },
  ],
});
