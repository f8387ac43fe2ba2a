/** The human-readable line (§1.8): presentation, not a wire format. */

import { MIN_SEVERITY } from "../../options/index.ts";
import type { LogRecord } from "../../record/index.ts";
import type { Attributes, Value } from "../../value/index.ts";
import { canonicalJson, sortedKeys } from "../encoder/index.ts";
import { escapeText } from "./escape-text.ts";

/** How `formatPretty` writes. */
export interface PrettyOptions {
  /** Colours the severity and dims the time with SGR codes. Default: `false`. */
  readonly color?: boolean;
}

const STACK_TRACE = "exception.stacktrace";
const STACK_INDENT = "    ";

/**
 * `<UTC time>Z [<TEXT>] <scope>: <body> | k=v …`, without a line end. A stack trace follows below, indented by four, and
 * is the only thing that adds lines: all text that comes from data is escaped, so it can neither forge a line nor drive
 * the terminal.
 *
 * @throws TypeError when the record holds something that is no `Value`; a built record does not.
 */
export function formatPretty(record: LogRecord, options: PrettyOptions = {}): string {
  const paint = options.color === true ? sgr : plain;
  const { attributes } = record;
  const trace = attributes[STACK_TRACE];
  const stack = typeof trace === "string" && trace !== "" ? trace : undefined;
  const { name } = record.instrumentationScope;
  let text = `${paint(DIM, timeText(record.timeUnixNano))} ${paint(severityColor(record), severityTag(record))} `;
  text += `${escapeText(name)}: ${bodyText(record.body)}`;
  const pairs = attributesText(attributes, stack !== undefined);
  if (pairs !== "") text += ` | ${pairs}`;
  return stack === undefined ? text : `${text}\n${stackText(stack)}`;
}

/** UTC with microseconds; the rest of the nanoseconds is cut. */
function timeText(timeUnixNano: bigint): string {
  const micros = BigInt.asUintN(64, timeUnixNano) / 1000n;
  const millis = new Date(Number(micros / 1000n)).toISOString().slice(0, -1);
  return `${millis}${String(micros % 1000n).padStart(3, "0")}Z`;
}

function severityTag(record: LogRecord): string {
  const { severityNumber, severityText } = record;
  const isPrimary = (severityNumber - MIN_SEVERITY) % 4 === 0;
  return escapeText(isPrimary ? `[${severityText}]` : `[${severityText}:${severityNumber}]`);
}

function bodyText(body: Value): string {
  return escapeText(typeof body === "string" ? body : canonicalJson(body));
}

function attributesText(attributes: Attributes, withoutStack: boolean): string {
  const pairs: string[] = [];
  for (const key of sortedKeys(attributes)) {
    const value = attributes[key];
    if (value === undefined || (withoutStack && key === STACK_TRACE)) continue;
    pairs.push(`${escapeText(key)}=${valueText(value)}`);
  }
  return pairs.join(" ");
}

/** A string is bare when nothing in it could be taken for the layout; other values are JSON. */
function valueText(value: Value): string {
  if (typeof value !== "string") return escapeText(canonicalJson(value));
  const bare = value !== "" && !/[\s"=\\]/.test(value) && escapeText(value) === value;
  return bare ? value : escapeText(JSON.stringify(value));
}

function stackText(stack: string): string {
  const lines = stack.replace(/\r?\n$/, "").split(/\r?\n/);
  return lines.map((line) => STACK_INDENT + escapeText(line)).join("\n");
}

const DIM = 2;
/** By severity range: TRACE grey, DEBUG cyan, INFO green, WARN yellow, ERROR red, FATAL white on red. */
const SEVERITY_COLORS: readonly (number | string)[] = [90, 36, 32, 33, 31, "41;97"];

function severityColor(record: LogRecord): number | string {
  return SEVERITY_COLORS[(record.severityNumber - MIN_SEVERITY) >> 2] ?? 0;
}

function sgr(code: number | string, text: string): string {
  return `\u001b[${code}m${text}\u001b[0m`;
}

function plain(_code: number | string, text: string): string {
  return text;
}
