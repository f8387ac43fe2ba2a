/**
 * Records that wait in protobuf, as a request in JSON: byte for byte what `toOtlpJson` makes of them (§1.6). So with both
 * protocols a record is encoded when it is emitted, once for all sinks, and no objects are kept alive; and making JSON of
 * its bytes costs far less than making it of its object.
 */

import { JsonBytes, token } from "./json-bytes.ts";
import { JsonValues } from "./json-values.ts";
import { ProtobufCursor } from "./protobuf-cursor.ts";

/** Tags of protobuf: number and wire type of a field, in a resource, a scope, a record. */
const RESOURCE_ATTRIBUTE = 0x0a;
const SCOPE_NAME = 0x0a;
const SCOPE_VERSION = 0x12;
const SCOPE_ATTRIBUTE = 0x1a;
const TIME = 0x09;
const SEVERITY_NUMBER = 0x10;
const SEVERITY_TEXT = 0x1a;
const BODY = 0x2a;
const ATTRIBUTE = 0x32;
const FLAGS = 0x45;
const TRACE_ID = 0x4a;
const SPAN_ID = 0x52;
const OBSERVED_TIME = 0x59;
const EVENT_NAME = 0x62;

const COMMA = /* @__PURE__ */ token(",");
const BEGIN_MAP = /* @__PURE__ */ token("{");
const END_MAP = /* @__PURE__ */ token("}");
const END_SCOPE_LOGS = /* @__PURE__ */ token("}}");
const END_LIST = /* @__PURE__ */ token("]}");
const BEGIN_REQUEST = /* @__PURE__ */ token('{"resourceLogs":[');
const BEGIN_RESOURCE = /* @__PURE__ */ token('{"resource":{"attributes":');
const AFTER_RESOURCE = /* @__PURE__ */ token('},"scopeLogs":[');
const NO_RESOURCE = /* @__PURE__ */ token('{"scopeLogs":[');
const LOG_RECORDS = /* @__PURE__ */ token('{"logRecords":[');
const SCOPE = /* @__PURE__ */ token('],"scope":{');
const NAMES = {
  attributes: /* @__PURE__ */ token('"attributes":'),
  body: /* @__PURE__ */ token('"body":'),
  eventName: /* @__PURE__ */ token('"eventName":'),
  flags: /* @__PURE__ */ token('"flags":'),
  name: /* @__PURE__ */ token('"name":'),
  noName: /* @__PURE__ */ token('"name":""'),
  version: /* @__PURE__ */ token(',"version":'),
  observedTime: /* @__PURE__ */ token('"observedTimeUnixNano":'),
  severityNumber: /* @__PURE__ */ token('"severityNumber":'),
  severityText: /* @__PURE__ */ token(',"severityText":'),
  noSeverityText: /* @__PURE__ */ token(',"severityText":""'),
  spanId: /* @__PURE__ */ token(',"spanId":'),
  time: /* @__PURE__ */ token(',"timeUnixNano":'),
  noTime: /* @__PURE__ */ token(',"timeUnixNano":"0"'),
  traceId: /* @__PURE__ */ token(',"traceId":'),
} as const;

/** One record: the field of a `LogRecord` in a `ScopeLogs`, which begins with its tag at `start`. */
export interface EncodedLogRecord {
  readonly chunk: Uint8Array;
  readonly start: number;
}

/** The records of one resource: its field and those of its scopes, as our protobuf encoders write them. */
export interface EncodedResourceLogs {
  /** Empty for none. */
  readonly resource: { readonly bytes: Uint8Array };
  readonly scopes: readonly {
    readonly scope: { readonly bytes: Uint8Array };
    readonly records: readonly EncodedLogRecord[];
  }[];
}

/** Where the fields of one record are, -1 for none. */
interface Fields {
  time: number;
  severityNumber: number;
  severityText: number;
  body: number;
  attributes: number;
  flags: number;
  traceId: number;
  spanId: number;
  observedTime: number;
  eventName: number;
}

/** Writes requests in JSON, one after the other, of what our encoders wrote in protobuf. */
export class OtlpJsonTranscoder {
  readonly #json = new JsonBytes();
  readonly #cursor = new ProtobufCursor();
  readonly #values = new JsonValues(this.#cursor, this.#json);
  readonly #fields = {} as Fields;

