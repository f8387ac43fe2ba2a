import type { FlushResult } from "@dagstack/logger-core";
import type { Registry } from "./registry.ts";
import type { StandardErrorStream } from "./runtime.ts";
import type { SinkPort } from "./sink-port.ts";

/** Signals that `installShutdownHooks` takes. */
export type ShutdownSignal = "SIGHUP" | "SIGINT" | "SIGQUIT" | "SIGTERM";

/** Writes lines that would be lost if they did not leave at once. */
export interface LastWords {
  /**
   * @returns false where that cannot be done: the stream itself must be written to.
   * @throws what the system says, such as EPIPE, and EAGAIN when the reader took nothing for a second.
   */
  write(stderr: StandardErrorStream, line: string): boolean;
}

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
  createLastWords(): LastWords;
}
