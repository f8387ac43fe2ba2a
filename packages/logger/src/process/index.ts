/** The loggers of the process as a whole: flushing and closing all of them, and what is done when the process ends. */
export { ownProcessEnd } from "./own-process-end.ts";
export { closeEverything, closeSinks, flushEverything, flushSinks } from "./process-flush.ts";
export { installShutdownHooks, type ShutdownHookOptions } from "./shutdown-hooks.ts";
