import { exitPath } from "../exit-path.mjs";

export const id = "exit-sigterm";
export const row = 1;
export const injected = "the same burst, then SIGTERM with `installShutdownHooks` and another handler that logs";
export const promised = "0 lost, exit code 128 + 15, the other handler runs and its record is written";
export const run = exitPath({ ending: "SIGTERM", code: 143, more: 1, hooks: {} });
