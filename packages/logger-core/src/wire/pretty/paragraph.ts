import { type StyledText, styled } from "./styled-text.ts";

/** More lines than a screen or two are left out, with a hint: the eye would not find the next record. */
const MAX_LINES = 120;
/** Where the rest is. */
const ELSEWHERE = 'mode "json" has it all';

/** The lines of one record: the first at the margin, all others indented. */
export class Paragraph {
  /** The columns of the terminal; `Infinity` when there is none, and nothing is wrapped. */
  readonly width: number;
  /** Paths below this folder are told from there. */
  readonly cwd: string;
  lineCount = 0;
  readonly #color: boolean;
  #text = "";

  constructor(width: number, color: boolean, cwd: string) {
    this.width = width;
    this.cwd = cwd;
    this.#color = color;
  }

  /** The columns that are left after an indent. */
  room(indent: number): number {
    return this.width - indent;
  }

  /** The first line, which alone has no indent. */
  head(text: StyledText): void {
    this.#text = text.toText(this.#color);
    this.lineCount = 1;
  }

  /** Another line; what is wider than the terminal is cut. */
  line(indent: number, text: StyledText): void {
    this.lineCount += 1;
    if (this.lineCount > MAX_LINES) return;
    this.#text += `\n${" ".repeat(indent)}${text.cutTo(this.room(indent)).toText(this.#color)}`;
  }

  /** Says what was left out here. */
  leftOut(indent: number, count: number, what: string): void {
    this.line(indent, styled("hint", `… ${count.toLocaleString("en-US")} more ${what}; ${ELSEWHERE}`));
  }

  toString(): string {
    const more = this.lineCount - MAX_LINES;
    if (more > 0) {
      this.lineCount = 0;
      this.leftOut(4, more, "lines");
    }
    return this.#text;
  }
}
