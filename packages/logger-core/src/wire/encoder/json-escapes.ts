/** What in a JSON string is escaped, and how (§1.5). */
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

/** For control characters that are escaped by number. */
export const NO_LETTER = 1;

/** By byte of UTF-8: 0 for what stands in a JSON string as it is, the letter of a short escape, or `NO_LETTER`. */
export const ESCAPE_LETTERS: Uint8Array = /* @__PURE__ */ escapeLetters();

function escapeLetters(): Uint8Array {
  const table = new Uint8Array(256).fill(NO_LETTER, 0, SPACE);
  for (const [char, letter] of ['""', "\\\\", "\bb", "\tt", "\nn", "\ff", "\rr"] as Iterable<[string, string]>) {
    table[char.charCodeAt(0)] = letter.charCodeAt(0);
  }
  return table;
}

/** In each byte of a word. */
const SPACES = 0x20202020;
const QUOTES = 0x22222222;
const BACKSLASHES = 0x5c5c5c5c;
const ONES = 0x01010101;
const HIGH_BITS = 0x80808080;

/** Whether a byte of ASCII is escaped. */
export function needsEscape(byte: number): boolean {
  return byte < SPACE || byte === QUOTE || byte === BACKSLASH;
}

/** Whether one of the four bytes of a word is a control character, a quote or a backslash. It may be wrong in saying yes. */
export function mayNeedEscape(word: number): boolean {
  const quotes = word ^ QUOTES;
  const backslashes = word ^ BACKSLASHES;
  // In `x - n & ~x` the high bit of a byte says that it was below n, given that no byte below it was.
  const below = ((word - SPACES) & ~word) | ((quotes - ONES) & ~quotes) | ((backslashes - ONES) & ~backslashes);
  return (below & HIGH_BITS) !== 0;
}
