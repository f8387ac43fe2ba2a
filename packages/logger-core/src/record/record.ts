/**
 * The log record and its parts (§1.1, §1.2), structurally the OpenTelemetry log data model.
 */
import type { SeverityText } from "../generated/severity.ts";
import type { Attributes, Value } from "../value/index.ts";

/** What produced the record: one per process (§4.2). */
export interface Resource {
  readonly attributes: Attributes;
}

/** Which logger produced the record (§4.1). `name` is never empty: the root logger is called `root` (D-16). */
export interface InstrumentationScope {
  readonly name: string;
  readonly version: string | null;
  readonly attributes: Attributes;
}

/**
 * One log record (§1.1). Deeply immutable and shared by all sinks. Every property is always present: `null` means
 * absent, so all records have one shape.
 */
export interface LogRecord {
  /** When it happened: nanoseconds since the Unix epoch, uint64. */
  readonly timeUnixNano: bigint;
  /** When a sink took it in: nanoseconds, uint64; `null` until then (D-14). */
  readonly observedTimeUnixNano: bigint | null;
  /** 1 (finest) to 24 (most severe), §2. */
  readonly severityNumber: number;
  /** Derived from `severityNumber`, one of six texts (§2). */
  readonly severityText: SeverityText;
  readonly body: Value;
  /** Possibly empty, never null. */
  readonly attributes: Attributes;
  readonly resource: Resource | null;
  readonly instrumentationScope: InstrumentationScope;
  /** 32 lower-case hex digits, not all zero, or `null` (D-12). */
  readonly traceId: string | null;
  /** 16 lower-case hex digits, not all zero, or `null` (D-12). */
  readonly spanId: string | null;
  /** W3C trace flags, 0 to 255; 0 without a trace. */
  readonly traceFlags: number;
}

/**
 * The record with its observed time set: the record itself when it has one, else a frozen copy. Sinks call this when
 * they take a record in; the shared record is never changed (§1.2, D-14).
 */
export function withObservedTime(record: LogRecord, nowUnixNano: bigint): LogRecord {
  if (record.observedTimeUnixNano !== null) return record;
  return Object.freeze({ ...record, observedTimeUnixNano: nowUnixNano });
}
