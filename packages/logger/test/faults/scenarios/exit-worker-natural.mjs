import { exitPath } from "../exit-path.mjs";

export const id = "exit-worker-natural";
export const row = 1;
export const injected = "the same burst in a worker thread, which then has nothing more to do";
export const promised = "0 lost, the thread ends with 0";
export const run = exitPath({ ending: "natural", code: 0, worker: true });
