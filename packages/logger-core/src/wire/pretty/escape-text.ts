/**
 * What must not reach a terminal or a text line raw: C0, DEL and C1 controls (`Cc`), the twelve bidirectional controls,
 * the Unicode line and paragraph separators, and the byte order mark.
 */
const UNSAFE = /[\p{Cc}\p{Bidi_Control}\u2028\u2029\ufeff]/gu;

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\f": "\\f",
  "\r": "\\r",
};

/**
 * The text with every character escaped that could break a line, drive a terminal or turn the reading direction, as in
 * JSON: `\n`, `\t` and their like, else `\u` and four lower-case hex digits (§1.8). Quotes and backslashes stay.
 */
export function escapeText(text: string): string {
  return text.replace(UNSAFE, (character) => {
    const short = SHORT_ESCAPES[character];
    return short ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
