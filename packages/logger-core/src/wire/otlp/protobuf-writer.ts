/** A protobuf writer: one byte buffer that grows, filled front to back. Knows wire types, nothing of OTLP. */
import { toUnixNano, type WallTime } from "../../sink/index.ts";
import { loneSurrogate, MAX_WORDS_LENGTH, type Token } from "../encoder/index.ts";

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

/** Up to this length a string is copied character by character, which beats the call into the encoder. */
const SHORT_TEXT = 64;
const INITIAL_CAPACITY = 16_384;
const encoder = new TextEncoder();

/** A tag, and one or two bytes of a length. */
const MAX_HEAD = 7;
/** A JavaScript string has at most this many bytes of UTF-8 per code unit. */
const MAX_UTF8 = 3;
const WORD_BYTES = 4;
/** A buffer that one huge message has made larger than this is let go again. */
const MAX_KEPT_CAPACITY = 262_144;
const MAX_KEPT_VIEWS = 2048;

const NANOS_PER_MS = 1_000_000;
/** Milliseconds of uint64 nanoseconds, which is until the year 2554. */
const MAX_MS = 18_446_744_073_708;
/** 24 bits: a time is multiplied in two parts, since nanoseconds do not fit a number exactly. */
const PART = 0x1000000;
const TOP_BYTES = 0x100;
const WORD = 0x100000000;

/** Writes fields one after another. `begin` and `end` enclose a nested message, whose length need not be known before. */
export class ProtobufWriter {
  #bytes: Uint8Array;
  #view: DataView;
  #length = 0;
  /** Views of the first bytes, by length: messages are about equally long, and a view costs as much as a long string. */
  #views: (Uint8Array | undefined)[] = [];