  /** One request for all of them, as UTF-8. */
  write(groups: readonly EncodedResourceLogs[]): Uint8Array {
    const json = this.#json;
    json.token(BEGIN_REQUEST);
    this.#each(groups, ({ resource, scopes }) => {
      this.#resource(resource.bytes);
      this.#each(scopes, ({ scope, records: members }) => {
        json.token(LOG_RECORDS);
        this.#each(members, (record) => this.#logRecord(record));
        this.#scope(scope.bytes);
      });
      json.token(END_LIST);
    });
    json.token(END_LIST);
    return json.take();
  }

  #each<T>(items: readonly T[], write: (item: T) => void): void {
    for (let index = 0; index < items.length; index++) {
      if (index > 0) this.#json.token(COMMA);
      write(items[index] as T);
    }
  }

  #resource(field: Uint8Array): void {
    if (field.length === 0) {
      this.#json.token(NO_RESOURCE);
      return;
    }
    this.#json.token(BEGIN_RESOURCE);
    this.#cursor.moveTo(field, 1);
    this.#values.keyValues(this.#cursor.fieldEnd(), RESOURCE_ATTRIBUTE);
    this.#json.token(AFTER_RESOURCE);
  }

  #scope(field: Uint8Array): void {
    const cursor = this.#cursor;
    const json = this.#json;
    json.token(SCOPE);
    cursor.moveTo(field, 1);
    const end = cursor.fieldEnd();
    const at: Record<number, number> = {};
    while (cursor.pos < end) {
      at[cursor.byte()] ??= cursor.pos;
      cursor.pos = cursor.fieldEnd();
    }
    const { [SCOPE_NAME]: name = -1, [SCOPE_VERSION]: version = -1, [SCOPE_ATTRIBUTE]: attributes = -1 } = at;
    this.#attributes(attributes, end, SCOPE_ATTRIBUTE);
    if (name < 0) json.token(NAMES.noName);
    else this.#string(NAMES.name, name);
    if (version >= 0) this.#string(NAMES.version, version);
    json.token(END_SCOPE_LOGS);
  }

  #logRecord({ chunk, start }: EncodedLogRecord): void {
    const json = this.#json;
    const cursor = this.#cursor;
    cursor.moveTo(chunk, start + 1);
    const end = cursor.fieldEnd();
    const fields = this.#find(end);
    json.token(BEGIN_MAP);
    this.#attributes(fields.attributes, end, ATTRIBUTE);
    if (fields.body >= 0) {
      json.token(NAMES.body);
      cursor.pos = fields.body;
      this.#values.anyValue(cursor.fieldEnd());
      json.token(COMMA);
    }
    if (fields.eventName >= 0) {
      this.#string(NAMES.eventName, fields.eventName);
      json.token(COMMA);
    }
    if (fields.flags >= 0) {
      json.token(NAMES.flags);
      cursor.pos = fields.flags;
      json.ascii(String(cursor.fixed32()));
      json.token(COMMA);
    }
    if (fields.observedTime >= 0) {
      json.token(NAMES.observedTime);
      json.time(chunk, fields.observedTime);
      json.token(COMMA);
    }
    json.token(NAMES.severityNumber);
    json.ascii(String(fields.severityNumber));
    if (fields.severityText < 0) json.token(NAMES.noSeverityText);
    else this.#string(NAMES.severityText, fields.severityText);
    if (fields.spanId >= 0) this.#hex(NAMES.spanId, fields.spanId);
    if (fields.time < 0) json.token(NAMES.noTime);
    else {
      json.token(NAMES.time);
      json.time(chunk, fields.time);
    }
    if (fields.traceId >= 0) this.#hex(NAMES.traceId, fields.traceId);
    json.token(END_MAP);
  }

  /** Finds the fields of the record from the cursor to `end`, since JSON has them in another order. */
  #find(end: number): Fields {
    const cursor = this.#cursor;
    const fields = this.#fields;
    fields.severityNumber = 0;
    fields.time = fields.severityText = fields.body = fields.attributes = fields.flags = -1;
    fields.traceId = fields.spanId = fields.observedTime = fields.eventName = -1;
    while (cursor.pos < end) {
      const tag = cursor.byte();
      const at = cursor.pos;
      switch (tag) {
        case TIME:
          fields.time = at;
          break;
        case OBSERVED_TIME:
          fields.observedTime = at;
          break;
        case FLAGS:
          fields.flags = at;
          break;
        case SEVERITY_NUMBER:
          fields.severityNumber = cursor.number();
          continue;
        case SEVERITY_TEXT:
          fields.severityText = at;
          break;
        case BODY:
          fields.body = at;
          break;
        case ATTRIBUTE:
          if (fields.attributes < 0) fields.attributes = at;
          break;
        case TRACE_ID:
          fields.traceId = at;
          break;
        case SPAN_ID:
          fields.spanId = at;
          break;
        case EVENT_NAME:
          fields.eventName = at;
          break;
      }
      skip(cursor, tag);
    }
    return fields;
  }

  /** @param at of the first attribute, behind its tag; -1 for none. */
  #attributes(at: number, end: number, tag: number): void {
    if (at < 0) return;
    this.#json.token(NAMES.attributes);
    this.#cursor.pos = at - 1;
    this.#values.keyValues(end, tag);
    this.#json.token(COMMA);
  }

  #string(name: Uint8Array, at: number): void {
    this.#json.token(name);
    this.#cursor.pos = at;
    this.#values.string();
  }

  #hex(name: Uint8Array, at: number): void {
    const cursor = this.#cursor;
    this.#json.token(name);
    cursor.pos = at;
    const end = cursor.fieldEnd();
    this.#json.hex(cursor.source, cursor.pos, end);
  }
}

/** Passes the content of a field: its wire type says how long that is. */
function skip(cursor: ProtobufCursor, tag: number): void {
  switch (tag & 7) {
    case 0:
      cursor.number();
      break;
    case 1:
      cursor.pos += 8;
      break;
    case 5:
      cursor.pos += 4;
      break;
    default:
      cursor.pos = cursor.fieldEnd();
  }
}
