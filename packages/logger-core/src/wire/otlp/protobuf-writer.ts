/** A protobuf writer: knows wire types, nothing of OTLP. */

import { toUnixNano, type WallTime } from "../../sink/index.ts";
import { isWellFormed } from "../../value/index.ts";
import { ByteBuffer, loneSurrogate, MAX_UTF8, MAX_WORDS_LENGTH, type Token, WORD_BYTES } from "../encoder/index.ts";

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

/** Up to this length a string is copied character by character, which beats the call into the encoder. */
const SHORT_TEXT = 64;

/** A tag, and one or two bytes of a length. */
const MAX_HEAD = 7;

const NANOS_PER_MS = 1_000_000;
/** Milliseconds of uint64 nanoseconds, which is until the year 2554. */
const MAX_MS = 18_446_744_073_708;
/** 24 bits: a time is multiplied in two parts, since nanoseconds do not fit a number exactly. */
const PART = 0x1000000;
const TOP_BYTES = 0x100;
const WORD = 0x100000000;

/** Writes fields one after another. `begin` and `end` enclose a nested message, whose length need not be known before. */
export class ProtobufWriter extends ByteBuffer {
  /** Leaves a byte for the length of what follows, where the tag has been written. The mark goes to `end`. */
  mark(): number {
    this.ensure(1);
    return this.pos++;
  }

  /** Starts a nested message. The mark goes to the matching `end`. One byte is left for its length, enough for most. */
  begin(field: number): number {
    this.ensure(MAX_HEAD);
    this.#tag(field, LENGTH_DELIMITED);
    return this.pos++;
  }

  /** Ends the nested message that gave `mark`. */
  end(mark: number): void {
    this.#fillLength(mark);
  }

  /** The same for one of 128 to 16 383 bytes, as a rule: two bytes are left, for `endLong`. */
  beginLong(field: number): number {
    const mark = this.begin(field);
    this.pos += 1;
    return mark;
  }

  /** Ends the nested message that `beginLong` gave the mark of. */
  endLong(mark: number): void {
    const size = this.pos - mark - 2;
    if (size > 0x7f && size <= 0x3fff) {
      this.bytes[mark] = (size & 0x7f) | 0x80;
      this.bytes[mark + 1] = size >>> 7;
      return;
    }
    this.bytes.copyWithin(mark + 1, mark + 2, this.pos);
    this.pos -= 1;
    this.#fillLength(mark);
  }

  /** A `string` field, written even when empty. @throws TypeError for a lone surrogate (D-05). */
  string(field: number, text: string): void {
    if (!this.wellFormedString(field, text)) throw loneSurrogate();
  }

  /** The same, but false, with nothing written, for a lone surrogate. */
  wellFormedString(field: number, text: string): boolean {
    const start = this.pos;
    this.ensure(MAX_HEAD + text.length * MAX_UTF8);
    this.#tag(field, LENGTH_DELIMITED);
    const mark = this.pos++;
    if (text.length <= SHORT_TEXT && this.copyAscii(text, this.pos, false)) {
      this.bytes[mark] = text.length;
      return true;
    }
    if (!isWellFormed(text)) {
      this.pos = start;
      return false;
    }
    this.copy(text);
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
    const start = this.pos;
    this.ensure(size + MAX_HEAD + WORD_BYTES);
    this.#tag(field, LENGTH_DELIMITED);
    this.bytes[this.pos++] = size;
    this.copyToken(head);
    this.bytes[this.pos++] = length + 2;
    this.#tag(stringField, LENGTH_DELIMITED);
    this.bytes[this.pos++] = length;
    if (this.copyAscii(text, this.pos, false)) return true;
    this.pos = start;
    return false;
  }

  /** A `bytes` field given in hex digits. */
  hex(field: number, digits: string): void {
    const mark = this.begin(field);
    this.ensure(digits.length / 2);
    for (let index = 0; index < digits.length; index += 2) {
      this.bytes[this.pos++] = (nibble(digits, index) << 4) | nibble(digits, index + 1);
    }
    this.#fillLength(mark);
  }

  /** A `bool` field. */
  bool(field: number, value: boolean): void {
    this.ensure(10);
    this.#tag(field, VARINT);
    this.#varint(value ? 1 : 0);
  }

  /** An unsigned 32-bit field, enums included. */
  uint32(field: number, value: number): void {
    this.ensure(10);
    this.#tag(field, VARINT);
    this.#varint(value);
  }

  /** An `int64` field; negative values take ten bytes of two's complement. */
  int64(field: number, value: number | bigint): void {
    this.ensure(15);
    this.#tag(field, VARINT);
    if (typeof value === "number" && value >= 0 && value <= 0x7fffffff) this.#varint(value);
    else this.#bigVarint(BigInt.asUintN(64, BigInt(value)));
  }

  /** A `double` field. */
  double(field: number, value: number): void {
    this.ensure(13);
    this.#tag(field, FIXED64);
    this.view.setFloat64(this.pos, value, true);
    this.pos += 8;
  }

  /** A `fixed64` field. */
  fixed64(field: number, value: bigint): void {
    this.ensure(13);
    this.#tag(field, FIXED64);
    this.view.setBigUint64(this.pos, value, true);
    this.pos += 8;
  }

  /** A time as a `fixed64` field of nanoseconds, left out when it is 0. */
  time(field: number, time: WallTime): void {
    const { ms, nanos } = time;
    if (ms <= 0 || ms > MAX_MS) {
      const unixNano = toUnixNano(time);
      if (unixNano !== 0n) this.fixed64(field, unixNano);
      return;
    }
    this.ensure(13);
    this.#tag(field, FIXED64);
    const high = Math.floor(ms / PART);
    const upper = high * NANOS_PER_MS;
    const upperTop = Math.floor(upper / TOP_BYTES);
    const lower = (upper - upperTop * TOP_BYTES) * PART + (ms - high * PART) * NANOS_PER_MS + nanos;
    const carry = Math.floor(lower / WORD);
    this.view.setUint32(this.pos, lower - carry * WORD, true);
    this.view.setUint32(this.pos + WORD_BYTES, upperTop + carry, true);
    this.pos += 8;
  }

  /** A `fixed32` field. */
  fixed32(field: number, value: number): void {
    this.ensure(9);
    this.#tag(field, FIXED32);
    this.view.setUint32(this.pos, value, true);
    this.pos += 4;
  }

  // What follows takes its room for granted: at most 5 bytes for a tag or a number, 10 for an int64.

  #tag(field: number, wireType: number): void {
    const tag = field * 8 + wireType;
    if (tag <= 0x7f) this.bytes[this.pos++] = tag;
    else this.#varint(tag);
  }

  #varint(value: number): void {
    let rest = value;
    while (rest > 0x7f) {
      this.bytes[this.pos++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.bytes[this.pos++] = rest;
  }

  #bigVarint(value: bigint): void {
    let rest = value;
    while (rest > 0x7fn) {
      this.bytes[this.pos++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.bytes[this.pos++] = Number(rest);
  }

  /** Writes the length of what follows the mark, moving it when its length takes more than the byte left for it. */
  #fillLength(mark: number): void {
    const start = mark + 1;
    const end = this.pos;
    const size = end - start;
    if (size <= 0x7f) {
      this.bytes[mark] = size;
      return;
    }
    const extra = varintSize(size) - 1;
    this.ensure(extra);
    this.bytes.copyWithin(start + extra, start, end);
    this.pos = mark;
    this.#varint(size);
    this.pos += size;
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
