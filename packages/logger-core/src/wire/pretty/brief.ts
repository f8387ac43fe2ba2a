/**
 * Text for people where it must be little code: in browsers and on edge runtimes, whose consoles wrap, fold and search by
 * themselves. The first line has everything but stack traces, which stand below it.
 */

import type { LogRecord } from "../../record/index.ts";
import type { Value } from "../../value/index.ts";
import { canonicalJson } from "../encoder/index.ts";
import { escapeText } from "./escape-text.ts";
import { levelText, timeText } from "./head-text.ts";
import type { PrettyOptions } from "./pretty-options.ts";

const STACK = "exception.stacktrace";
const INDENT = "    ";

/** As the other `formatPretty`, in the layout above. Colours and widths are not its business. */
export function formatPretty(record: LogRecord, options: PrettyOptions = {}): string {
  const { body, attributes, instrumentationScope } = record;
  const message = typeof body === "string" ? body : canonicalJson(body);
  const head = `${timeText(record.timeUnixNano, options)} ${levelText(record)} ${instrumentationScope.name}  ${message}`;
  const parts = [head];
  let stack = "";
  for (const [key, value] of Object.entries(attributes)) {
    if (key === STACK && typeof value === "string") stack = value;
    else if (value !== undefined) parts.push(`${parts.length === 1 ? " " : ""}${key}=${valueText(value)}`);
  }
  const below = stack.trimEnd();
  const lines = [parts.join(" "), ...(below === "" ? [] : below.split(/\r?\n/).map((line) => INDENT + line))];
  return lines.map(escapeText).join("\n");
}

function valueText(value: Value): string {
  return typeof value === "string" && /^[^\s"=\\]+$/.test(value) ? value : canonicalJson(value);
}
