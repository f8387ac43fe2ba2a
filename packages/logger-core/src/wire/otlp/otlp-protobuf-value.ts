/** `AnyValue` and `KeyValue` lists in OTLP protobuf (§1.7). */

import { checkNesting, isInt64, isMap, notAValue, sortedKeys } from "../encoder/index.ts";
import type { ProtobufWriter } from "./protobuf-writer.ts";

/** A map as repeated `KeyValue`s of `field`, sorted by key. @throws TypeError as `canonicalJson`. */
export function writeKeyValues(writer: ProtobufWriter, field: number, map: object): void {
  keyValues(writer, field, map, 1);
}

/** The inside of an `AnyValue`; nothing for null. @throws TypeError as `canonicalJson`. */
export function writeAnyValue(writer: ProtobufWriter, value: unknown): void {
  anyValue(writer, value, 0);
}

function keyValues(writer: ProtobufWriter, field: number, map: object, depth: number): void {
  checkNesting(depth);
  for (const key of sortedKeys(map)) {
    const value = (map as Record<string, unknown>)[key];
    if (value === undefined) continue;
    const mark = writer.begin(field);
    if (key !== "") writer.string(1, key);
    const inner = writer.begin(2);
    anyValue(writer, value, depth);
    writer.end(inner);
    writer.end(mark);
  }
}

// A member of AnyValue is a `oneof`: its default is written, or it would read as null.
function anyValue(writer: ProtobufWriter, value: unknown, depth: number): void {
  if (value === null) return;
  if (typeof value === "string") writer.string(1, value);
  else if (typeof value === "boolean") writer.bool(2, value);
  else if (typeof value === "number") number(writer, value);
  // Beyond int64 the digits go as text, as the builder would have sent them (D-04).
  else if (typeof value === "bigint") isInt64(value) ? writer.int64(3, value) : writer.string(1, String(value));
  else if (typeof value === "object") container(writer, value, depth + 1);
  else throw notAValue(value);
}

function number(writer: ProtobufWriter, value: number): void {
  if (isInt64(value)) writer.int64(3, value);
  else if (Number.isFinite(value)) writer.double(4, value);
  else throw notAValue(value);
}

function container(writer: ProtobufWriter, value: object, depth: number): void {
  if (Array.isArray(value)) {
    const mark = writer.begin(5);
    values(writer, value, depth);
    writer.end(mark);
  } else if (isMap(value)) {
    const mark = writer.begin(6);
    keyValues(writer, 1, value, depth);
    writer.end(mark);
  } else throw notAValue(value);
}

function values(writer: ProtobufWriter, list: readonly unknown[], depth: number): void {
  checkNesting(depth);
  for (let index = 0; index < list.length; index++) {
    const mark = writer.begin(1);
    anyValue(writer, list[index], depth);
    writer.end(mark);
  }
}
