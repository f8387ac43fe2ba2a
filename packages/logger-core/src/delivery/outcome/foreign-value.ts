/** Reading what an author's function answered or threw: nothing throws, nothing grows. */

const MAX_TEXT_LENGTH = 200;

/** A member of any value; `undefined` where there is none, or reading it throws. */
export function member(value: unknown, name: string): unknown {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return undefined;
  try {
    return (value as Record<string, unknown>)[name];
  } catch {
    return undefined; // a throwing getter or proxy: read as if it were not there, which loses the batch or retries it
  }
}

/** The members of an array that may be a proxy, `undefined` for anything else and for more than `max`. */
export function members(value: unknown, max: number): unknown[] | undefined {
  try {
    if (!Array.isArray(value)) return undefined;
  } catch {
    return undefined; // a revoked proxy: no array
  }
  const length = member(value, "length");
  if (typeof length !== "number" || !(length <= max)) return undefined;
  return Array.from({ length }, (_, index) => member(value, String(index)));
}

/** A text short enough for a diagnostic. */
export function shortText(value: unknown, fallback: string): string {
  if (typeof value !== "string" || value === "") return fallback;
  return value.length > MAX_TEXT_LENGTH ? `${value.slice(0, MAX_TEXT_LENGTH)}…` : value;
}
