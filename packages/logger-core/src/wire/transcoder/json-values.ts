/** `AnyValue` and `KeyValue` lists of protobuf in JSON (§1.6). */
import { type JsonBytes, token } from "./json-bytes.ts";
import type { ProtobufCursor } from "./protobuf-cursor.ts";

const KEY = 0x0a;
const VALUE = 0x12;
const ITEM = 0x0a;
const STRING_VALUE = 0x0a;
const BOOL_VALUE = 0x10;
const INT_VALUE = 0x18;
const DOUBLE_VALUE = 0x21;
const ARRAY_VALUE = 0x2a;

const COMMA = /* @__PURE__ */ token(",");
const NULL = /* @__PURE__ */ token("{}");
const BEGIN_LIST = /* @__PURE__ */ token("[");
const END_LIST = /* @__PURE__ */ token("]");
const END_MAP = /* @__PURE__ */ token("}");
const END_VALUES = /* @__PURE__ */ token("]}}");
const BEGIN_KEY = /* @__PURE__ */ token('{"key":');
const EMPTY_KEY = /* @__PURE__ */ token('{"key":""');
const BEGIN_VALUE = /* @__PURE__ */ token(',"value":');
const BEGIN_STRING = /* @__PURE__ */ token('{"stringValue":');
const TRUE = /* @__PURE__ */ token('{"boolValue":true}');
const FALSE = /* @__PURE__ */ token('{"boolValue":false}');
const BEGIN_INT = /* @__PURE__ */ token('{"intValue":"');
const END_INT = /* @__PURE__ */ token('"}');
const BEGIN_DOUBLE = /* @__PURE__ */ token('{"doubleValue":');
const BEGIN_ARRAY = /* @__PURE__ */ token('{"arrayValue":{"values":[');
const BEGIN_MAP = /* @__PURE__ */ token('{"kvlistValue":{"values":[');

/** Writes values that lie at a cursor. */
export class JsonValues {
  readonly #cursor: ProtobufCursor;
  readonly #json: JsonBytes;

  constructor(cursor: ProtobufCursor, json: JsonBytes) {
    this.#cursor = cursor;
    this.#json = json;
  }

  /** The string whose length is at the cursor. */
  string(): void {
    const cursor = this.#cursor;
    const end = cursor.fieldEnd();
    this.#json.string(cursor.source, cursor.pos, end);
    cursor.pos = end;
  }

  /** A list, with brackets, of the `KeyValue` fields with this tag that lie one after the other at the cursor. */
  keyValues(end: number, tag: number): void {
    this.#json.token(BEGIN_LIST);
    this.#entries(end, tag);
    this.#json.token(END_LIST);
  }

  /** The `AnyValue` from the cursor to `end`; none is null. */
  anyValue(end: number): void {
    const cursor = this.#cursor;
    const json = this.#json;
    if (cursor.pos >= end) {
      json.token(NULL);
      return;
    }
    switch (cursor.byte()) {
      case STRING_VALUE:
        json.token(BEGIN_STRING);
        this.string();
        json.token(END_MAP);
        break;
      case BOOL_VALUE:
        json.token(cursor.byte() === 0 ? FALSE : TRUE);
        break;
      case INT_VALUE:
        json.token(BEGIN_INT);
        json.ascii(cursor.int64());
        json.token(END_INT);
        break;
      case DOUBLE_VALUE:
        json.token(BEGIN_DOUBLE);
        json.ascii(String(cursor.double()));
        json.token(END_MAP);
        break;
      case ARRAY_VALUE:
        json.token(BEGIN_ARRAY);
        this.#items(cursor.fieldEnd());
        json.token(END_VALUES);
        break;
      default:
        json.token(BEGIN_MAP);
        this.#entries(cursor.fieldEnd(), ITEM);
        json.token(END_VALUES);
    }
  }

  #items(end: number): void {
    const cursor = this.#cursor;
    for (let isFirst = true; cursor.pos < end; isFirst = false) {
      if (!isFirst) this.#json.token(COMMA);
      cursor.pos += 1;
      this.anyValue(cursor.fieldEnd());
    }
  }

  #entries(end: number, tag: number): void {
    const cursor = this.#cursor;
    let isFirst = true;
    while (cursor.pos < end && cursor.source[cursor.pos] === tag) {
      if (!isFirst) this.#json.token(COMMA);
      isFirst = false;
      cursor.pos += 1;
      this.#keyValue(cursor.fieldEnd());
    }
  }

  #keyValue(end: number): void {
    const cursor = this.#cursor;
    const json = this.#json;
    if (cursor.source[cursor.pos] === KEY) {
      cursor.pos += 1;
      json.token(BEGIN_KEY);
      this.string();
    } else json.token(EMPTY_KEY);
    json.token(BEGIN_VALUE);
    if (cursor.pos < end && cursor.source[cursor.pos] === VALUE) {
      cursor.pos += 1;
      this.anyValue(cursor.fieldEnd());
    } else json.token(NULL);
    json.token(END_MAP);
  }
}
