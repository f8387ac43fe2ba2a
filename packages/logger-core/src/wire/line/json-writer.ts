import type { WallTime } from "../../sink/index.ts";
import { toUnixNano } from "../../sink/index.ts";
import { isWellFormed } from "../../value/index.ts";
import {
  ByteBuffer,
  ESCAPE_LETTERS,
  MAX_UTF8,
  mayNeedEscape,
  NEEDS_CARE,
  NO_LETTER,
  Token,
  WORD_BYTES,
} from "../encoder/index.ts";

/** Strings up to this length are checked and copied in one loop. */
const SHORT_STRING = 48;
/** Strings up to this length, such as stack traces, are copied natively and then escaped word by word. */
const MAX_MIDDLE_STRING = 16_384;
const MAX_NUMBER_LENGTH = 24;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;

/** Numbers below with at most three decimals are written digit by digit. */
const MAX_SHORT_DECIMAL = 1_000_000;

/** The three digits of 0 to 999 as one 32-bit word, of which the last byte is to be written over. */
const THREE_DIGITS = /* @__PURE__ */ Int32Array.from(
  { length: 1000 },
  (_, n) => (ZERO + ((n / 100) | 0)) | ((ZERO + (((n / 10) | 0) % 10)) << 8) | ((ZERO + (n % 10)) << 16),
);

/** Writes the tokens of JSON; what goes where is the line encoder's. */
export class JsonWriter extends ByteBuffer {
  /** The millisecond whose digits `#msDigits` has. */
  #ms = 0;
  #msDigits = new Token("");
  readonly #digits = new Uint8Array(MAX_NUMBER_LENGTH);

  /** Writes one byte of JSON. */
  byte(byte: number): void {
    this.ensure(1);
    this.bytes[this.pos++] = byte;
  }

  /** Changes a byte that is written. */
  patch(position: number, byte: number): void {
    this.bytes[position] = byte;
  }

  /** Writes text that is JSON. */
  text(text: string): void {
    this.ensure(text.length * MAX_UTF8);
    this.copy(text);
  }

  /** Writes a string value. False, with nothing written, when it has a lone surrogate. */
  string(text: string): boolean {
    const { length } = text;
    this.ensure(length * MAX_UTF8 + 2);
    if (length <= SHORT_STRING && this.#shortString(text)) return true;
    if (length <= MAX_MIDDLE_STRING) {
      if (!isWellFormed(text)) return false;
      if (this.#middleString(text)) return true;
    }
    const bytes = this.bytes;
    if (!NEEDS_CARE.test(text)) {
      bytes[this.pos++] = QUOTE;
      this.copy(text);
      this.bytes[this.pos++] = QUOTE;
      return true;
    }
    if (!isWellFormed(text)) return false;
    this.text(JSON.stringify(text)); // escapes exactly what RFC 8785 escapes
    return true;
  }

  /** Writes a string of printable ASCII without escapes; false, with nothing written, for any other. */
  #shortString(text: string): boolean {
    const { pos } = this;
    if (!this.copyAscii(text, pos + 1, true)) return false;
    this.bytes[pos] = QUOTE;
    this.bytes[this.pos++] = QUOTE;
    return true;
  }

  /**
   * Writes a well-formed string; false, with nothing written, when an escape in it has no letter. The bytes are copied
   * as they are, so far behind their place that no escape is written over one that was not read, and moved from there.
   */
  #middleString(text: string): boolean {
    const { pos } = this;
    const { length } = text;
    this.ensure(length * (1 + MAX_UTF8) + 2);
    let from = pos + 1 + length;
    this.pos = from;
    this.copy(text);
    const end = this.pos;
    this.pos = pos;
    const bytes = this.bytes;
    const view = this.view;
    const lastWord = end - WORD_BYTES;
    let to = pos + 1;
    while (from < end) {
      if (from <= lastWord) {
        const word = view.getInt32(from, true);
        if (!mayNeedEscape(word)) {
          view.setInt32(to, word, true);
          to += WORD_BYTES;
          from += WORD_BYTES;
          continue;
        }
      }
      const byte = bytes[from++] as number;
      const letter = ESCAPE_LETTERS[byte] as number;
      if (letter === NO_LETTER) return false;
      if (letter !== 0) bytes[to++] = BACKSLASH;
      bytes[to++] = letter === 0 ? byte : letter;
    }
    bytes[pos] = QUOTE;
    bytes[to] = QUOTE;
    this.pos = to + 1;
    return true;
  }

  /** Writes a finite number in ECMAScript's spelling, which is the canonical one (D-02). */
  number(value: number): void {
    this.ensure(MAX_NUMBER_LENGTH);
    if ((value | 0) === value) {
      this.#integer(value);
      return;
    }
    if (value > 0 && value < MAX_SHORT_DECIMAL) {
      const thousandths = Math.round(value * 1000);
      // Ten digits at most: no other decimal this short is the same number, so these are its shortest digits.
      if (thousandths / 1000 === value) {
        const whole = value | 0;
        this.#integer(whole);
        this.#decimals(thousandths - whole * 1000);
        return;
      }
    }
    this.copy(String(value));
  }

  /** Writes a time in nanoseconds. */
  time(time: WallTime): void {
    const { ms, nanos } = time;
    if (ms <= 0) {
      this.text(String(toUnixNano(time)));
      return;
    }
    if (ms !== this.#ms) {
      this.#ms = ms;
      this.#msDigits = new Token(String(ms));
    }
    this.token(this.#msDigits);
    this.ensure(6);
    const thousands = (nanos / 1000) | 0;
    this.view.setInt32(this.pos, THREE_DIGITS[thousands] as number, true);
    this.view.setInt32(this.pos + 3, THREE_DIGITS[nanos - thousands * 1000] as number, true);
    this.pos += 6;
  }

  /** Writes a 32-bit integer; room for it there is. */
  #integer(value: number): void {
    const bytes = this.bytes;
    let rest = value;
    if (rest < 0) {
      bytes[this.pos++] = MINUS;
      rest = -rest;
    }
    const digits = this.#digits;
    let count = 0;
    do {
      const tenth = (rest / 10) | 0;
      digits[count++] = ZERO + rest - tenth * 10;
      rest = tenth;
    } while (rest > 0);
    let at = this.pos;
    while (count > 0) bytes[at++] = digits[--count] as number;
    this.pos = at;
  }

  /** Writes the point and 1 to 3 decimals, without zeros at the end. */
  #decimals(thousandths: number): void {
    const bytes = this.bytes;
    bytes[this.pos++] = POINT;
    for (let rest = thousandths, unit = 100; rest > 0; unit /= 10) {
      const digit = (rest / unit) | 0;
      bytes[this.pos++] = ZERO + digit;
      rest -= digit * unit;
    }
  }
}
