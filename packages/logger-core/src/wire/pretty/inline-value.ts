import { MASKED_PLACEHOLDER } from "../../redaction/index.ts";
import type { Value } from "../../value/index.ts";
import { canonicalJson } from "../encoder/index.ts";
import { isRightToLeft } from "./display-width.ts";
import { isErrorValue } from "./error-tree.ts";
import type { StyledText } from "./styled-text.ts";

/** Looks like something else than text, or has what the layout uses. */
const NEEDS_QUOTES = /^(?:|true|false|null|[-+]?[\d.]+(?:e[-+]?\d+)?)$|[\s"'=\\]|\p{C}/iu;
const PLAIN_KEY = /^[\p{L}\p{N}\p{M}_$.@:/[\]-]+$/u;

/** The name of an attribute or member. */
export function addKey(text: StyledText, key: string, mark: string): StyledText {
  return text.add("key", (PLAIN_KEY.test(key) ? key : JSON.stringify(key)) + mark);
}

/** A value that is no container, on one line. Text is bare where nothing in it could be taken for something else. */
export function addScalar(text: StyledText, value: Exclude<Value, object> | null, isQuoted = false): StyledText {
  if (typeof value === "string") {
    if (value === MASKED_PLACEHOLDER) return text.add("masked", value);
    return text.add("string", isQuoted || NEEDS_QUOTES.test(value) ? JSON.stringify(value) : value);
  }
  if (value === null) return text.add("faint", "null");
  if (typeof value === "boolean") return text.add("word", String(value));
  return text.add("number", canonicalJson(value));
}

/** Whether a value is a list or a map. */
export function isContainer(value: Value): value is readonly Value[] | { readonly [key: string]: Value } {
  return typeof value === "object" && value !== null;
}

/** A value on one line, added to `text`; `undefined` when the line would be wider than the limit, or better were several. */
export function inlineValue(text: StyledText, value: Value, limit: number): StyledText | undefined {
  return new InlineValue(text, limit).add(value, false) ? text : undefined;
}

class InlineValue {
  readonly #text: StyledText;
  readonly #limit: number;

  constructor(text: StyledText, limit: number) {
    this.#text = text;
    this.#limit = limit;
  }

  /** False when it does not fit. */
  add(value: Value, isInside: boolean): boolean {
    const text = this.#text;
    if (!isContainer(value)) {
      if (typeof value === "string" && (value.length > this.#limit || needsOwnLine(value))) return false;
      addScalar(text, value, isInside);
    } else if (Array.isArray(value)) {
      text.add("faint", "[");
      for (let at = 0; at < value.length; at++) {
        if (at > 0) text.add("faint", ", ");
        if (text.width > this.#limit || !this.add(value[at] as Value, true)) return false;
      }
      text.add("faint", "]");
    } else if (isErrorValue(value)) {
      return false;
    } else {
      let mark = "{";
      for (const [key, member] of Object.entries(value)) {
        addKey(text.add("faint", mark), key, ": ");
        if (text.width > this.#limit || !this.add(member, true)) return false;
        mark = ", ";
      }
      text.add("faint", mark === "{" ? "{}" : "}");
    }
    return text.width <= this.#limit;
  }
}

/** Whether a text has several lines, or letters after which what follows would be shown before them. */
function needsOwnLine(text: string): boolean {
  return /\n./s.test(text) || isRightToLeft(text);
}
