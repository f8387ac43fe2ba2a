/**
 * The messages of OTLP logs as the official .proto files define them (opentelemetry-proto 1.x: collector/logs/v1, logs/v1,
 * resource/v1, common/v1): field number, name and type. This table is the only thing here that knows OTLP; reading the
 * bytes and the JSON is @bufbuild/protobuf's work. Nothing of it is shared with the encoder under test.
 *
 * Packages are left out, since they do not show on the wire, and `SeverityNumber` is an int32, so that JSON enum names,
 * which OTLP forbids, are refused.
 */
import { createFileRegistry, type DescMessage, fromJson, type JsonValue } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";

type Field = readonly [number: number, name: string, type: string];

const MESSAGES: Readonly<Record<string, readonly Field[]>> = {
  ExportLogsServiceRequest: [[1, "resource_logs", "ResourceLogs*"]],
  ExportLogsServiceResponse: [[1, "partial_success", "ExportLogsPartialSuccess"]],
  ExportLogsPartialSuccess: [
    [1, "rejected_log_records", "int64"],
    [2, "error_message", "string"],
  ],
  ResourceLogs: [
    [1, "resource", "Resource"],
    [2, "scope_logs", "ScopeLogs*"],
    [3, "schema_url", "string"],
  ],
  Resource: [
    [1, "attributes", "KeyValue*"],
    [2, "dropped_attributes_count", "uint32"],
  ],
  ScopeLogs: [
    [1, "scope", "InstrumentationScope"],
    [2, "log_records", "LogRecord*"],
    [3, "schema_url", "string"],
  ],
  InstrumentationScope: [
    [1, "name", "string"],
    [2, "version", "string"],
    [3, "attributes", "KeyValue*"],
    [4, "dropped_attributes_count", "uint32"],
  ],
  LogRecord: [
    [1, "time_unix_nano", "fixed64"],
    [11, "observed_time_unix_nano", "fixed64"],
    [2, "severity_number", "int32"],
    [3, "severity_text", "string"],
    [5, "body", "AnyValue"],
    [6, "attributes", "KeyValue*"],
    [7, "dropped_attributes_count", "uint32"],
    [8, "flags", "fixed32"],
    [9, "trace_id", "bytes"],
    [10, "span_id", "bytes"],
    [12, "event_name", "string"],
  ],
  AnyValue: [
    [1, "string_value", "string?"],
    [2, "bool_value", "bool?"],
    [3, "int_value", "int64?"],
    [4, "double_value", "double?"],
    [5, "array_value", "ArrayValue?"],
    [6, "kvlist_value", "KeyValueList?"],
    [7, "bytes_value", "bytes?"],
  ],
  ArrayValue: [[1, "values", "AnyValue*"]],
  KeyValueList: [[1, "values", "KeyValue*"]],
  KeyValue: [
    [1, "key", "string"],
    [2, "value", "AnyValue"],
  ],
};

/** `*` marks a repeated field, `?` a member of the one `oneof` that its message has. */
function fieldDescriptor([number, name, notation]: Field): JsonValue {
  const type = notation.replace(/[*?]$/, "");
  const kind =
    type in MESSAGES ? { type: "TYPE_MESSAGE", typeName: `.${type}` } : { type: `TYPE_${type.toUpperCase()}` };
  return {
    name,
    number,
    label: notation.endsWith("*") ? "LABEL_REPEATED" : "LABEL_OPTIONAL",
    jsonName: name.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
    ...kind,
    ...(notation.endsWith("?") ? { oneofIndex: 0 } : {}),
  };
}

const file = fromJson(FileDescriptorProtoSchema, {
  name: "otlp-logs.proto",
  syntax: "proto3",
  messageType: Object.entries(MESSAGES).map(([name, fields]) => ({
    name,
    field: fields.map(fieldDescriptor),
    ...(fields.some(([, , type]) => type.endsWith("?")) ? { oneofDecl: [{ name: "value" }] } : {}),
  })),
});
const registry = createFileRegistry(file, () => undefined);

/** The descriptor of one of the messages above. */
export function messageType(name: string): DescMessage {
  const found = registry.getMessage(name);
  if (found === undefined) throw new Error(`no OTLP message is called ${name}`);
  return found;
}
