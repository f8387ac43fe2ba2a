/** The dagstack JSON-lines encoder (§1.5), the default of file and console. */
import type { InstrumentationScope, LogRecord, Resource } from "../../record/index.ts";
import { canonicalJson, canonicalString } from "../encoder/index.ts";

const EMPTY_MAP = "{}";

/**
 * One record as one line of canonical JSON, without the line end, which is the sink's (D-09). Members that are null,
 * empty or zero are absent (D-06, D-07); the body is always there.
 *
 * @throws TypeError when the record holds something that is no `Value`; a built record does not.
 */
export function toDagstackJsonl(record: LogRecord): string {
  // The members are written in canonical order by hand; the tests hold this order against `canonicalJson`.
  const attributes = canonicalJson(record.attributes);
  let line = attributes === EMPTY_MAP ? "{" : `{"attributes":${attributes},`;
  line += `"body":${canonicalJson(record.body)},"instrumentation_scope":${scopeJson(record.instrumentationScope)}`;
  if (record.observedTimeUnixNano !== null) line += `,"observed_time_unix_nano":${record.observedTimeUnixNano}`;
  line += resourceJson(record.resource);
  line += `,"severity_number":${record.severityNumber},"severity_text":${canonicalString(record.severityText)}`;
  if (record.spanId !== null) line += `,"span_id":${canonicalString(record.spanId)}`;
  line += `,"time_unix_nano":${record.timeUnixNano}`;
  if (record.traceFlags !== 0) line += `,"trace_flags":${record.traceFlags}`;
  if (record.traceId !== null) line += `,"trace_id":${canonicalString(record.traceId)}`;
  return `${line}}`;
}

/** The member of a resource, comma first; nothing when it has no attributes. */
export function resourceJson(resource: Resource | null): string {
  const attributes = resource === null ? EMPTY_MAP : canonicalJson(resource.attributes);
  return attributes === EMPTY_MAP ? "" : `,"resource":{"attributes":${attributes}}`;
}

/** The value of the scope member. */
export function scopeJson(scope: InstrumentationScope): string {
  const attributes = canonicalJson(scope.attributes);
  let text = attributes === EMPTY_MAP ? "{" : `{"attributes":${attributes},`;
  text += `"name":${canonicalString(scope.name)}`;
  if (scope.version !== null && scope.version !== "") text += `,"version":${canonicalString(scope.version)}`;
  return `${text}}`;
}
