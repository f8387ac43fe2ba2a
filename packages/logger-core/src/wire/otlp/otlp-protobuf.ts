/** The OTLP protobuf encoder (§1.7), deterministic: fields by number, defaults not written, attributes sorted. */
import type { InstrumentationScope, LogRecord } from "../../record/index.ts";
import type { Attributes } from "../../value/index.ts";
import { groupForOtlp, type ResourceGroup, type ScopeGroup } from "./otlp-groups.ts";
import { writeAnyValue, writeKeyValues } from "./otlp-protobuf-value.ts";
import { ProtobufWriter } from "./protobuf-writer.ts";

/** A record with some attributes; a larger one makes the buffer grow. */
const EXPECTED_RECORD_BYTES = 384;

/**
 * The records as one binary `ExportLogsServiceRequest`, grouped by resource and scope in order of first appearance.
 * No records give no bytes, which is an empty request.
 *
 * @throws TypeError when a record holds something that is no `Value`; a built record does not.
 */
export function toOtlpProtobuf(records: readonly LogRecord[]): Uint8Array {
  const writer = new ProtobufWriter(records.length * EXPECTED_RECORD_BYTES);
  for (const group of groupForOtlp(records)) writeResourceLogs(writer, group);
  return writer.finish();
}

/** `toOtlpProtobuf` for many requests in turn, into the same memory. */
export class OtlpRequestEncoder {
  readonly #writer = new ProtobufWriter();

  /** The bytes are valid until the next call. @throws TypeError as `toOtlpProtobuf`. */
  encode(records: readonly LogRecord[]): Uint8Array {
    this.#writer.restart();
    for (const group of groupForOtlp(records)) writeResourceLogs(this.#writer, group);
    return this.#writer.written();
  }
}

function writeResourceLogs(writer: ProtobufWriter, group: ResourceGroup): void {
  const mark = writer.begin(1);
  writeResource(writer, group.attributes);
  for (const scope of group.scopes) writeScopeLogs(writer, scope);
  writer.end(mark);
}

/** The field of a resource; nothing for one that is empty. */
export function writeResource(writer: ProtobufWriter, attributes: Attributes): void {
  if (isEmpty(attributes)) return;
  const mark = writer.begin(1);
  writeKeyValues(writer, 1, attributes);
  writer.end(mark);
}

function writeScopeLogs(writer: ProtobufWriter, group: ScopeGroup): void {
  const mark = writer.begin(2);
  writeScope(writer, group.scope);
  for (const record of group.records) writeLogRecord(writer, record);
  writer.end(mark);
}

/** The field of a scope. */
export function writeScope(writer: ProtobufWriter, scope: InstrumentationScope): void {
  const mark = writer.begin(1);
  if (scope.name !== "") writer.string(1, scope.name);
  if (scope.version !== null && scope.version !== "") writer.string(2, scope.version);
  writeKeyValues(writer, 3, scope.attributes);
  writer.end(mark);
}

function writeLogRecord(writer: ProtobufWriter, record: LogRecord): void {
  const mark = writer.begin(2);
  if (record.timeUnixNano !== 0n) writer.fixed64(1, record.timeUnixNano);
  if (record.severityNumber !== 0) writer.uint32(2, record.severityNumber);
  writer.string(3, record.severityText);
  if (record.body !== null) {
    const body = writer.begin(5);
    writeAnyValue(writer, record.body);
    writer.end(body);
  }
  writeKeyValues(writer, 6, record.attributes);
  if (record.traceFlags !== 0) writer.fixed32(8, record.traceFlags);
  if (record.traceId !== null) writer.hex(9, record.traceId);
  if (record.spanId !== null) writer.hex(10, record.spanId);
  if (record.observedTimeUnixNano) writer.fixed64(11, record.observedTimeUnixNano);
  writer.end(mark);
}

function isEmpty(attributes: Attributes): boolean {
  return Object.values(attributes).every((value) => value === undefined);
}
