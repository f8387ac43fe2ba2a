import { mayNeedEscape, needsEscape } from "./json-escapes.ts";
import { MAX_WORDS_LENGTH, type Token } from "./token.ts";

const FIRST_CAPACITY = 16_384;
/** A buffer that one huge record has made larger than this is let go again. */
const MAX_KEPT_CAPACITY = 262_144;
const MAX_KEPT_VIEWS = 2048;
/** The least that is added at once. */
const LEAST_CAPACITY = 1024;
/** Bytes are written four at a time where they can be. */
export const WORD_BYTES = 4;
const MAX_ASCII = 0x7f;

/** A JavaScript string has at most this many bytes of UTF-8 per code unit. */
export const MAX_UTF8 = 3;

/** Thrown when a record grows beyond its limit. */
export const RECORD_TOO_LONG: Error = /* @__PURE__ */ new Error("the record is too long");

/** Node's and Bun's `Buffer`, which copies strings faster than `TextEncoder`. */
interface NativeBuffer {
  write(text: string, offset: number): number;
}
interface NativeBufferConstructor {
  from(buffer: ArrayBufferLike): NativeBuffer;
}

const encoder = new TextEncoder();

/**
 * Bytes in memory that grows as they are written, and that the next record uses again. What they mean is the writer's of
 * each format.
 */
export class ByteBuffer {
  /** How many bytes are written. It may be set back, to unwrite. */
  pos = 0;
  protected bytes: Uint8Array = new Uint8Array(0);
  protected view: DataView = new DataView(this.bytes.buffer);
  #native: NativeBuffer | undefined;
  /** Views of the first bytes, by length: records are about equally long, and a view costs as much as a long string. */
  #views: (Uint8Array | undefined)[] | undefined;
  #limit = Number.MAX_SAFE_INTEGER;

  /** @param capacity a guess that spares growing; any number will do. */
  constructor(capacity = 0) {
    if (capacity > 0) this.#allocate(capacity);
  }

  /**
   * Begins anew, in the same memory. What `written` gave is not valid any more.
   *
   * @param limit the bytes that may be needed at most, by a rough estimate: beyond it writing throws `RECORD_TOO_LONG`.
   */
  restart(limit: number = Number.MAX_SAFE_INTEGER): void {
    this.pos = 0;
    this.#limit = limit;
    const { length } = this.bytes;
    // Whoever got a view may have taken the memory away, as `postMessage` can: then the length is 0.
    if (length === 0 || length > MAX_KEPT_CAPACITY) this.#allocate(FIRST_CAPACITY);
  }

  /** What is written, without a copy: valid until something else is. */
  written(): Uint8Array {
    const { pos } = this;
    if (pos >= MAX_KEPT_VIEWS) return this.bytes.subarray(0, pos);
    this.#views ??= new Array<undefined>(MAX_KEPT_VIEWS).fill(undefined);
    this.#views[pos] ??= this.bytes.subarray(0, pos);
    return this.#views[pos];
  }

  /** What is written, for good: nothing may be written afterwards. */
  finish(): Uint8Array {
    return this.bytes.subarray(0, this.pos);
  }

  /** Writes bytes that were encoded before. */
  token(token: Token): void {
    const { length } = token;
    this.ensure(length);
    if (length > MAX_WORDS_LENGTH) {
      this.bytes.set(token.bytes, this.pos);
      this.pos += length;
    } else {
      this.copyToken(token);
    }
  }

  /** Writes a token that has words, in room that there is. The last word may reach beyond it: what follows is written over it. */
  protected copyToken({ words, length }: Token): void {
    const view = this.view;
    let at = this.pos;
    for (let index = 0; index < words.length; index++) {
      view.setInt32(at, words[index] as number, true);
      at += WORD_BYTES;
    }
    this.pos += length;
  }

  /**
   * Copies ASCII to where there is room, and counts it as written; false for any other text, and for JSON where a
   * character is escaped. Four characters at a time are fastest.
   */
  protected copyAscii(text: string, start: number, isJson: boolean): boolean {
    const { length } = text;
    const { bytes, view } = this;
    const whole = length - (length % WORD_BYTES);
    let index = 0;
    for (; index < whole; index += WORD_BYTES) {
      const a = text.charCodeAt(index);
      const b = text.charCodeAt(index + 1);
      const c = text.charCodeAt(index + 2);
      const d = text.charCodeAt(index + 3);
      const word = a | (b << 8) | (c << 16) | (d << 24);
      if ((a | b | c | d) > MAX_ASCII || (isJson && mayNeedEscape(word))) return false;
      view.setInt32(start + index, word, true);
    }
    for (; index < length; index++) {
      const code = text.charCodeAt(index);
      if (code > MAX_ASCII || (isJson && needsEscape(code))) return false;
      bytes[start + index] = code;
    }
    this.pos = start + length;
    return true;
  }

  /** Writes a text as UTF-8, in room that there is. */
  protected copy(text: string): void {
    if (this.#native !== undefined) this.pos += this.#native.write(text, this.pos);
    else this.pos += encoder.encodeInto(text, this.bytes.subarray(this.pos)).written;
  }

  /** Makes room for so many bytes, and a word that may reach beyond them. */
  protected ensure(more: number): void {
    const needed = this.pos + more + WORD_BYTES;
    if (needed <= this.bytes.length) return;
    if (needed > this.#limit) throw RECORD_TOO_LONG;
    this.#allocate(Math.max(needed, this.bytes.length * 2, LEAST_CAPACITY));
  }

  #allocate(capacity: number): void {
    const grown = new Uint8Array(capacity);
    if (this.pos > 0) grown.set(this.bytes.subarray(0, this.pos));
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
    this.#views = undefined;
    const { Buffer } = globalThis as { Buffer?: NativeBufferConstructor };
    this.#native = typeof Buffer?.from === "function" ? Buffer.from(grown.buffer) : undefined;
  }
}
