/** What the encoders agree on about values: which objects are maps, in what order, how deep, and what is refused. */

/**
 * Containers nested deeper than this are refused, circular ones by the same rule. The builder stops at 32 (§1.4), so
 * only values made elsewhere come near; the limit keeps the recursion well inside any engine's stack.
 */
export const MAX_NESTING = 1000;

/** Whether an object is a map of values: a literal, a null-prototype object, or one from another realm. */
export function isMap(value: object): value is Record<string, unknown> {
  const prototype: object | null = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}

/** The keys of a map in the order of every wire format: by UTF-16 code unit (D-01), as `sort()` compares by default. */
export function sortedKeys(map: object): string[] {
  const keys = Object.keys(map);
  for (let index = 1; index < keys.length; index++) {
    if ((keys[index - 1] as string) > (keys[index] as string)) return keys.sort();
  }
  return keys;
}

/** @throws TypeError when a container at this depth must not be entered. */
export function checkNesting(depth: number): void {
  if (depth > MAX_NESTING) throw new TypeError(`the value is circular or nested deeper than ${MAX_NESTING} levels`);
}

/** The error for something that is no `Value` (§1.3). Says what kind of thing it was, never what it held. */
export function notAValue(value: unknown): TypeError {
  if (typeof value === "number") return new TypeError(`${value} has no wire form`);
  if (typeof value === "object")
    return new TypeError("an object that is neither a list nor a plain map has no wire form");
  return new TypeError(`a value of type ${typeof value} has no wire form`);
}

/** The error for a string that has no UTF-8 form (D-05). */
export function loneSurrogate(): TypeError {
  return new TypeError("a string with a lone surrogate has no wire form");
}

const INT64_LIMIT = 2 ** 63;

/** Whether a number or bigint is an integer that OTLP's `int64` can hold. */
export function isInt64(value: number | bigint): boolean {
  if (typeof value === "bigint") return BigInt.asIntN(64, value) === value;
  return Number.isInteger(value) && value >= -INT64_LIMIT && value < INT64_LIMIT;
}
