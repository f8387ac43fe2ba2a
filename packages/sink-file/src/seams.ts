import type { Clock } from "@dagstack/logger-core";
import type { FileSystem } from "./file-system.ts";
import type { SignalSource } from "./hangup.ts";
import type { ProcessTable } from "./process-table.ts";

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

const sleeping = new Int32Array(new SharedArrayBuffer(4));

/** Stops the thread, which is what a caller on its only thread can do to wait for another process. */
export function pauseThread(ms: number): void {
  Atomics.wait(sleeping, 0, 0, ms);
}
