/** The rules that a record read from a wire must keep, whatever the wire (§1.9). `member` is the name in that wire. */
import { MAX_SEVERITY, MIN_SEVERITY, type SeverityText, severityText, WireFormatError } from "../../options/index.ts";
import type { LogRecord } from "../../record/index.ts";
import type { Attributes, Value } from "../../value/index.ts";

export const NO_ATTRIBUTES: Attributes = Object.freeze({});

const UINT64_MAX = 2n ** 64n - 1n;
const TRACE_ID_DIGITS = 32;
const SPAN_ID_DIGITS = 16;
const MAX_TRACE_FLAGS = 255;

/** Whether a value is a map. */
export function isMapValue(value: Value | undefined): value is Attributes {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A member that holds a map; null and absent are the empty one. */
export function checkAttributes(member: string, value: Value | undefined): Attributes {
  if (value === undefined || value === null) return NO_ATTRIBUTES;
  if (!isMapValue(value)) throw new WireFormatError(member, "must be an object");
  return value;
}

/** A time: nanoseconds in decimal digits, within uint64. */
export function checkTime(member: string, digits: string): bigint {
  const time = /^(?:0|[1-9][0-9]{0,19})$/.test(digits) ? BigInt(digits) : -1n;
  if (time < 0n || time > UINT64_MAX) throw new WireFormatError(member, "must be a plain integer from 0 to 2^64 - 1");
  return time;
}

/** A severity number from 1 to 24. */
export function checkSeverityNumber(member: string, value: Value | undefined): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= MIN_SEVERITY && value <= MAX_SEVERITY)
    return value;
  throw new WireFormatError(member, `must be an integer from ${MIN_SEVERITY} to ${MAX_SEVERITY}`);
}

/** The text that belongs to a severity number. */
export function checkSeverityText(member: string, value: Value | undefined, severityNumber: number): SeverityText {
  const text = severityText(severityNumber);
  if (value !== text) throw new WireFormatError(member, `must be "${text}" for severity ${severityNumber}`);
  return text;
}

/** What the trace members of a wire are called. */
export interface TraceMembers {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: string;
}

/** The trace context: ids of the right form, and neither a span nor flags without a trace. */
export function checkTrace(
  names: TraceMembers,
  traceIdValue: Value | undefined,
  spanIdValue: Value | undefined,
  flagsValue: Value | undefined,
): Pick<LogRecord, "traceId" | "spanId" | "traceFlags"> {
  const traceId = checkId(names.traceId, traceIdValue, TRACE_ID_DIGITS);
  const spanId = checkId(names.spanId, spanIdValue, SPAN_ID_DIGITS);
  const traceFlags = flagsValue ?? 0;
  if (
    typeof traceFlags !== "number" ||
    !Number.isInteger(traceFlags) ||
    traceFlags < 0 ||
    traceFlags > MAX_TRACE_FLAGS
  ) {
    throw new WireFormatError(names.traceFlags, `must be an integer from 0 to ${MAX_TRACE_FLAGS}`);
  }
  if (traceId === null && spanId !== null)
    throw new WireFormatError(names.spanId, "must not be there without a trace id");
  if (traceId === null && traceFlags !== 0) throw new WireFormatError(names.traceFlags, "must be 0 without a trace id");
  return { traceId, spanId, traceFlags };
}

function checkId(member: string, value: Value | undefined, length: number): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === "string" && value.length === length && /^[0-9a-f]+$/.test(value) && /[^0]/.test(value))
    return value;
  throw new WireFormatError(member, `must be ${length} lower-case hex digits, not all zero`);
}
