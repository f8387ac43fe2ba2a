import type { Value } from "./value.ts";

/** A map under construction. */
export type MutableMap = { [key: string]: Value };

/** Whether an input is a literal or a null-prototype object of this realm. */
export function isPlain(input: unknown): input is object {
  try {
    if (typeof input !== "object" || input === null) return false;
    const prototype: unknown = Object.getPrototypeOf(input);
    return prototype === Object.prototype || prototype === null;
  } catch {
    return false; // a hostile proxy: the walk reports it as unreadable
  }
}

/** Sets a member as data, `__proto__` included. */
export function setMember(map: MutableMap, key: string, value: Value): void {
  if (key === "__proto__") {
    Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    map[key] = value;
  }
}

/** Whether a value is a list, as far as it can be told. */
export function isList(input: unknown): input is readonly unknown[] {
  try {
    return Array.isArray(input);
  } catch {
    return false; // a revoked proxy: the walk reports it as unreadable
  }
}

/** No list is longer. */
const MAX_LENGTH = 2 ** 32 - 1;

/** How many items a list has: that of a proxy may lie. @throws TypeError for a length that is none. */
export function listLength(list: readonly unknown[]): number {
  const { length } = list as { readonly length: unknown };
  if (typeof length === "number" && length >= 0) return Math.min(length, MAX_LENGTH);
  throw new TypeError("the list has no length");
}
