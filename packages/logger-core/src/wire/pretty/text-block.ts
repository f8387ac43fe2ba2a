import type { Paragraph } from "./paragraph.ts";
import { StyledText, wrapped } from "./styled-text.ts";

/** What is shown of one text. */
const MAX_CHARACTERS = 1500;
const MAX_LINES = 12;
/** Stands before each line of a text, so that no text looks like part of the layout. */
const RULE = "│ ";
const TAB = "    ";

/** Something before the first line of a text, which then begins at its own indent. */
export interface TextLabel {
  readonly indent: number;
  readonly label: StyledText;
}

/** A text behind a rule, wrapped, with its own line breaks. What is left out of a long one is told. */
export function addText(paragraph: Paragraph, indent: number, text: string, label?: TextLabel): void {
  const room = paragraph.room(indent) - RULE.length;
  const shown = text.slice(0, MAX_CHARACTERS);
  const pieces: string[] = [];
  let begun = 0;
  for (const line of shown.replace(/\r?\n$/, "").split(/\r?\n/)) {
    if (pieces.length > MAX_LINES) break;
    pieces.push(...wrapped(line.replaceAll("\t", TAB), room, room));
    begun += line.length + 1;
  }
  const isCut = pieces.length > MAX_LINES;
  if (isCut) begun -= pieces.splice(MAX_LINES).join(" ").length;
  pieces.forEach((piece, at) => {
    const isFirst = at === 0 && label !== undefined;
    const line = new StyledText();
    if (isFirst) line.append(label.label);
    paragraph.line(isFirst ? label.indent : indent, line.add("faint", RULE).add("string", piece));
  });
  const left = text.length - (isCut ? begun : shown.length);
  if (isCut || left > 0) paragraph.leftOut(indent, Math.max(1, left), "characters");
}
