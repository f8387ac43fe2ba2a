import { describeError } from "@dagstack/logger-core";

const MAX_LENGTH = 200;

/** What was thrown, in one line of bounded length. */
export function errorText(error: unknown): string {
  const { type, message } = describeError(error);
  const text = message === "" ? type : `${type}: ${message}`;
  const line = text.replace(/\s+/g, " ");
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH)}…` : line;
}
