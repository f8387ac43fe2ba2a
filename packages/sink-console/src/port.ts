/** What becomes of one chunk of whole lines. Exactly one of `delivered` and `failed` is called, once. */
export interface ChunkFate {
  delivered(): void;
  /** The chunk is lost. */
  failed(error: unknown): void;
  /** Nothing is lost yet; the port will try again. May be called any number of times before the end. */
  delayed(error: unknown): void;
}

/** Where chunks go. No method throws. Several sinks share one, and chunks never interleave. */
export interface Port {
  /** Takes a chunk over: the caller must not touch the bytes again. False asks to wait for `onReady`. */
  write(bytes: Uint8Array, fate: ChunkFate): boolean;
  /** Calls back once, as soon as it makes sense to write again. */
  onReady(callback: () => void): void;
  /** Holds the caller up to `maxMs` to get out what was written; whether nothing is left. */
  pushSync(maxMs: number): boolean;
  /** Gets everything out now, if that can be done synchronously; whether nothing is left. For process exit. */
  finishSync(): boolean;
}
