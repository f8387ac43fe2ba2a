/** JSON as bytes, written into memory that is used again and again. */
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const ZERO = 0x30;
const HEX = "0123456789abcdef";
/** A control character as `\u00xx`. */
const LONGEST_ESCAPE = 6;
const LONGEST_NUMBER = 32;
const NANOS_PER_SECOND = 1_000_000_000;
const LIMB = 65_536;
/** More than this is not kept from one request to the next. */
const MAX_KEPT_BYTES = 4_194_304;
const FIRST_BYTES = 65_536;

/** How what must be escaped is written (RFC 8785), by byte of UTF-8; all else stands as it is. */
const ESCAPES: readonly (string | undefined)[] = /* @__PURE__ */ Array.from({ length: 256 }, (_, byte) =>
  byte < SPACE || byte === QUOTE || byte === BACKSLASH
    ? JSON.stringify(String.fromCharCode(byte)).slice(1, -1)
    : undefined,
);
const IS_ESCAPED = /* @__PURE__ */ Uint8Array.from(ESCAPES, (written) => (written === undefined ? 0 : 1));

/** Text that is written often. */
export function token(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A growing buffer of JSON. */
export class JsonBytes {
  #bytes = new Uint8Array(FIRST_BYTES);
  #at = 0;

  /** A copy of what was written; the next text begins. */
  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.#at);
    this.#at = 0;
    if (this.#bytes.length > MAX_KEPT_BYTES) this.#bytes = new Uint8Array(FIRST_BYTES);
    return taken;
  }

  token(text: Uint8Array): void {
    this.#reserve(text.length);
    const bytes = this.#bytes;
    let at = this.#at;
    for (let index = 0; index < text.length; index++) bytes[at++] = text[index] as number;
    this.#at = at;
  }

  /** A number or another text of ASCII, up to 32 characters. */
  ascii(text: string): void {
    this.#reserve(LONGEST_NUMBER);
    const bytes = this.#bytes;
    let at = this.#at;
    for (let index = 0; index < text.length; index++) bytes[at++] = text.charCodeAt(index);
    this.#at = at;
  }

  /** A string with its quotes, of UTF-8 that is well-formed. */
  string(source: Uint8Array, start: number, end: number): void {
    this.#reserve((end - start) * LONGEST_ESCAPE + 2);
    const bytes = this.#bytes;
    let at = this.#at;
    bytes[at++] = QUOTE;
    for (let index = start; index < end; index++) {
      const byte = source[index] as number;
      if (IS_ESCAPED[byte] === 0) bytes[at++] = byte;
      else at = writeEscape(bytes, at, byte);
    }
    bytes[at++] = QUOTE;
    this.#at = at;
  }

  /** Bytes as lower-case hex, in quotes. */
  hex(source: Uint8Array, start: number, end: number): void {
    this.#reserve((end - start) * 2 + 2);
    const bytes = this.#bytes;
    let at = this.#at;
    bytes[at++] = QUOTE;
    for (let index = start; index < end; index++) {
      const byte = source[index] as number;
      bytes[at++] = HEX.charCodeAt(byte >> 4);
      bytes[at++] = HEX.charCodeAt(byte & 0xf);
    }
    bytes[at++] = QUOTE;
    this.#at = at;
  }

  /** Nanoseconds, little-endian in 8 bytes, as decimal digits in quotes: by long division, since a bigint takes three times as long. */
  time(source: Uint8Array, start: number): void {
    let seconds = 0;
    let nanos = 0;
    for (let index = start + 6; index >= start; index -= 2) {
      const rest = nanos * LIMB + (source[index + 1] as number) * 256 + (source[index] as number);
      const quotient = Math.floor(rest / NANOS_PER_SECOND);
      seconds = seconds * LIMB + quotient;
      nanos = rest - quotient * NANOS_PER_SECOND;
    }
    this.#reserve(LONGEST_NUMBER);
    this.#bytes[this.#at++] = QUOTE;
    if (seconds === 0) this.ascii(String(nanos));
    else {
      this.ascii(String(seconds));
      let digits = nanos;
      for (let place = 8; place >= 0; place--) {
        const tenth = Math.floor(digits / 10);
        this.#bytes[this.#at + place] = ZERO + digits - tenth * 10;
        digits = tenth;
      }
      this.#at += 9;
    }
    this.#bytes[this.#at++] = QUOTE;
  }

  #reserve(size: number): void {
    if (this.#at + size + LONGEST_NUMBER <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#at + size + LONGEST_NUMBER));
    grown.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = grown;
  }
}

function writeEscape(bytes: Uint8Array, offset: number, byte: number): number {
  const written = ESCAPES[byte] as string;
  let at = offset;
  for (let index = 0; index < written.length; index++) bytes[at++] = written.charCodeAt(index);
  return at;
}
