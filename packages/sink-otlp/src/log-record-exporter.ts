/**
 * OpenTelemetry's `LogRecordExporter` and what it is given, structurally: those of sdk-logs 0.2xx and 3.x both fit, and
 * neither is imported.
 */
import type { Attributes, InstrumentationScope, LogRecord, Resource, Value } from "@dagstack/logger-core";

/** Seconds and nanoseconds, as the OpenTelemetry SDK has times. */
export type HrTime = [seconds: number, nanoseconds: number];

/** A record in the shape of OpenTelemetry's `ReadableLogRecord`; loose where the generations differ. */
export interface ExportedLogRecord {
  readonly hrTime: HrTime;
  readonly hrTimeObserved: HrTime;
  readonly spanContext?: { readonly traceId: string; readonly spanId: string; readonly traceFlags: number };
  readonly severityText?: string;
  readonly severityNumber?: number;
  readonly body?: unknown;
  readonly resource: { readonly attributes: object };
  readonly instrumentationScope: { readonly name: string; readonly version?: string; readonly attributes?: object };
  readonly attributes: object;
  readonly droppedAttributesCount: number;
}

/** What an exporter calls back with. */
export interface ExportResult {
  /** 0: success; anything else: failure. */
  readonly code: number;
  readonly error?: unknown;
}

/** An OpenTelemetry log exporter, of either generation. */
export interface LogRecordExporter {
  export(records: ExportedLogRecord[], resultCallback: (result: ExportResult) => void): void;
  forceFlush?(): Promise<void>;
  shutdown(): Promise<void>;
}

const NANOS_PER_SECOND = 1_000_000_000n;

/**
 * Turns our records into OpenTelemetry's. Exporters group by the identity of resource and scope, so each of ours always
 * gives the same object.
 */
export class RecordConverter {
  readonly #resources = new WeakMap<object, ExportedLogRecord["resource"]>();
  readonly #scopes = new WeakMap<object, ExportedLogRecord["instrumentationScope"]>();

  convert(record: LogRecord): ExportedLogRecord {
    const { traceId, spanId, traceFlags, body, instrumentationScope } = record;
    return {
      hrTime: hrTime(record.timeUnixNano),
      hrTimeObserved: hrTime(record.observedTimeUnixNano ?? record.timeUnixNano),
      ...(traceId === null ? {} : { spanContext: { traceId, spanId: spanId ?? "0000000000000000", traceFlags } }),
      severityText: record.severityText,
      severityNumber: record.severityNumber,
      ...(body === null ? {} : { body: exportedValue(body) }),
      resource: memo(this.#resources, record.resource ?? NO_RESOURCE, ({ attributes }: Resource) => ({
        attributes: exportedMap(attributes),
      })),
      instrumentationScope: memo(
        this.#scopes,
        instrumentationScope,
        ({ name, version, attributes }: InstrumentationScope) => ({
          name,
          ...(version === null ? {} : { version }),
          ...(Object.keys(attributes).length === 0 ? {} : { attributes: exportedMap(attributes) }),
        }),
      ),
      attributes: exportedMap(record.attributes),
      droppedAttributesCount: 0,
    };
  }
}

const NO_RESOURCE: Resource = Object.freeze({ attributes: Object.freeze({}) });

function memo<K extends object, V>(known: WeakMap<K, V>, key: K, make: (key: K) => V): V {
  const found = known.get(key) ?? make(key);
  known.set(key, found);
  return found;
}

function hrTime(nanos: bigint): HrTime {
  return [Number(nanos / NANOS_PER_SECOND), Number(nanos % NANOS_PER_SECOND)];
}

/** The stock encoders write a bigint as null: it becomes a number where that is exact, and its digits elsewhere. */
function exportedValue(value: Value): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value !== "object" || value === null) return value;
  return isList(value) ? value.map(exportedValue) : exportedMap(value);
}

function exportedMap(map: Attributes): object {
  return Object.fromEntries(Object.entries(map).map(([key, member]) => [key, exportedValue(member)]));
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}
