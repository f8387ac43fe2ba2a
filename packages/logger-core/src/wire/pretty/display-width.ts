/** How many columns of a terminal a text takes: wide characters two, combining and invisible ones none. */

const ASCII = /^[\x20-\x7e]*$/;
/** East Asian wide and full-width characters, and what is an emoji without being asked to be one. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]/u;
const INVISIBLE = /[\p{Mn}\p{Me}\p{Cf}]/u;
/** Makes an emoji of the character before, which some terminals then show in two columns. */
const EMOJI_SELECTOR = "\ufe0f";

function columnsOf(character: string): number {
  if (character === EMOJI_SELECTOR) return 1;
  if (INVISIBLE.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/** The columns of a text without control characters. Of a sequence that is one emoji, rather too many than too few. */
export function displayWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let columns = 0;
  for (const character of text) columns += columnsOf(character);
  return columns;
}

/** The longest beginning of a text that fits, in UTF-16 code units; at least one character, unless the text is empty. */
export function fittingLength(text: string, columns: number): number {
  if (ASCII.test(text)) return Math.min(text.length, Math.max(1, columns));
  let [left, length] = [columns, 0];
  for (const character of text) {
    left -= columnsOf(character);
    if (left < 0 && length > 0) break;
    length += character.length;
  }
  return length;
}

/** Whether a text has letters that are written from right to left: whatever follows them may be shown before them. */
export function isRightToLeft(text: string): boolean {
  return /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u.test(text);
}
