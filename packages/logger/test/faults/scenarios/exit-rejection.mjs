import { exitPath } from "../exit-path.mjs";

export const id = "exit-rejection";
export const row = 1;
export const injected = "the same burst, then an unhandled rejection";
export const promised = "0 lost, exit code 1";
export const run = exitPath({ ending: "rejection", code: 1 });
