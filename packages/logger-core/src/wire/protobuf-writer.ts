/** A protobuf writer: one byte buffer that grows, filled front to back. Knows wire types, nothing of OTLP. */
import { loneSurrogate } from "./value-shape.ts";

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

/** Up to this length a string is copied character by character, which beats the call into the encoder. */
const SHORT_TEXT = 64;
const encoder = new TextEncoder();

/** Writes fields one after another. `begin` and `end` enclose a nested message, whose length need not be known before. */
export class ProtobufWriter {
  #bytes: Uint8Array;
  #view: DataView;
  #length = 0;

  /** @param expectedBytes a guess that spares growing; any number will do. */
  constructor(expectedBytes = 1024) {
    this.#bytes = new Uint8Array(Math.max(64, expectedBytes));
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** What has been written. Write nothing more afterwards. */
  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Starts a nested message. The mark goes to the matching `end`. One byte is left for its length, enough for most. */
  begin(field: number): number {
    this.#reserve(6);
    this.#tag(field, LENGTH_DELIMITED);
    return this.#length++;
  }

  /** Ends the nested message that gave `mark`. */
  end(mark: number): void {
    this.#fillLength(mark);
  }

  /** A `string` field, written even when empty. @throws TypeError for a lone surrogate (D-05). */
  string(field: number, text: string): void {
    const mark = this.begin(field);
    if (!this.#writeShortAscii(text)) this.#writeUtf8(text);
    this.#fillLength(mark);
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

  /** A `fixed32` field. */
  fixed32(field: number, value: number): void {
    this.#reserve(9);
    this.#tag(field, FIXED32);
    this.#view.setUint32(this.#length, value, true);
    this.#length += 4;
  }

  // What follows takes its room for granted: at most 5 bytes for a tag or a number, 10 for an int64.

  #tag(field: number, wireType: number): void {
    this.#varint(field * 8 + wireType);
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

  #writeShortAscii(text: string): boolean {
    if (text.length > SHORT_TEXT) return false;
    this.#reserve(text.length);
    const bytes = this.#bytes;
    const start = this.#length;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code > 0x7f) return false; // nothing was counted as written yet
      bytes[start + index] = code;
    }
    this.#length = start + text.length;
    return true;
  }

  #writeUtf8(text: string): void {
    if (!text.isWellFormed()) throw loneSurrogate();
    this.#reserve(text.length * 3);
    this.#length += encoder.encodeInto(text, this.#bytes.subarray(this.#length)).written;
  }

  #reserve(size: number): void {
    const needed = this.#length + size;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    // All of it: while a length is filled in, what it measures lies beyond #length.
    grown.set(this.#bytes);
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
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
