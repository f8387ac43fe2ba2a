/** Reads OTLP protobuf back into records, for tests of what was sent. */
import { WireFormatError } from "../options/index.ts";
import type { InstrumentationScope, LogRecord, Resource } from "../record/index.ts";
import type { Attributes, Value } from "../value/index.ts";
import { type MutableMap, setMember } from "../value/index.ts";
import { checkSeverityNumber, checkSeverityText, checkTrace, type TraceMembers } from "../wire/line/index.ts";
import { bytesOf, integerOf, type ProtobufField, protobufError, readFields, textOf } from "./protobuf-reader.ts";

const TRACE_MEMBERS: TraceMembers = { traceId: "trace_id", spanId: "span_id", traceFlags: "flags" };
const TRACE_FLAGS_MASK = 0xffn;

/** Values nested deeper than this are refused. Records nest 32 levels deep (§1.4). */
const MAX_VALUE_NESTING = 256;

/**
 * The records of a binary `ExportLogsServiceRequest`, in order, each deeply frozen (§1.7). Writing them again with
 * `toOtlpProtobuf` gives the bytes that `toOtlpProtobuf` wrote. Unknown fields are skipped.
 *
 * @throws WireFormatError `protobuf` for malformed or truncated bytes, else the field's name when it holds what no
 *   record of ours holds, such as a severity text that does not belong to its number.
 */
export function parseOtlpProtobuf(bytes: Uint8Array): LogRecord[] {
  return messages(readFields(bytes), 1).flatMap(readResourceLogs);
}

function readResourceLogs(fields: readonly ProtobufField[]): LogRecord[] {
  const attributes = readKeyValues(
    messages(fields, 1).flatMap((resource) => messages(resource, 1)),
    1,
  );
  const resource = Object.keys(attributes).length === 0 ? null : Object.freeze({ attributes });
  return messages(fields, 2).flatMap((scopeLogs) => {
    const scope = readScope(messages(scopeLogs, 1).flat());
    return messages(scopeLogs, 2).map((record) => readRecord(record, resource, scope));
  });
}

function readScope(fields: readonly ProtobufField[]): InstrumentationScope {
  const name = text(fields, 1);
  if (name === "") throw new WireFormatError("scope", "has no name");
  return Object.freeze({ name, version: text(fields, 2) || null, attributes: readKeyValues(messages(fields, 3), 1) });
}

function readRecord(
  fields: readonly ProtobufField[],
  resource: Resource | null,
  scope: InstrumentationScope,
): LogRecord {
  const severity = last(fields, 2);
  const severityNumber = checkSeverityNumber("severity_number", severity && Number(integerOf(severity, "varint")));
  const body = last(fields, 5);
  const flags = last(fields, 8);
  const observed = fixed64(fields, 11);
  return Object.freeze({
    timeUnixNano: fixed64(fields, 1),
    observedTimeUnixNano: observed === 0n ? null : observed,
    severityNumber,
    severityText: checkSeverityText("severity_text", text(fields, 3), severityNumber),
    body: body === undefined ? null : readAnyValue(bytesOf(body), 0),
    attributes: readKeyValues(messages(fields, 6), 1),
    resource,
    instrumentationScope: scope,
    ...checkTrace(
      TRACE_MEMBERS,
      hex(fields, 9),
      hex(fields, 10),
      flags && Number(integerOf(flags, "fixed32") & TRACE_FLAGS_MASK),
    ),
  });
}

function readKeyValues(entries: readonly (readonly ProtobufField[])[], depth: number): Attributes {
  const attributes: MutableMap = {};
  for (const entry of entries) {
    const key = text(entry, 1);
    if (Object.hasOwn(attributes, key)) throw new WireFormatError("duplicate", "a key is there twice");
    const value = last(entry, 2);
    setMember(attributes, key, value === undefined ? null : readAnyValue(bytesOf(value), depth));
  }
  return Object.freeze(attributes);
}

function readAnyValue(message: Uint8Array, depth: number): Value {
  const field = readFields(message).findLast(({ number }) => number <= 7);
  if (field === undefined) return null;
  switch (field.number) {
    case 1:
      return textOf(field);
    case 2:
      return integerOf(field, "varint") !== 0n;
    case 3:
      return narrow(BigInt.asIntN(64, integerOf(field, "varint")));
    case 4:
      return readDouble(integerOf(field, "fixed64"));
    case 5:
      return readList(enter(field, depth), depth + 1);
    case 6:
      return readKeyValues(messages(enter(field, depth), 1), depth + 1);
    default:
      throw protobufError("a byte value, which no record of ours holds");
  }
}

function enter(field: ProtobufField, depth: number): ProtobufField[] {
  if (depth >= MAX_VALUE_NESTING) throw protobufError(`values nested deeper than ${MAX_VALUE_NESTING} levels`);
  return readFields(bytesOf(field));
}

function readList(fields: readonly ProtobufField[], depth: number): Value {
  const items = fields.filter(({ number }) => number === 1);
  return Object.freeze(items.map((item) => readAnyValue(bytesOf(item), depth)));
}

function readDouble(bits: bigint): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, bits);
  const number = view.getFloat64(0);
  if (!Number.isFinite(number)) throw protobufError("a number that is not finite, which no record of ours holds");
  return number === 0 ? 0 : number;
}

function narrow(integer: bigint): number | bigint {
  const number = Number(integer);
  return Number.isSafeInteger(number) ? number : integer;
}

/** The fields of each nested message of this number. */
function messages(fields: readonly ProtobufField[], number: number): ProtobufField[][] {
  return fields.filter((field) => field.number === number).map((field) => readFields(bytesOf(field)));
}

/** Protobuf's rule for a field that is there more than once: the last one counts. */
function last(fields: readonly ProtobufField[], number: number): ProtobufField | undefined {
  return fields.findLast((field) => field.number === number);
}

function text(fields: readonly ProtobufField[], number: number): string {
  const field = last(fields, number);
  return field === undefined ? "" : textOf(field);
}

function fixed64(fields: readonly ProtobufField[], number: number): bigint {
  const field = last(fields, number);
  return field === undefined ? 0n : integerOf(field, "fixed64");
}

function hex(fields: readonly ProtobufField[], number: number): string | null {
  const field = last(fields, number);
  if (field === undefined || bytesOf(field).length === 0) return null;
  return Array.from(bytesOf(field), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
