import { exitPath } from "../exit-path.mjs";

export const id = "exit-call";
export const row = 1;
export const injected = "the same burst, then `process.exit(3)`";
export const promised = "0 lost, exit code kept";
export const run = exitPath({ ending: "exit", code: 3 });
