import type { Clock } from "@dagstack/logger-core";
import type { FileSystem, ProcessTable } from "@dagstack/logger-core/files";
import type { SignalSource } from "./hangup.ts";

/** For tests and unusual runtimes. */
export interface FileSinkSeams {
  readonly fs?: FileSystem;
  /** Wins over the clock that comes with `attach`. */
  readonly clock?: Clock;
  /** Who else may hold the lock of a rotated file. */
  readonly processes?: ProcessTable;
  /** Stops the thread while another process writes to a rotated file. */
  readonly pause?: (ms: number) => void;
  readonly signals?: SignalSource;
}
