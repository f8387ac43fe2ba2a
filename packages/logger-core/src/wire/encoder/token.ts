const WORD_BYTES = 4;
const encoder = new TextEncoder();

/** Above this many bytes a native copy of a token wins over its words. */
export const MAX_WORDS_LENGTH = 96;

/** What is written again and again: bytes, of a text its UTF-8; if they are few also as words, which are written fastest. */
export class Token {
  readonly bytes: Uint8Array;
  /** Of 32 bits; none if the bytes are many. */
  readonly words: Int32Array;
  readonly length: number;

  constructor(content: string | Uint8Array) {
    this.bytes = typeof content === "string" ? encoder.encode(content) : content;
    this.length = this.bytes.length;
    this.words = this.length > MAX_WORDS_LENGTH ? new Int32Array(0) : wordsOf(this.bytes);
  }
}

function wordsOf(bytes: Uint8Array): Int32Array {
  const padded = new Uint8Array(Math.ceil(bytes.length / WORD_BYTES) * WORD_BYTES);
  padded.set(bytes);
  const view = new DataView(padded.buffer);
  return Int32Array.from({ length: padded.length / WORD_BYTES }, (_, at) => view.getInt32(at * WORD_BYTES, true));
}
