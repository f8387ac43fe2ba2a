import type { Value } from "./record.ts";

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
