const WORD_BYTES = 4;
const encoder = new TextEncoder();

/** Above this many bytes a native copy of a token wins over its words. */
export const MAX_WORDS_LENGTH = 96;

/** What is written again and again: bytes, of a text its UTF-8, also as 32-bit words, which are written fastest. */
export class Token {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
  readonly length: number;

  constructor(content: string | Uint8Array) {
    this.bytes = typeof content === "string" ? encoder.encode(content) : content;
    this.length = this.bytes.length;
    const padded = new Uint8Array(Math.ceil(this.length / WORD_BYTES) * WORD_BYTES);
    padded.set(this.bytes);
    const view = new DataView(padded.buffer);
    this.words = Int32Array.from({ length: padded.length / WORD_BYTES }, (_, at) =>
      view.getInt32(at * WORD_BYTES, true),
    );
  }
}
