/** `AnyValue` and `KeyValue` lists in OTLP JSON (§1.6). */
import { canonicalString, checkNesting, isInt64, isMap, notAValue, sortedKeys } from "../encoder/index.ts";

/** A `KeyValue` list sorted by key, with its brackets; `[]` for an empty map. @throws TypeError as `canonicalJson`. */
export function keyValuesJson(map: object): string {
  return keyValues(map, 1);
}

/** An `AnyValue`; `{}` for null. @throws TypeError as `canonicalJson`. */
export function anyValueJson(value: unknown): string {
  return anyValue(value, 0);
}

function keyValues(map: object, depth: number): string {
  checkNesting(depth);
  let text = "[";
  for (const key of sortedKeys(map)) {
    const value = (map as Record<string, unknown>)[key];
    if (value === undefined) continue;
    if (text !== "[") text += ",";
    text += `{"key":${canonicalString(key)},"value":${anyValue(value, depth)}}`;
  }
  return `${text}]`;
}

function anyValue(value: unknown, depth: number): string {
  switch (typeof value) {
    case "string":
      return `{"stringValue":${canonicalString(value)}}`;
    case "boolean":
      return `{"boolValue":${value}}`;
    case "number":
      if (isInt64(value)) return `{"intValue":"${BigInt(value)}"}`; // exact: String(2 ** 60) would round its digits
      if (!Number.isFinite(value)) throw notAValue(value);
      return `{"doubleValue":${value}}`;
    case "bigint":
      // Beyond int64 the digits go as text, as the builder would have sent them (D-04).
      return isInt64(value) ? `{"intValue":"${value}"}` : `{"stringValue":"${value}"}`;
    case "object":
      if (value === null) return "{}";
      if (Array.isArray(value)) return `{"arrayValue":{"values":${anyValues(value, depth + 1)}}}`;
      if (isMap(value)) return `{"kvlistValue":{"values":${keyValues(value, depth + 1)}}}`;
  }
  throw notAValue(value);
}

function anyValues(list: readonly unknown[], depth: number): string {
  checkNesting(depth);
  let text = "[";
  for (let index = 0; index < list.length; index++) {
    if (index > 0) text += ",";
    text += anyValue(list[index], depth);
  }
  return `${text}]`;
}
