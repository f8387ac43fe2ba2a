import { exitPath } from "../exit-path.mjs";

export const id = "exit-sigint";
export const row = 1;
export const injected = "the same burst, then SIGINT with `installShutdownHooks` and another handler that logs";
export const promised = "0 lost, exit code 128 + 2, the other handler runs and its record is written";
export const run = exitPath({ ending: "SIGINT", code: 130, more: 1, hooks: {} });