  /** @param expectedBytes a guess that spares growing; any number will do. */
  constructor(expectedBytes = 1024) {
    this.#bytes = new Uint8Array(Math.max(64, expectedBytes));
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** What has been written. Write nothing more afterwards. */
  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Begins anew, in the same buffer. What `view` gave is not valid any more. */
  restart(): void {
    this.#length = 0;
    const { length } = this.#bytes;
    // Whoever got a view may have taken the memory away, as `postMessage` can: then the length is 0.
    if (length === 0 || length > MAX_KEPT_CAPACITY) this.#adopt(new Uint8Array(INITIAL_CAPACITY));
  }

  /** What has been written, without a copy: valid until something else is. */
  view(): Uint8Array {
    const length = this.#length;
    if (length >= MAX_KEPT_VIEWS) return this.#bytes.subarray(0, length);
    this.#views[length] ??= this.#bytes.subarray(0, length);
    return this.#views[length];
  }

  /** How many bytes are written. */
  get length(): number {
    return this.#length;
  }

  /** Takes back what was written beyond `length`. */
  cutTo(length: number): void {
    this.#length = length;
  }

  /** Writes bytes that were encoded before. */
  token(token: Token): void {
    const { length } = token;
    this.#reserve(length + WORD_BYTES);
    if (length > MAX_WORDS_LENGTH) {
      this.#bytes.set(token.bytes, this.#length);
    } else {
      this.#words(token.words, this.#length);
    }
    this.#length += length;
  }

  /** Leaves a byte for the length of what follows, where the tag has been written. The mark goes to `end`. */
  mark(): number {
    this.#reserve(1);
    return this.#length++;
  }

  /** Starts a nested message. The mark goes to the matching `end`. One byte is left for its length, enough for most. */
  begin(field: number): number {
    this.#reserve(MAX_HEAD);
    this.#tag(field, LENGTH_DELIMITED);
    return this.#length++;
  }

  /** Ends the nested message that gave `mark`. */
  end(mark: number): void {
    this.#fillLength(mark);
  }

  /** The same for one of 128 to 16 383 bytes, as a rule: two bytes are left, for `endLong`. */
  beginLong(field: number): number {
    const mark = this.begin(field);
    this.#length += 1;
    return mark;
  }

  /** Ends the nested message that `beginLong` gave the mark of. */
  endLong(mark: number): void {
    const size = this.#length - mark - 2;
    if (size > 0x7f && size <= 0x3fff) {
      this.#bytes[mark] = (size & 0x7f) | 0x80;
      this.#bytes[mark + 1] = size >>> 7;
      return;
    }
    this.#bytes.copyWithin(mark + 1, mark + 2, this.#length);
    this.#length -= 1;
    this.#fillLength(mark);
  }

  /** A `string` field, written even when empty. @throws TypeError for a lone surrogate (D-05). */
  string(field: number, text: string): void {
    if (!this.wellFormedString(field, text)) throw loneSurrogate();
  }

  /** The same, but false, with nothing written, for a lone surrogate. */
  wellFormedString(field: number, text: string): boolean {
    const start = this.#length;
    this.#reserve(MAX_HEAD + text.length * MAX_UTF8);
    this.#tag(field, LENGTH_DELIMITED);
    const mark = this.#length++;
    if (this.#writeShortAscii(text)) {
      this.#bytes[mark] = text.length;
      return true;
    }
    if (!text.isWellFormed()) {
      this.#length = start;
      return false;
    }
    this.#writeUtf8(text);
    this.#fillLength(mark);
    return true;
  }

  /**
   * A message field of `head` and a nested message with one `string` field, whose tag `head` ends with. In one go, for
   * text that is short and ASCII, after a head that has words; false, with nothing written, for any other.
   */
  shortEntry(field: number, head: Token, stringField: number, text: string): boolean {
    const { length } = text;
    const size = head.length + length + 3;
    if (size > 0x7f || length > SHORT_TEXT || head.length > MAX_WORDS_LENGTH) return false;
    const start = this.#length;
    this.#reserve(size + MAX_HEAD + WORD_BYTES);
    this.#tag(field, LENGTH_DELIMITED);
    this.#bytes[this.#length++] = size;
    this.#words(head.words, this.#length);
    this.#length += head.length;
    this.#bytes[this.#length++] = length + 2;
    this.#tag(stringField, LENGTH_DELIMITED);
    this.#bytes[this.#length++] = length;
    if (this.#writeShortAscii(text)) return true;
    this.#length = start;
    return false;
  }

  /** A `bytes` field given in hex digits. */
  hex(field: number, digits: string): void {
    const mark = this.begin(field);
    this.#reserve(digits.length / 2);
    for (let index = 0; index < digits.length; index += 2) {
      this.#bytes[this.#length++] = (nibble(digits, index) << 4) | nibble(digits, index + 1);
    }
    this.#fillLength(mark);
  }

  /** A `bool` field. */
  bool(field: number, value: boolean): void {
    this.#reserve(10);
    this.#tag(field, VARINT);
    this.#varint(value ? 1 : 0);
  }

  /** An unsigned 32-bit field, enums included. */
  uint32(field: number, value: number): void {
    this.#reserve(10);
    this.#tag(field, VARINT);
    this.#varint(value);
  }

  /** An `int64` field; negative values take ten bytes of two's complement. */
  int64(field: number, value: number | bigint): void {
    this.#reserve(15);
    this.#tag(field, VARINT);
    if (typeof value === "number" && value >= 0 && value <= 0x7fffffff) this.#varint(value);
    else this.#bigVarint(BigInt.asUintN(64, BigInt(value)));
  }

  /** A `double` field. */
  double(field: number, value: number): void {
    this.#reserve(13);
    this.#tag(field, FIXED64);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  /** A `fixed64` field. */
  fixed64(field: number, value: bigint): void {
    this.#reserve(13);
    this.#tag(field, FIXED64);
    this.#view.setBigUint64(this.#length, value, true);
    this.#length += 8;
  }

  /** A time as a `fixed64` field of nanoseconds, left out when it is 0. */
  time(field: number, time: WallTime): void {
    const { ms, nanos } = time;
    if (ms <= 0 || ms > MAX_MS) {
      const unixNano = toUnixNano(time);
      if (unixNano !== 0n) this.fixed64(field, unixNano);
      return;
    }
    this.#reserve(13);
    this.#tag(field, FIXED64);
    const high = Math.floor(ms / PART);
    const upper = high * NANOS_PER_MS;
    const upperTop = Math.floor(upper / TOP_BYTES);
    const lower = (upper - upperTop * TOP_BYTES) * PART + (ms - high * PART) * NANOS_PER_MS + nanos;
    const carry = Math.floor(lower / WORD);
    this.#view.setUint32(this.#length, lower - carry * WORD, true);
    this.#view.setUint32(this.#length + WORD_BYTES, upperTop + carry, true);
    this.#length += 8;
  }

  /** A `fixed32` field. */
  fixed32(field: number, value: number): void {
    this.#reserve(9);
    this.#tag(field, FIXED32);
    this.#view.setUint32(this.#length, value, true);
    this.#length += 4;
  }

  // What follows takes its room for granted: at most 5 bytes for a tag or a number, 10 for an int64.

  /** The last word may reach beyond what counts: what follows is written over it. */
  #words(words: Int32Array, offset: number): void {
    const view = this.#view;
    for (let index = 0; index < words.length; index++) {
      view.setInt32(offset + index * WORD_BYTES, words[index] as number, true);
    }
  }

  #tag(field: number, wireType: number): void {
    const tag = field * 8 + wireType;
    if (tag <= 0x7f) this.#bytes[this.#length++] = tag;
    else this.#varint(tag);
  }

  #varint(value: number): void {
    let rest = value;
    while (rest > 0x7f) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  #bigVarint(value: bigint): void {
    let rest = value;
    while (rest > 0x7fn) {
      this.#bytes[this.#length++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.#bytes[this.#length++] = Number(rest);
  }

  /** Writes the length of what follows the mark, moving it when its length takes more than the byte left for it. */
  #fillLength(mark: number): void {
    const start = mark + 1;
    const end = this.#length;
    const size = end - start;
    if (size <= 0x7f) {
      this.#bytes[mark] = size;
      return;
    }
    const extra = varintSize(size) - 1;
    this.#reserve(extra);
    this.#bytes.copyWithin(start + extra, start, end);
    this.#length = mark;
    this.#varint(size);
    this.#length += size;
  }

