/**
 * The active span and baggage, read from OpenTelemetry's own global registry (§3.4). Nothing is imported: no start-up
 * cost, no second copy of the API that would see another registry, and bundles work. The keys below are those of
 * `@opentelemetry/api` 1.x; the tests run against 1.9 and 1.10.
 */

/** Where a record happened, as its trace fields say it. */
export interface TraceContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
}

/**
 * Finds the trace and baggage of a record. The default reads OpenTelemetry's; another one can be given to `configure`.
 * What it throws is reported as `record_malformed`, and the record goes out without them.
 */
export interface ContextReader {
  /** The ambient context, in whatever form the two other methods take; `undefined` when there is none. */
  active(): unknown;
  /** The span of a context. Ids that are not valid count as no span. */
  span(context: unknown): TraceContext | undefined;
  /** One baggage entry of a context. */
  baggage(context: unknown, key: string): string | undefined;
  /** Whether what was given to `withContext` is a context. Default: whatever it is. */
  isContext?(value: unknown): boolean;
}

const API_KEY = Symbol.for("opentelemetry.js.api.1");
const SPAN_KEY = Symbol.for("OpenTelemetry Context Key SPAN");
const BAGGAGE_KEY = Symbol.for("OpenTelemetry Baggage Key");

interface OpenTelemetryContext {
  getValue(key: symbol): unknown;
}

interface OpenTelemetryGlobal {
  readonly context?: { active(): unknown };
}

function contextValue<T>(context: unknown, key: symbol): T | undefined {
  if (typeof context !== "object" || context === null) return undefined;
  const { getValue } = context as Partial<OpenTelemetryContext>;
  return typeof getValue === "function" ? (getValue.call(context, key) as T | undefined) : undefined;
}

/** Reads `@opentelemetry/api` 1.x contexts. */
export const openTelemetryContextReader: ContextReader = Object.freeze({
  active(): unknown {
    return (globalThis as { [API_KEY]?: OpenTelemetryGlobal })[API_KEY]?.context?.active();
  },
  isContext(value: unknown): boolean {
    return typeof (value as Partial<OpenTelemetryContext>).getValue === "function";
  },
  span(context: unknown): TraceContext | undefined {
    return contextValue<{ spanContext(): TraceContext }>(context, SPAN_KEY)?.spanContext();
  },
  baggage(context: unknown, key: string): string | undefined {
    return contextValue<{ getEntry(key: string): { value: string } | undefined }>(context, BAGGAGE_KEY)?.getEntry(key)
      ?.value;
  },
});

const TRACE_ID = /^[0-9a-f]{32}$/;
const SPAN_ID = /^[0-9a-f]{16}$/;
const ZEROS = /^0+$/;

/** The trace fields for a record, or `undefined` where the ids are not valid: sampled or not does not matter (D-25). */
export function validTraceContext(span: TraceContext | undefined): TraceContext | undefined {
  if (span === undefined || span === null) return undefined;
  const traceId = hexId(span.traceId, TRACE_ID);
  const spanId = hexId(span.spanId, SPAN_ID);
  if (traceId === undefined || spanId === undefined) return undefined;
  const flags = span.traceFlags;
  return { traceId, spanId, traceFlags: Number.isInteger(flags) && flags >= 0 && flags <= 255 ? flags : 0 };
}

function hexId(id: unknown, form: RegExp): string | undefined {
  if (typeof id !== "string") return undefined;
  const lower = id.toLowerCase();
  return form.test(lower) && !ZEROS.test(lower) ? lower : undefined;
}
