const FIRST_CAPACITY = 4096;
const LARGEST_KEPT = 65_536;
/** UTF-8 takes at most three bytes for a UTF-16 code unit. */
const BYTES_PER_UNIT = 3;

/** Encodes texts into one block that it uses again, so that a burst leaves no garbage outside the heap. */
export class TextBytes {
  readonly #encoder = new TextEncoder();
  #block = new Uint8Array(FIRST_CAPACITY);

  /** The UTF-8 of a text, valid until the next call. */
  of(text: string): Uint8Array {
    const needed = text.length * BYTES_PER_UNIT;
    if (needed > LARGEST_KEPT) return this.#encoder.encode(text);
    if (needed > this.#block.length) this.#block = new Uint8Array(LARGEST_KEPT);
    return this.#block.subarray(0, this.#encoder.encodeInto(text, this.#block).written);
  }
}