  /** Writes a short ASCII string; false, with nothing counted as written, for any other. */
  #writeShortAscii(text: string): boolean {
    const { length } = text;
    if (length > SHORT_TEXT) return false;
    const bytes = this.#bytes;
    const view = this.#view;
    const start = this.#length;
    const whole = length - (length % WORD_BYTES);
    let index = 0;
    for (; index < whole; index += WORD_BYTES) {
      const a = text.charCodeAt(index);
      const b = text.charCodeAt(index + 1);
      const c = text.charCodeAt(index + 2);
      const d = text.charCodeAt(index + 3);
      if ((a | b | c | d) > 0x7f) return false;
      view.setInt32(start + index, a | (b << 8) | (c << 16) | (d << 24), true);
    }
    for (; index < length; index++) {
      const code = text.charCodeAt(index);
      if (code > 0x7f) return false;
      bytes[start + index] = code;
    }
    this.#length = start + length;
    return true;
  }

  #writeUtf8(text: string): void {
    this.#length += encoder.encodeInto(text, this.#bytes.subarray(this.#length)).written;
  }

  #reserve(size: number): void {
    const needed = this.#length + size;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    // All of it: while a length is filled in, what it measures lies beyond #length.
    grown.set(this.#bytes);
    this.#adopt(grown);
  }

  #adopt(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
    this.#views = [];
  }
}

/** The value of a hex digit, of either case. */
function nibble(digits: string, index: number): number {
  const code = digits.charCodeAt(index);
  return code <= 0x39 ? code - 0x30 : (code | 0x20) - 0x57;
}

function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest > 0x7f; rest >>>= 7) size++;
  return size;
}
