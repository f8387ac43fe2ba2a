import { displayWidth, fittingLength } from "./display-width.ts";
import { escapeText } from "./escape-text.ts";
import { painted, type Style } from "./palette.ts";

const ELLIPSIS = "…";

/**
 * A piece of one line: text with styles, and how wide it is. Whatever is added is escaped here, so nothing of data gets
 * to a terminal raw; colours are put around it at the very end.
 */
export class StyledText {
  width = 0;
  /** Style and escaped text by turns. */
  readonly #parts: string[] = [];

  add(style: Style, raw: string): this {
    const text = escapeText(raw);
    this.#parts.push(style, text);
    this.width += displayWidth(text);
    return this;
  }

  append(other: StyledText): this {
    this.#parts.push(...other.#parts);
    this.width += other.width;
    return this;
  }

  /** Cuts what is wider than some columns, and says so by an ellipsis. */
  cutTo(columns: number): this {
    if (this.width <= columns) return this;
    let left = Math.max(0, columns - 1);
    const parts = this.#parts.splice(0);
    this.width = 0;
    for (let at = 0; at < parts.length && left > 0; at += 2) {
      const text = parts[at + 1] as string;
      const kept = displayWidth(text) <= left ? text : text.slice(0, fittingLength(text, left));
      this.add(parts[at] as Style, kept);
      left = columns - 1 - this.width;
      if (kept !== text) break;
    }
    return this.add("hint", ELLIPSIS);
  }

  toText(color: boolean): string {
    let text = "";
    for (let at = 0; at < this.#parts.length; at += 2) {
      const part = this.#parts[at + 1] as string;
      text += color ? painted(this.#parts[at] as Style, part) : part;
    }
    return text;
  }
}

/** Text of one style. */
export function styled(style: Style, raw: string): StyledText {
  return new StyledText().add(style, raw);
}

/**
 * Breaks a text without line breaks into lines, between words where there are any.
 *
 * @param first the columns of the first line, `rest` those of the others.
 */
export function wrapped(raw: string, first: number, rest: number): string[] {
  const lines: string[] = [];
  let left = escapeText(raw);
  let columns = first;
  while (displayWidth(left) > columns) {
    const end = fittingLength(left, columns);
    const space = left.lastIndexOf(" ", end);
    const cut = space > end / 2 ? space : end;
    lines.push(left.slice(0, cut));
    left = left.slice(left[cut] === " " ? cut + 1 : cut);
    columns = rest;
  }
  lines.push(left);
  return lines;
}
