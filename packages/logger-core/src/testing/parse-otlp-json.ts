/** Reads OTLP JSON back into records, for tests of what was sent. */
import { WireFormatError } from "../options/index.ts";
import type { InstrumentationScope, LogRecord, Resource } from "../record/index.ts";
import type { Attributes, Value } from "../value/index.ts";
import { type MutableMap, setMember } from "../value/index.ts";
import {
  checkSeverityNumber,
  checkSeverityText,
  checkTime,
  checkTrace,
  isMapValue,
  readJson,
  type TraceMembers,
} from "../wire/line/index.ts";

const TRACE_MEMBERS: TraceMembers = { traceId: "traceId", spanId: "spanId", traceFlags: "flags" };
const TRACE_FLAGS_MASK = 0xff;

/**
 * The records of an `ExportLogsServiceRequest` in OTLP JSON, in order, each deeply frozen (§1.6). Writing them again
 * with `toOtlpJson` gives the text that `toOtlpJson` wrote. Unknown members are skipped, as OTLP asks of receivers;
 * 64-bit integers may also be plain numbers.
 *
 * @throws WireFormatError naming the member for anything that is no such request or no record of ours, such as a
 *   severity text that does not belong to its number, or byte values, which the builder makes text of.
 */
export function parseOtlpJson(text: string): LogRecord[] {
  const request = object("object", readJson(text));
  return list("resourceLogs", request.resourceLogs).flatMap((group) => readResourceLogs(object("resourceLogs", group)));
}

function readResourceLogs(group: Attributes): LogRecord[] {
  const resource = readResource(group.resource);
  return list("scopeLogs", group.scopeLogs).flatMap((entry) => {
    const scopeLogs = object("scopeLogs", entry);
    const scope = readScope(scopeLogs.scope);
    return list("logRecords", scopeLogs.logRecords).map((record) =>
      readRecord(object("logRecords", record), resource, scope),
    );
  });
}

function readResource(value: Value | undefined): Resource | null {
  if (isAbsent(value)) return null;
  const attributes = readKeyValues("resource", object("resource", value).attributes);
  return Object.keys(attributes).length === 0 ? null : Object.freeze({ attributes });
}

function readScope(value: Value | undefined): InstrumentationScope {
  const { name, version, attributes } = object("scope", value);
  if (typeof name !== "string" || name === "") throw new WireFormatError("scope", "has no name");
  if (!isAbsent(version) && typeof version !== "string")
    throw new WireFormatError("scope", "has a version that is no string");
  return Object.freeze({ name, version: version || null, attributes: readKeyValues("scope", attributes) });
}

function readRecord(record: Attributes, resource: Resource | null, scope: InstrumentationScope): LogRecord {
  const { observedTimeUnixNano, flags } = record;
  const severityNumber = checkSeverityNumber("severityNumber", record.severityNumber);
  return Object.freeze({
    timeUnixNano: readTime("timeUnixNano", record.timeUnixNano ?? "0"),
    observedTimeUnixNano: isAbsent(observedTimeUnixNano)
      ? null
      : readTime("observedTimeUnixNano", observedTimeUnixNano),
    severityNumber,
    severityText: checkSeverityText("severityText", record.severityText, severityNumber),
    body: isAbsent(record.body) ? null : readAnyValue("body", record.body),
    attributes: readKeyValues("attributes", record.attributes),
    resource,
    instrumentationScope: scope,
    ...checkTrace(
      TRACE_MEMBERS,
      record.traceId || null, // protobuf-JSON writes absent bytes as an empty string too
      record.spanId || null,
      typeof flags === "number" && flags > 0 ? flags & TRACE_FLAGS_MASK : flags,
    ),
  });
}

function readTime(member: string, value: Value): bigint {
  return checkTime(member, typeof value === "object" ? "" : String(value));
}

function readKeyValues(member: string, value: Value | undefined): Attributes {
  const attributes: MutableMap = {};
  for (const entry of list(member, value)) {
    const { key = "", value: inner } = object(member, entry);
    if (typeof key !== "string") throw new WireFormatError(member, "has a key that is no string");
    if (Object.hasOwn(attributes, key)) throw new WireFormatError("duplicate", `a key is twice in ${member}`);
    setMember(attributes, key, isAbsent(inner) ? null : readAnyValue(member, inner));
  }
  return Object.freeze(attributes);
}

function readAnyValue(member: string, value: Value): Value {
  const entries = Object.entries(object(member, value)).filter(([, inner]) => inner !== null);
  const [entry] = entries;
  if (entry === undefined) return null;
  if (entries.length > 1) throw new WireFormatError(member, "has a value of two kinds");
  const [kind, inner] = entry;
  switch (kind) {
    case "stringValue":
      if (typeof inner === "string") return inner;
      break;
    case "boolValue":
      if (typeof inner === "boolean") return inner;
      break;
    case "intValue":
      return readInt64(member, inner);
    case "doubleValue":
      if (typeof inner === "number" || typeof inner === "bigint") return Number(inner);
      break;
    case "arrayValue":
      return Object.freeze(list(member, object(member, inner).values).map((item) => readAnyValue(member, item)));
    case "kvlistValue":
      return readKeyValues(member, object(member, inner).values);
  }
  throw new WireFormatError(member, "has a value that no record of ours holds");
}

function readInt64(member: string, value: Value): number | bigint {
  const digits = typeof value === "object" ? "" : String(value);
  const integer = /^-?[0-9]{1,19}$/.test(digits) ? BigInt(digits) : undefined;
  if (integer === undefined || BigInt.asIntN(64, integer) !== integer) {
    throw new WireFormatError(member, "has an intValue that is no int64");
  }
  const number = Number(integer);
  return Number.isSafeInteger(number) ? number : integer;
}

function isAbsent(value: Value | undefined): value is null | undefined {
  return value === undefined || value === null;
}

function object(member: string, value: Value | undefined): Attributes {
  if (isMapValue(value)) return value;
  throw new WireFormatError(member, isAbsent(value) ? "is missing" : "must be an object");
}

function list(member: string, value: Value | undefined): readonly Value[] {
  if (isAbsent(value)) return [];
  if (!Array.isArray(value)) throw new WireFormatError(member, "must be a list");
  return value;
}
