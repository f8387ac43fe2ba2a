import type { Value } from "./value.ts";

/** A value as text for people: a text as it is, anything else as JSON, sorted by key, integers beyond 2^53 in quotes. */
export function valueText(value: Value): string {
  return typeof value === "string" ? value : JSON.stringify(value, (_, member: Value) => jsonOf(member));
}

function jsonOf(value: Value): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
