/** The reader of dagstack JSON-lines (§1.9). */
import { WireFormatError } from "../../options/index.ts";
import type { InstrumentationScope, LogRecord, Resource } from "../../record/index.ts";
import type { Value } from "../../value/index.ts";
import { JsonReader } from "./json-reader.ts";
import {
  checkAttributes,
  checkSeverityNumber,
  checkSeverityText,
  checkTime,
  checkTrace,
  isMapValue,
  type TraceMembers,
} from "./record-checks.ts";

/** How strictly `parseDagstackJsonl` reads. */
export interface ParseOptions {
  /**
   * Ignore members that this version does not know, instead of refusing them (D-15): for lines of newer writers.
   * Default: `false`.
   */
  readonly lenient?: boolean;
}

type MemberName =
  | "attributes"
  | "body"
  | "instrumentation_scope"
  | "observed_time_unix_nano"
  | "resource"
  | "severity_number"
  | "severity_text"
  | "span_id"
  | "time_unix_nano"
  | "trace_flags"
  | "trace_id";

const MEMBERS: ReadonlySet<string> = new Set<MemberName>([
  "attributes",
  "body",
  "instrumentation_scope",
  "observed_time_unix_nano",
  "resource",
  "severity_number",
  "severity_text",
  "span_id",
  "time_unix_nano",
  "trace_flags",
  "trace_id",
]);
const SCOPE_MEMBERS: ReadonlySet<string> = new Set(["attributes", "name", "version"]);
const RESOURCE_MEMBERS: ReadonlySet<string> = new Set(["attributes"]);
const TRACE_MEMBERS: TraceMembers = { traceId: "trace_id", spanId: "span_id", traceFlags: "trace_flags" };

interface Member {
  readonly value: Value;
  /** As written: `1e3` and `1000` are one value, but only the second is a time. */
  readonly source: string;
}

type Members = ReadonlyMap<string, Member>;

/**
 * The record of one line, deeply frozen. Any valid JSON spelling is read, a line end after it included; null and empty
 * optional members are absent ones. Integers beyond ±(2^53 − 1) become bigints. Writing the record again gives the
 * canonical line.
 *
 * @throws WireFormatError naming the member that is wrong, or the fault: `json`, `object` (the line is no object),
 *   `duplicate`, `surrogate`. Messages quote no values, which may be secret.
 */
export function parseDagstackJsonl(line: string, options: ParseOptions = {}): LogRecord {
  const lenient = options.lenient === true;
  const members = readMembers(line, lenient);
  const severityNumber = checkSeverityNumber("severity_number", members.get("severity_number")?.value);
  const body = members.get("body");
  if (body === undefined) throw new WireFormatError("body", "is missing");
  const observed = members.get("observed_time_unix_nano");
  return Object.freeze({
    timeUnixNano: checkTime("time_unix_nano", members.get("time_unix_nano")?.source ?? ""),
    observedTimeUnixNano:
      observed === undefined || observed.value === null ? null : checkTime("observed_time_unix_nano", observed.source),
    severityNumber,
    severityText: checkSeverityText("severity_text", members.get("severity_text")?.value, severityNumber),
    body: body.value,
    attributes: checkAttributes("attributes", members.get("attributes")?.value),
    resource: readResource(members.get("resource")?.value, lenient),
    instrumentationScope: readScope(members.get("instrumentation_scope")?.value, lenient),
    ...checkTrace(
      TRACE_MEMBERS,
      members.get("trace_id")?.value,
      members.get("span_id")?.value,
      members.get("trace_flags")?.value,
    ),
  });
}

function readMembers(line: string, lenient: boolean): Members {
  const members = new Map<string, Member>();
  const reader = new JsonReader(line);
  if (reader.atObject()) {
    reader.members((name) => members.set(name, reader.valueWithSource()));
    reader.end();
  } else {
    reader.value();
    reader.end();
    throw new WireFormatError("object", "a record is a JSON object");
  }
  if (!lenient) {
    for (const name of members.keys())
      if (!MEMBERS.has(name)) throw new WireFormatError(name, "is not a member of a record");
  }
  return members;
}

function readResource(value: Value | undefined, lenient: boolean): Resource | null {
  if (value === undefined || value === null) return null;
  const members = readInner("resource", value, RESOURCE_MEMBERS, lenient);
  const names = Object.keys(members);
  if (names.length > 0 && !names.includes("attributes"))
    throw new WireFormatError("resource", "has no attributes member");
  const attributes = checkAttributes("resource", members.attributes);
  return Object.keys(attributes).length === 0 ? null : Object.freeze({ attributes });
}

function readScope(value: Value | undefined, lenient: boolean): InstrumentationScope {
  const member = "instrumentation_scope";
  const members = readInner(member, value, SCOPE_MEMBERS, lenient);
  const { name, version } = members;
  if (typeof name !== "string" || name === "") throw new WireFormatError(member, "has no name");
  if (version !== undefined && version !== null && typeof version !== "string") {
    throw new WireFormatError(member, "has a version that is no string");
  }
  return Object.freeze({ name, version: version || null, attributes: checkAttributes(member, members.attributes) });
}

function readInner(
  member: MemberName,
  value: Value | undefined,
  known: ReadonlySet<string>,
  lenient: boolean,
): { readonly [name: string]: Value } {
  if (!isMapValue(value)) throw new WireFormatError(member, value === undefined ? "is missing" : "must be an object");
  if (!lenient && !Object.keys(value).every((name) => known.has(name))) {
    throw new WireFormatError(member, "has an unknown member");
  }
  return value;
}
