/** The OTLP JSON encoder (§1.6): protobuf-JSON with OTLP's hex ids and numeric enums, as canonical JSON (D-11). */
import type { InstrumentationScope, LogRecord } from "../../record/index.ts";
import { canonicalString } from "../encoder/index.ts";
import { groupForOtlp, type ResourceGroup, type ScopeGroup } from "./otlp-groups.ts";
import { anyValueJson, keyValuesJson } from "./otlp-json-value.ts";

const EMPTY_LIST = "[]";

/**
 * The records as one `ExportLogsServiceRequest` in JSON, grouped by resource and scope in order of first appearance.
 * For a file or console line pass one record (D-11). No line end.
 *
 * @throws TypeError when a record holds something that is no `Value`; a built record does not.
 */
export function toOtlpJson(records: readonly LogRecord[]): string {
  return `{"resourceLogs":[${groupForOtlp(records).map(resourceLogs).join(",")}]}`;
}

function resourceLogs(group: ResourceGroup): string {
  const attributes = keyValuesJson(group.attributes);
  const resource = attributes === EMPTY_LIST ? "" : `"resource":{"attributes":${attributes}},`;
  return `{${resource}"scopeLogs":[${group.scopes.map(scopeLogs).join(",")}]}`;
}

function scopeLogs(group: ScopeGroup): string {
  return `{"logRecords":[${group.records.map(logRecord).join(",")}],"scope":${scopeJson(group.scope)}}`;
}

function scopeJson(scope: InstrumentationScope): string {
  const attributes = keyValuesJson(scope.attributes);
  let text = attributes === EMPTY_LIST ? "{" : `{"attributes":${attributes},`;
  text += `"name":${canonicalString(scope.name)}`;
  if (scope.version !== null && scope.version !== "") text += `,"version":${canonicalString(scope.version)}`;
  return `${text}}`;
}

function logRecord(record: LogRecord): string {
  const attributes = keyValuesJson(record.attributes);
  let text = attributes === EMPTY_LIST ? "{" : `{"attributes":${attributes},`;
  if (record.body !== null) text += `"body":${anyValueJson(record.body)},`;
  if (record.traceFlags !== 0) text += `"flags":${record.traceFlags},`;
  if (record.observedTimeUnixNano !== null) text += `"observedTimeUnixNano":"${record.observedTimeUnixNano}",`;
  text += `"severityNumber":${record.severityNumber},"severityText":${canonicalString(record.severityText)},`;
  if (record.spanId !== null) text += `"spanId":${canonicalString(record.spanId)},`;
  text += `"timeUnixNano":"${record.timeUnixNano}"`;
  if (record.traceId !== null) text += `,"traceId":${canonicalString(record.traceId)}`;
  return `${text}}`;
}
