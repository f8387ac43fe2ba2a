/**
 * Text for people (§1.8, D-89): presentation, not a wire format. A record is one paragraph; its first line begins at the
 * margin, with local time, level, logger and message, and all others are indented. Attributes stand on the first line
 * while they fit, then below; wide values, texts of several lines and errors take lines of their own.
 *
 * All text that comes from data is escaped, so it can neither begin a line at the margin nor drive the terminal.
 */

import type { LogRecord } from "../../record/index.ts";
import type { Value } from "../../value/index.ts";
import {
  addBelowTitle,
  addBlock,
  addError,
  addLines,
  addMembers,
  errorTitle,
  INLINE_LIMIT,
  splitPairs,
} from "./blocks.ts";
import { isRightToLeft } from "./display-width.ts";
import { type ErrorTree, errorOfAttributes, errorOfValue, isErrorValue } from "./error-tree.ts";
import { levelText, timeText } from "./head-text.ts";
import { inlineValue, isContainer } from "./inline-value.ts";
import { levelStyle } from "./palette.ts";
import { Paragraph } from "./paragraph.ts";
import type { PrettyOptions } from "./pretty-options.ts";
import { StyledText, styled, wrapped } from "./styled-text.ts";
import { addText } from "./text-block.ts";

const LEAST_WIDTH = 40;
/** From this width on, what stands below the first line leaves the columns of time and level free. */
const WIDE_ENOUGH = 80;
const INDENT = 4;
const GAP = "  ";
/** A message has at least so many columns beside the logger's name, or begins below it. */
const LEAST_MESSAGE = 20;
/** Of a message in one line so many characters are shown. */
const MAX_MESSAGE = 1000;

/**
 * One record as a paragraph, without a line end.
 *
 * @throws TypeError when the record holds something that is no `Value`; a built record does not.
 */
export function formatPretty(record: LogRecord, options: PrettyOptions = {}): string {
  const width = Math.max(LEAST_WIDTH, options.width ?? Number.POSITIVE_INFINITY);
  const paragraph = new Paragraph(width, options.color === true, options.cwd ?? "");
  const head = styled("time", timeText(record.timeUnixNano, options)).add("plain", " ");
  head.add(levelStyle(record.severityNumber), levelText(record)).add("plain", " ");
  const indent = width >= WIDE_ENOUGH && width < Number.POSITIVE_INFINITY ? head.width : INDENT;
  const name = styled("name", record.instrumentationScope.name);
  name.add("plain", " ".repeat(Math.max(0, (options.nameWidth ?? 0) - name.width))).add("plain", GAP);
  head.append(name);

  const { error, others } = errorOfAttributes(record.attributes);
  // An error logged by itself: its message is the body.
  const titles = error !== undefined && error.type !== "" && record.body === error.message;
  const below = titles ? addTitle(head, paragraph, indent, error) : addBody(head, paragraph, indent, record.body);

  const { short, wide } = splitPairs(others, paragraph.room(indent));
  const pairsWidth = short.reduce((columns, pair) => columns + 1 + pair.width, 1);
  const isBeside = below === undefined && head.width + pairsWidth <= width;
  if (isBeside && short.length > 0) head.add("plain", " ");
  if (isBeside) for (const pair of short) head.add("plain", " ").append(pair);
  paragraph.head(head);
  below?.();
  if (!isBeside) addLines(paragraph, indent, short);
  for (const [key, value] of wide) addBlock(paragraph, indent, key, value);
  if (titles) addBelowTitle(paragraph, indent, error);
  else if (error !== undefined) addError(paragraph, indent, error, new StyledText());
  return paragraph.toString();
}

/** What is still to be written below the first line, once that is complete. */
type Below = (() => void) | undefined;

function addTitle(head: StyledText, paragraph: Paragraph, indent: number, error: ErrorTree): Below {
  const { title, rest } = errorTitle(error);
  const fits = head.width + title.width <= paragraph.width;
  head.append(fits ? title : styled("errorType", error.type));
  const text = fits ? rest : error.message;
  return text === undefined ? undefined : () => addText(paragraph, indent, text);
}

function addBody(head: StyledText, paragraph: Paragraph, indent: number, body: Value): Below {
  if (typeof body === "string") return addMessage(head, paragraph, indent, body);
  const room = Math.min(paragraph.width - head.width, INLINE_LIMIT);
  const line = inlineValue(new StyledText(), body, room);
  if (line !== undefined) head.append(line);
  else if (isErrorValue(body)) return () => addError(paragraph, indent, errorOfValue(body), new StyledText());
  else if (isContainer(body)) return () => addMembers(paragraph, indent, body);
  return undefined;
}

function addMessage(head: StyledText, paragraph: Paragraph, indent: number, body: string): Below {
  const text = body.replace(/\r?\n$/, "");
  const end = /\r?\n/.exec(text);
  const line = end === null ? text : text.slice(0, end.index);
  const rest = end === null ? "" : text.slice(end.index + end[0].length);
  const room = paragraph.width - head.width;
  const below = room < LEAST_MESSAGE;
  const shown = line.slice(0, MAX_MESSAGE);
  const [first = "", ...more] = below
    ? ["", ...wrapped(shown, paragraph.room(indent), paragraph.room(indent))]
    : wrapped(shown, room, paragraph.room(indent));
  head.add("message", first);
  if (more.length === 0 && rest === "" && shown === line && !isRightToLeft(line)) return undefined;
  return () => {
    for (const piece of more) paragraph.line(indent, styled("message", piece));
    if (shown !== line) paragraph.leftOut(indent, line.length - shown.length, "characters");
    if (rest !== "") addText(paragraph, indent, rest);
  };
}
