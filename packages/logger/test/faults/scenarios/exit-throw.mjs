import { exitPath } from "../exit-path.mjs";

export const id = "exit-throw";
export const row = 1;
export const injected = "the same burst, then an uncaught throw";
export const promised = "0 lost, exit code 1";
export const run = exitPath({ ending: "throw", code: 1 });
