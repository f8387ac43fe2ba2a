import { remotePath } from "../remote-path.mjs";

export const id = "remote-throw";
export const row = 1;
export const injected = "the same burst, then an uncaught throw";
export const promised =
  "0 lost on file and console, exit code 1, ends at once; all that the remote sink has is reported as `unflushed_shutdown`";
export const run = remotePath({ ending: "throw", code: 1, receivers: ["down", "hangs"], limitMs: 200 });
