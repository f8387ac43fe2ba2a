/** What becomes of one chunk of whole lines. Exactly one of `delivered` and `failed` is called, once, and last. */
export interface ChunkFate {
  /** So many bytes of the chunk are out, counted from its beginning: the lines that end among them are delivered. */
  written(bytes: number): void;
  delivered(): void;
  /** What is not out yet is lost. */
  failed(error: unknown): void;
  /** Nothing is lost by it so far. May be called any number of times before the end. */
  delayed(error: unknown): void;
  /** Runs foreign code that is given the chunk: what it logs into the chunk's sink is refused. */
  guard(call: () => void): void;
}

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
