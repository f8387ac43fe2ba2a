/** Canonical JSON (config-spec §9.1.1, a subset of RFC 8785), the text of every JSON that we write (§1.5). */
import { checkNesting, isMap, loneSurrogate, notAValue, sortedKeys } from "./value-shape.ts";

/** A string without these stands in JSON as it is. With the `u` flag `\p{Cs}` finds lone surrogates only: a pair is one code point. */
export const NEEDS_CARE: RegExp = /["\\\p{Cc}\p{Cs}]/u;
const LONE_SURROGATE = /\p{Cs}/u;

/**
 * The canonical JSON text of a value: members sorted by UTF-16 code unit at every depth, no white space, shortest
 * numbers, bigints as raw digits (§1.5). A member that is `undefined` is skipped.
 *
 * @throws TypeError for what canonical JSON cannot say: NaN and infinities, lone surrogates, `undefined` elsewhere,
 *   functions, symbols, objects other than lists and plain maps, circular values and those nested deeper than 1000
 *   levels. Records are built free of all of them (§1.4).
 */
export function canonicalJson(value: unknown): string {
  return write(value, 0);
}

function write(value: unknown, depth: number): string {
  switch (typeof value) {
    case "string":
      return canonicalString(value);
    case "number":
      if (!Number.isFinite(value)) throw notAValue(value);
      return String(value); // ECMAScript's own spelling is the canonical one; -0 becomes "0" (D-02)
    case "boolean":
    case "bigint":
      return String(value);
    case "object":
      if (value === null) return "null";
      if (Array.isArray(value)) return writeList(value, depth + 1);
      if (isMap(value)) return writeMap(value, depth + 1);
  }
  throw notAValue(value);
}

function writeList(list: readonly unknown[], depth: number): string {
  checkNesting(depth);
  let text = "[";
  for (let index = 0; index < list.length; index++) {
    if (index > 0) text += ",";
    text += write(list[index], depth);
  }
  return `${text}]`;
}

function writeMap(map: Record<string, unknown>, depth: number): string {
  checkNesting(depth);
  let text = "{";
  for (const key of sortedKeys(map)) {
    const value = map[key];
    if (value === undefined) continue;
    if (text !== "{") text += ",";
    text += `${canonicalString(key)}:${write(value, depth)}`;
  }
  return `${text}}`;
}

/**
 * The canonical JSON text of a string, quotes included.
 *
 * @throws TypeError for a lone surrogate (D-05).
 */
export function canonicalString(text: string): string {
  if (!NEEDS_CARE.test(text)) return `"${text}"`;
  if (LONE_SURROGATE.test(text)) throw loneSurrogate();
  return JSON.stringify(text); // escapes exactly what RFC 8785 escapes, lone surrogates aside
}
