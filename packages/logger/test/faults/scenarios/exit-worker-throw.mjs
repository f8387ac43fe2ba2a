import { exitPath } from "../exit-path.mjs";

export const id = "exit-worker-throw";
export const row = 1;
export const injected = "the same burst in a worker thread, then an uncaught throw there";
export const promised = "0 lost, the thread ends with 1";
export const run = exitPath({ ending: "throw", code: 1, worker: true });
