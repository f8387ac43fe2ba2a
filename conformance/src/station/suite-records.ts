/** The records that the suite emits, and how it knows them again at the destination. */
import { type Attributes, type LogRecord, severityText, type Value } from "@dagstack/logger-core";
import { parseDagstackJsonl } from "@dagstack/logger-core/wire";
import type { Delivered, DeliveredRecord } from "../subject/index.ts";

/** A delivered record that the suite knows as its own. */
export interface Seen extends DeliveredRecord {
  /** Its number in the order of emission, from 1. */
  readonly n: number;
}

const BODY = /conformance record (\d+)\b/;
const START_UNIX_NANO = 1_700_000_000_000_000_000n;

/** The body of record `n`. */
export function bodyOf(n: number): string {
  return `conformance record ${n}`;
}

/** Record `n`, deeply frozen as the logger's are: INFO, numbered in its body and in the attribute `n`. */
export function suiteRecord(n: number, parts: Partial<LogRecord> = {}): LogRecord {
  const severityNumber = parts.severityNumber ?? 9;
  const record: LogRecord = {
    timeUnixNano: START_UNIX_NANO + BigInt(n),
    observedTimeUnixNano: null,
    severityNumber,
    severityText: severityText(severityNumber),
    body: bodyOf(n),
    attributes: { n },
    resource: { attributes: { "service.name": "sink-conformance" } },
    instrumentationScope: { name: "sink.conformance", version: "1.0.0", attributes: {} },
    traceId: null,
    spanId: null,
    traceFlags: 0,
    ...parts,
  };
  return deepFreeze(record);
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const member of Object.values(value)) deepFreeze(member);
  return Object.freeze(value);
}

/** What a destination shows, read; what is not one of the suite's records is `undefined`. */
export function readDelivered(delivered: Delivered): Seen | undefined {
  const record = typeof delivered === "string" ? readLine(delivered) : delivered;
  const { body } = record;
  const n = Number(BODY.exec(typeof body === "string" ? body : "")?.[1] ?? record.attributes?.n);
  if (!Number.isSafeInteger(n)) return undefined;
  return {
    n,
    body,
    severityNumber: record.severityNumber,
    attributes: record.attributes,
    observedTimeUnixNano: record.observedTimeUnixNano,
    raw: "raw" in record ? record.raw : undefined,
  };
}

/** A dagstack JSON line as a record; of any other text the body is the text. */
function readLine(line: string): DeliveredRecord {
  const raw = line.endsWith("\n") ? line.slice(0, -1) : line;
  try {
    const { body, severityNumber, attributes, observedTimeUnixNano } = parseDagstackJsonl(raw);
    return { body, severityNumber, attributes, observedTimeUnixNano, raw };
  } catch {
    return { body: raw, raw }; // not ours to judge: rules about what it does not show are skipped
  }
}

/** Whether two values are equal in depth; key order does not count. */
export function sameValue(left: Value | undefined, right: Value | undefined): boolean {
  if (Object.is(left, right)) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) {
    return typeof left !== typeof right && isInteger(left) && isInteger(right) && BigInt(left) === BigInt(right);
  }
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  return keys.every(
    (key) => Object.hasOwn(right, key) && sameValue((left as Attributes)[key], (right as Attributes)[key]),
  );
}

/** Lines do not tell a whole number from a bigint. */
function isInteger(value: unknown): value is number | bigint {
  return typeof value === "bigint" || Number.isInteger(value);
}

/** Numbers for a message: `1–3, 7, 9`, at most eight runs of them. */
export function numbersText(numbers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const n of numbers) {
    const last = runs.at(-1);
    if (last !== undefined && n === last[1] + 1) last[1] = n;
    else runs.push([n, n]);
  }
  const texts = runs.slice(0, 8).map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`));
  if (runs.length > texts.length) texts.push("…");
  return texts.length === 0 ? "none" : texts.join(", ");
}
