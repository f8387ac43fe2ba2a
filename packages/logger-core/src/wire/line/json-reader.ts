/**
 * A JSON reader that keeps what `JSON.parse` loses: integers beyond ±(2^53 − 1) become bigints, and duplicate members
 * and lone surrogates are refused (§1.9).
 */
import { WireFormatError } from "../../options/index.ts";
import { isWellFormed, type MutableMap, setMember, type Value } from "../../value/index.ts";

/** Deeper nesting is refused, so that hostile text cannot exhaust the stack. Records nest 32 levels deep (§1.4). */
export const MAX_JSON_NESTING = 512;

const WHITE_SPACE = /[ \t\n\r]*/y;
/** The end of the plain part of a string: a quote, a backslash, or a C0 control, which must not stand raw. */
const STRING_STOP = /["\\\p{Cc}]/gu;
const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
const HEX_ESCAPE = /[0-9a-fA-F]{4}/y;

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["\\", "\\"],
  ["/", "/"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

const LITERALS: readonly (readonly [string, boolean | null])[] = [
  ["true", true],
  ["false", false],
  ["null", null],
];

/**
 * The value of a JSON text, deeply frozen. Numbers are finite and never `-0`.
 *
 * @throws WireFormatError `json` for a syntax error, a number beyond double range or nesting deeper than 512 levels,
 *   `duplicate` for a repeated member, `surrogate` for a lone surrogate.
 */
export function readJson(text: string): Value {
  const reader = new JsonReader(text);
  const value = reader.value();
  reader.end();
  return value;
}

/** Reads one JSON text from front to back; see `readJson` for what it refuses. */
export class JsonReader {
  readonly #text: string;
  #position = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The next value, deeply frozen. */
  value(): Value {
    switch (this.#peek()) {
      case '"':
        return this.#string();
      case "{": {
        const map: MutableMap = {};
        this.members((key) => setMember(map, key, this.value()));
        return Object.freeze(map);
      }
      case "[":
        return this.#list();
      case "t":
      case "f":
      case "n":
        return this.#literal();
      default:
        return this.#number();
    }
  }

  /** The next value and the text it was written in. */
  valueWithSource(): { readonly value: Value; readonly source: string } {
    this.#skipWhiteSpace();
    const start = this.#position;
    const value = this.value();
    return { value, source: this.#text.slice(start, this.#position) };
  }

  /** Whether the next value is an object. */
  atObject(): boolean {
    return this.#peek() === "{";
  }

  /** Reads an object. `readMember` is called at each member's value, which it must read. */
  members(readMember: (key: string) => void): void {
    this.#enter("{");
    const seen = new Set<string>();
    if (this.#peek() !== "}") {
      do {
        if (this.#peek() !== '"') throw this.#unexpected("a member name");
        const key = this.#string();
        if (seen.has(key)) throw new WireFormatError("duplicate", `the member ${JSON.stringify(key)} is there twice`);
        seen.add(key);
        this.#expect(":");
        readMember(key);
      } while (this.#accept(","));
    }
    this.#leave("}");
  }

  /** Makes sure that nothing but white space follows. */
  end(): void {
    if (this.#peek() !== "") throw this.#unexpected("the end");
  }

  #list(): Value {
    const list: Value[] = [];
    this.#enter("[");
    if (this.#peek() !== "]") {
      do {
        list.push(this.value());
      } while (this.#accept(","));
    }
    this.#leave("]");
    return Object.freeze(list);
  }

  #string(): string {
    this.#position++; // the opening quote
    let text = "";
    for (;;) {
      STRING_STOP.lastIndex = this.#position;
      const stop = STRING_STOP.exec(this.#text);
      if (stop === null) throw this.#unexpected("the end of a string", this.#text.length);
      text += this.#text.slice(this.#position, stop.index);
      this.#position = stop.index + 1;
      if (stop[0] === '"') break;
      if (stop[0] === "\\") text += this.#escape();
      else if (stop[0] < " ") throw this.#unexpected("an escape for a control character", stop.index);
      else text += stop[0];
    }
    if (!isWellFormed(text))
      throw new WireFormatError("surrogate", `a lone surrogate before character ${this.#position}`);
    return text;
  }

  #escape(): string {
    const letter = this.#text.charAt(this.#position);
    if (letter === "u") {
      const digits = this.#match(HEX_ESCAPE, this.#position + 1);
      if (digits === null) throw this.#unexpected("four hex digits");
      this.#position += 5;
      return String.fromCharCode(Number.parseInt(digits[0], 16));
    }
    const character = ESCAPES.get(letter);
    if (character === undefined) throw this.#unexpected("an escape");
    this.#position++;
    return character;
  }

  #number(): number | bigint {
    const match = this.#match(NUMBER, this.#position);
    if (match === null) throw this.#unexpected("a value");
    const [token, fraction, exponent] = match;
    const number = Number(token);
    if (!Number.isFinite(number)) throw this.#unexpected("a number within double range");
    this.#position += token.length;
    const isInteger = fraction === undefined && exponent === undefined;
    if (isInteger && !Number.isSafeInteger(number)) return BigInt(token);
    return number === 0 ? 0 : number;
  }

  #literal(): boolean | null {
    for (const [word, value] of LITERALS) {
      if (!this.#text.startsWith(word, this.#position)) continue;
      this.#position += word.length;
      return value;
    }
    throw this.#unexpected("a value");
  }

  #enter(bracket: string): void {
    this.#expect(bracket);
    this.#depth++;
    if (this.#depth > MAX_JSON_NESTING)
      throw new WireFormatError("json", `nested deeper than ${MAX_JSON_NESTING} levels`);
  }

  #leave(bracket: string): void {
    this.#expect(bracket);
    this.#depth--;
  }

  #expect(character: string): void {
    if (!this.#accept(character)) throw this.#unexpected(JSON.stringify(character));
  }

  #accept(character: string): boolean {
    if (this.#peek() !== character) return false;
    this.#position++;
    return true;
  }

  /** The next character that is no white space, or "" at the end. */
  #peek(): string {
    this.#skipWhiteSpace();
    return this.#text.charAt(this.#position);
  }

  #skipWhiteSpace(): void {
    this.#match(WHITE_SPACE, this.#position);
    this.#position = WHITE_SPACE.lastIndex;
  }

  #match(pattern: RegExp, position: number): RegExpExecArray | null {
    pattern.lastIndex = position;
    return pattern.exec(this.#text);
  }

  /** Errors say where and what was expected, never what stood there: it may be a secret. */
  #unexpected(expected: string, position = this.#position): WireFormatError {
    const found = position < this.#text.length ? "" : ", found the end";
    return new WireFormatError("json", `expected ${expected} at character ${position}${found}`);
  }
}
