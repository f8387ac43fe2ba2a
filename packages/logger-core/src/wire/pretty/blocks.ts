/** Lists, maps and errors on lines of their own. They hold each other, so they are told in one place. */

import type { Value } from "../../value/index.ts";
import { type ErrorTree, errorOfValue, isErrorValue } from "./error-tree.ts";
import { addKey, addScalar, inlineValue, isContainer } from "./inline-value.ts";
import type { Paragraph } from "./paragraph.ts";
import { addStack } from "./stack-block.ts";
import { StyledText, styled } from "./styled-text.ts";
import { addText } from "./text-block.ts";

type Container = readonly Value[] | { readonly [key: string]: Value };

/** What is shown of one list or map. */
const MAX_VALUE_LINES = 40;
const MAX_ERRORS = 10;
const STEP = 2;
/** What has less room than this beside its key begins below it, or is not entered any more. */
const LEAST_ROOM = 30;
/** Items up to this length stand beside each other. */
const SHORT_ITEM = 40;
/** Longer lists and maps take lines of their own even where one line would do. */
export const INLINE_LIMIT = 120;

/** A value below or beside its key. */
export function addBlock(
  paragraph: Paragraph,
  indent: number,
  key: string,
  value: Value,
  lastLine: number = paragraph.lineCount + MAX_VALUE_LINES,
): void {
  const room = paragraph.room(indent);
  if (isErrorValue(value)) {
    addError(paragraph, indent, errorOfValue(value), addKey(new StyledText(), key, ": ").cutTo(LEAST_ROOM));
  } else if (isContainer(value)) {
    paragraph.line(indent, addKey(new StyledText(), key, ":"));
    if (room - STEP < LEAST_ROOM) paragraph.leftOut(indent, Object.keys(value).length, "entries");
    else addMembers(paragraph, indent + STEP, value, lastLine);
  } else if (typeof value === "string") {
    const label = addKey(new StyledText(), key, " ");
    if (room - label.width >= LEAST_ROOM) addText(paragraph, indent + label.width, value, { indent, label });
    else {
      paragraph.line(indent, label);
      addText(paragraph, indent + STEP, value);
    }
  } else {
    paragraph.line(indent, addKey(new StyledText(), key, ":"));
    paragraph.line(indent + STEP, addScalar(new StyledText(), value));
  }
}

/** The members of a list or map, one below the other. */
export function addMembers(
  paragraph: Paragraph,
  indent: number,
  value: Container,
  lastLine: number = paragraph.lineCount + MAX_VALUE_LINES,
): void {
  if (isFlowing(value)) {
    addFlow(paragraph, indent, value, lastLine);
    return;
  }
  const isList = Array.isArray(value);
  const members = Object.entries(value as { readonly [key: string]: Value });
  const room = Math.min(paragraph.room(indent), INLINE_LIMIT);
  for (let at = 0; at < members.length; at++) {
    if (paragraph.lineCount >= lastLine) {
      paragraph.leftOut(indent, members.length - at, "entries");
      return;
    }
    const [key, member] = members[at] as [string, Value];
    const label = isList ? styled("faint", "- ") : addKey(new StyledText(), key, ": ");
    const line = inlineValue(label, member, room);
    if (line !== undefined) paragraph.line(indent, line);
    else addBlock(paragraph, indent, isList ? `[${key}]` : key, member, lastLine);
  }
}

/** Whether a list has only items of which many fit on a line. */
function isFlowing(value: Container): value is readonly Exclude<Value, object>[] {
  return (
    Array.isArray(value) &&
    value.every((item: Value) => !isContainer(item) && (typeof item !== "string" || item.length <= SHORT_ITEM))
  );
}

