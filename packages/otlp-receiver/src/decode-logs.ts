import { create, fromBinary, fromJson, type JsonValue, toBinary, toJson } from "@bufbuild/protobuf";
import { messageType } from "./field-table.ts";

/** A received value. Integers beyond 2^53 are bigints; `null` is an empty AnyValue. */
export type ReceivedValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | Uint8Array
  | readonly ReceivedValue[]
  | { readonly [key: string]: ReceivedValue };

/** One received log record, with the resource and scope it came under. */
export interface ReceivedRecord {
  readonly timeUnixNano: bigint;
  readonly observedTimeUnixNano: bigint;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: ReceivedValue;
  readonly attributes: Readonly<Record<string, ReceivedValue>>;
  readonly flags: number;
  /** Hex digits; empty when there is none. */
  readonly traceId: string;
  /** Hex digits; empty when there is none. */
  readonly spanId: string;
  readonly resource: Readonly<Record<string, ReceivedValue>>;
  readonly scope: {
    readonly name: string;
    readonly version: string;
    readonly attributes: Readonly<Record<string, ReceivedValue>>;
  };
}

/** How a request or response is written. */
export type LogsFormat = "protobuf" | "json";

const REQUEST = messageType("ExportLogsServiceRequest");
const RESPONSE = messageType("ExportLogsServiceResponse");

/**
 * The records of an `ExportLogsServiceRequest`, in order.
 *
 * @throws Error for bytes that are no such message, unknown fields included: an encoder has no business writing them.
 */
export function decodeLogs(body: Uint8Array, format: LogsFormat): ReceivedRecord[] {
  const request = format === "protobuf" ? fromBinary(REQUEST, body) : fromJson(REQUEST, withBase64Ids(body));
  refuseUnknownFields(request);
  const { resourceLogs } = request as unknown as RequestMessage;
  return resourceLogs.flatMap(({ resource, scopeLogs }) => {
    const resourceAttributes = attributesOf(resource?.attributes ?? []);
    return scopeLogs.flatMap(({ scope, logRecords }) => {
      const receivedScope = {
        name: scope?.name ?? "",
        version: scope?.version ?? "",
        attributes: attributesOf(scope?.attributes ?? []),
      };
      return logRecords.map((record) => receivedRecord(record, resourceAttributes, receivedScope));
    });
  });
}

/** An `ExportLogsServiceResponse`; without a partial success, the empty one. */
export function encodeResponse(
  format: LogsFormat,
  partial?: { readonly rejected: bigint; readonly message: string },
): Uint8Array {
  const response = create(
    RESPONSE,
    partial === undefined
      ? {}
      : { partialSuccess: { rejectedLogRecords: partial.rejected, errorMessage: partial.message } },
  );
  return format === "protobuf" ? toBinary(RESPONSE, response) : Buffer.from(JSON.stringify(toJson(RESPONSE, response)));
}

interface RequestMessage {
  readonly resourceLogs: readonly {
    readonly resource?: { readonly attributes: readonly KeyValueMessage[] };
    readonly scopeLogs: readonly {
      readonly scope?: {
        readonly name: string;
        readonly version: string;
        readonly attributes: readonly KeyValueMessage[];
      };
      readonly logRecords: readonly LogRecordMessage[];
    }[];
  }[];
}

interface LogRecordMessage {
  readonly timeUnixNano: bigint;
  readonly observedTimeUnixNano: bigint;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body?: AnyValueMessage;
  readonly attributes: readonly KeyValueMessage[];
  readonly flags: number;
  readonly traceId: Uint8Array;
  readonly spanId: Uint8Array;
}

interface KeyValueMessage {
  readonly key: string;
  readonly value?: AnyValueMessage;
}

interface AnyValueMessage {
  readonly value: { readonly case: string | undefined; readonly value?: unknown };
}

function receivedRecord(
  record: LogRecordMessage,
  resource: ReceivedRecord["resource"],
  scope: ReceivedRecord["scope"],
): ReceivedRecord {
  return {
    timeUnixNano: record.timeUnixNano,
    observedTimeUnixNano: record.observedTimeUnixNano,
    severityNumber: record.severityNumber,
    severityText: record.severityText,
    body: anyValue(record.body),
    attributes: attributesOf(record.attributes),
    flags: record.flags,
    traceId: hexOfId(record.traceId, 16),
    spanId: hexOfId(record.spanId, 8),
    resource,
    scope,
  };
}

function attributesOf(entries: readonly KeyValueMessage[]): Record<string, ReceivedValue> {
  const attributes: Record<string, ReceivedValue> = {};
  for (const { key, value } of entries) {
    if (Object.hasOwn(attributes, key)) throw new Error(`the key ${key} is there twice`);
    Object.defineProperty(attributes, key, {
      value: anyValue(value),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return attributes;
}

function anyValue(message: AnyValueMessage | undefined): ReceivedValue {
  const value = message?.value;
  if (value === undefined) return null;
  switch (value.case) {
    case undefined:
      return null;
    case "intValue": {
      const integer = value.value as bigint;
      return Number.isSafeInteger(Number(integer)) ? Number(integer) : integer;
    }
    case "arrayValue":
      return (value.value as { values: readonly AnyValueMessage[] }).values.map(anyValue);
    case "kvlistValue":
      return attributesOf((value.value as { values: readonly KeyValueMessage[] }).values);
    default:
      return value.value as string | boolean | number | Uint8Array;
  }
}

function hexOfId(bytes: Uint8Array, length: number): string {
  if (bytes.length !== 0 && bytes.length !== length) throw new Error(`an id of ${bytes.length} bytes, not ${length}`);
  return Buffer.from(bytes).toString("hex");
}

/** OTLP's JSON writes ids in hex, where protobuf's JSON mapping has base64. */
function withBase64Ids(body: Uint8Array): JsonValue {
  const text = new TextDecoder("utf-8", { fatal: true }).decode(body);
  return JSON.parse(text, (key, value: unknown) => {
    if (key !== "traceId" && key !== "spanId") return value;
    if (typeof value !== "string" || !/^(?:[0-9a-f]{2})*$/i.test(value)) throw new Error(`${key} is not in hex digits`);
    return Buffer.from(value, "hex").toString("base64");
  }) as JsonValue;
}

function refuseUnknownFields(message: unknown): void {
  if (typeof message !== "object" || message === null || ArrayBuffer.isView(message)) return;
  const unknown = (message as { readonly $unknown?: readonly { readonly no: number }[] }).$unknown;
  if (unknown !== undefined && unknown.length > 0)
    throw new Error(`unknown fields: ${unknown.map(({ no }) => no).join()}`);
  for (const member of Object.values(message)) refuseUnknownFields(member);
}
