import { installExitHooks } from "./exit-hooks.ts";
import type { ProcessEnd } from "./process-end.ts";
import { installSignalHooks } from "./signal-hooks.ts";

/** In Node and its like. */
export const processEnd: ProcessEnd | null = { installExitHooks, installSignalHooks };