function addFlow(
  paragraph: Paragraph,
  indent: number,
  items: readonly Exclude<Value, object>[],
  lastLine: number,
): void {
  const room = Math.min(paragraph.room(indent), INLINE_LIMIT);
  let line = styled("faint", "[");
  for (let at = 0; at < items.length; at++) {
    const end = at === items.length - 1 ? "]" : ", ";
    const item = addScalar(new StyledText(), items[at] as Exclude<Value, object>, true).add("faint", end);
    if (line.width + item.width > room && line.width > 1) {
      paragraph.line(indent, line);
      if (paragraph.lineCount >= lastLine) {
        paragraph.leftOut(indent, items.length - at, "items");
        return;
      }
      line = styled("plain", " ");
    }
    line.append(item);
  }
  paragraph.line(indent, line);
}

/** The name of an error and the first line of its message, as one line, and the rest of the message. */
export function errorTitle(error: ErrorTree): { readonly title: StyledText; readonly rest: string | undefined } {
  const [first = "", ...more] = error.message.split(/\r?\n/);
  const title = new StyledText();
  if (error.type !== "") title.add("errorType", error.type);
  if (first !== "") title.add("plain", error.type === "" ? "" : ": ").add("message", first);
  return { title, rest: more.length === 0 ? undefined : more.join("\n") };
}

/** An error with all that is known of it, named by a label. */
export function addError(paragraph: Paragraph, indent: number, error: ErrorTree, label: StyledText): void {
  const { title, rest } = errorTitle(error);
  const line = new StyledText().append(label).append(title);
  const fits = line.width <= paragraph.room(indent);
  if (line.width > 0) paragraph.line(indent, fits ? line : label.add("errorType", error.type));
  if (!fits) addText(paragraph, indent + STEP, error.message);
  else if (rest !== undefined) addText(paragraph, indent + STEP, rest);
  addBelowTitle(paragraph, indent, error);
}

/** What stands below the title of an error: its properties, calls, causes and members. */
export function addBelowTitle(paragraph: Paragraph, indent: number, error: ErrorTree): void {
  addPairs(paragraph, indent + STEP, error.properties);
  addStack(paragraph, indent + STEP, error);
  for (const cause of error.causes.slice(0, MAX_ERRORS)) {
    addError(paragraph, indent, cause, styled("key", "caused by "));
  }
  error.members.slice(0, MAX_ERRORS).forEach((member, index) => {
    addError(paragraph, indent + STEP, member, styled("key", `[${index}] `));
  });
  const more = Math.max(error.causes.length, error.members.length) - MAX_ERRORS;
  if (more > 0) paragraph.leftOut(indent + STEP, more, "errors");
}

/** Keys and values: those that fit beside each other, then those that are wide. */
function addPairs(paragraph: Paragraph, indent: number, pairs: readonly (readonly [string, Value])[]): void {
  const { short, wide } = splitPairs(pairs, paragraph.room(indent));
  addLines(paragraph, indent, short);
  for (const [key, value] of wide) addBlock(paragraph, indent, key, value);
}

/** Pieces beside each other, as many on a line as fit. */
export function addLines(paragraph: Paragraph, indent: number, pieces: readonly StyledText[]): void {
  const room = paragraph.room(indent);
  let line = new StyledText();
  for (const piece of pieces) {
    if (line.width > 0 && line.width + 1 + piece.width > room) {
      paragraph.line(indent, line);
      line = new StyledText();
    }
    if (line.width > 0) line.add("plain", " ");
    line.append(piece);
  }
  if (line.width > 0) paragraph.line(indent, line);
}

/** Which pairs have room on a line, as `key=value`, and which have not. */
export function splitPairs(
  pairs: readonly (readonly [string, Value])[],
  room: number,
): { readonly short: readonly StyledText[]; readonly wide: readonly (readonly [string, Value])[] } {
  const short: StyledText[] = [];
  const wide: (readonly [string, Value])[] = [];
  for (const pair of pairs) {
    const line = inlineValue(addKey(new StyledText(), pair[0], "="), pair[1], Math.min(room, INLINE_LIMIT));
    if (line === undefined) wide.push(pair);
    else short.push(line);
  }
  return { short, wide };
}
