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
