import type { ErrorTree } from "./error-tree.ts";
import type { Paragraph } from "./paragraph.ts";
import { readStack, type StackLine } from "./stack-frames.ts";
import { type StyledText, styled, wrapped } from "./styled-text.ts";
import { addText } from "./text-block.ts";

const MAX_LINES = 20;
const STEP = 2;
/** So many libraries are named where their calls are folded. */
const MAX_NAMES = 4;

/**
 * The calls that led to an error: one's own bright, those of libraries in one line for each run of them, apart from the
 * one that threw.
 */
export function addStack(paragraph: Paragraph, indent: number, { type, message, stack }: ErrorTree): void {
  const { head, lines } = readStack(stack, paragraph.cwd);
  if (!isTold(head, type, message)) addText(paragraph, indent, head);
  let shown = 0;
  for (let at = 0; at < lines.length; shown++) {
    if (shown === MAX_LINES) {
      paragraph.leftOut(indent, lines.length - at, "calls");
      return;
    }
    const run = at === 0 ? 1 : libraryRun(lines, at);
    if (run > 1) paragraph.line(indent, folded(lines.slice(at, at + run)));
    else addCall(paragraph, indent, lines[at] as StackLine);
    at += Math.max(1, run);
  }
}

/** Whether the title of the error says it already. */
function isTold(head: string, type: string, message: string): boolean {
  const text = head.trim();
  return text === "" || text === type || (message !== "" && text.endsWith(message)) || message.includes(text);
}

function libraryRun(lines: readonly StackLine[], from: number): number {
  let at = from;
  while (lines[at]?.kind === "library") at += 1;
  return at - from;
}

function folded(run: readonly StackLine[]): StyledText {
  const names = [...new Set(run.map((line) => (line.kind === "library" ? line.from : "")))];
  const named = names.slice(0, MAX_NAMES).join(", ") + (names.length > MAX_NAMES ? ", …" : "");
  return styled("hint", `… ${run.length} calls in ${named}`);
}

function addCall(paragraph: Paragraph, indent: number, line: StackLine): void {
  if (line.kind === "text") {
    paragraph.line(indent, styled("faint", line.text));
    return;
  }
  const { kind, call, place } = line;
  const isOwn = kind === "own";
  const text = styled("faint", "at ");
  if (call !== "") text.add(isOwn ? "ownFrame" : "faint", call).add("faint", " (");
  text.add(isOwn ? "ownPlace" : "faint", place).add("faint", call === "" ? "" : ")");
  const room = paragraph.room(indent);
  if (!isOwn || text.width <= room) {
    paragraph.line(indent, text);
    return;
  }
  // Where one's own code failed is never cut.
  if (call !== "") paragraph.line(indent, styled("faint", "at ").add("ownFrame", call));
  for (const piece of wrapped(place, room - STEP, room - STEP))
    paragraph.line(indent + STEP, styled("ownPlace", piece));
}
