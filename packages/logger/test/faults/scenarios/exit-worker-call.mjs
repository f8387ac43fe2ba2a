import { exitPath } from "../exit-path.mjs";

export const id = "exit-worker-call";
export const row = 1;
export const injected = "the same burst in a worker thread, then `process.exit(3)` there";
export const promised = "0 lost, exit code of the thread kept";
export const run = exitPath({ ending: "exit", code: 3, worker: true });
