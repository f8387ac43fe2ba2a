import { remotePath } from "../remote-path.mjs";

export const id = "remote-exit";
export const row = 1;
export const injected = "the same burst, then `process.exit(3)`";
export const promised =
  "0 lost on file and console, exit code kept, ends at once; all that the remote sink has is reported as `unflushed_shutdown`";
export const run = remotePath({ ending: "exit", code: 3, receivers: ["down", "hangs"], limitMs: 200 });
