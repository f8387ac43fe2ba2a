import type { ChunkFate } from "../foreign/index.ts";

/** Where chunks go. No method throws. Several sinks share one, and chunks never interleave. */
export interface Port {
  /** Takes a chunk over: the caller must not touch the bytes again. False asks to wait for `onReady`. */
  write(bytes: Uint8Array, fate: ChunkFate): boolean;
  /** Calls back once, as soon as it makes sense to write again. */
  onReady(callback: () => void): void;
  /** Holds the caller up to `maxMs` to get out what was written; whether nothing is left. */
  pushSync(maxMs: number): boolean;
  /** Gets out now what can be got out synchronously, and says of each chunk what is known by then. For process exit. */
  finishSync(): void;
}
