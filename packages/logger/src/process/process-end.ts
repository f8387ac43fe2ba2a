import type { FlushResult } from "@dagstack/logger-core";
import type { Registry } from "../registry/index.ts";
import type { SinkPort } from "../sinks/index.ts";

/** Signals that `installShutdownHooks` takes. */
export type ShutdownSignal = "SIGHUP" | "SIGINT" | "SIGQUIT" | "SIGTERM";

/** Closes every sink, for a process that ends afterwards; see `closeEverything`. */
export type CloseForGood = (watch: (ports: readonly SinkPort[]) => () => void) => Promise<FlushResult>;

/**
 * What is done when the process ends (§13). Chosen by the package's `imports` condition `#process-end`, for runtimes that
 * say when it does; elsewhere it is `null`.
 */
export interface ProcessEnd {
  /** Hooks into the natural end of the process and into `process.exit`. Once per registry. */
  installExitHooks(registry: Registry): void;
  /** Closes everything on a signal and then ends the process; the answer removes the hooks. */
  installSignalHooks(registry: Registry, signals: readonly ShutdownSignal[], close: CloseForGood): () => void;
}
