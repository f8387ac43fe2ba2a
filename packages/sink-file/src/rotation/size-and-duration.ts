/** Sizes and durations as configuration spells them (§9.1). */

const BYTES_PER_UNIT: ReadonlyMap<string, number> = new Map([
  ["", 1],
  ["B", 1],
  ["KB", 1e3],
  ["MB", 1e6],
  ["GB", 1e9],
  ["KiB", 1024],
  ["MiB", 1024 ** 2],
  ["GiB", 1024 ** 3],
]);

const MS_PER_UNIT: ReadonlyMap<string, number> = new Map([
  ["ms", 1],
  ["s", 1_000],
  ["m", 60_000],
  ["h", 3_600_000],
  ["d", 86_400_000],
]);

/**
 * Bytes of a size: a whole number, or text such as `"100MB"`, `"1.5 GiB"`, `"4096"`; fractions of a byte are cut.
 * `undefined` when it is none.
 */
export function parseSize(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
  if (typeof value !== "string") return undefined;
  const match = /^([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z]*)$/.exec(value);
  return match === null ? undefined : product(match, BYTES_PER_UNIT);
}

/** Milliseconds of a duration: a whole number of at least 1, or text such as `"500ms"` `"5s"` `"1m"` `"1h"` `"1d"`. */
export function parseDuration(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isSafeInteger(value) && value >= 1 ? value : undefined;
  if (typeof value !== "string") return undefined;
  const match = /^([1-9][0-9]*)([a-z]+)$/.exec(value);
  return match === null ? undefined : product(match, MS_PER_UNIT);
}

function product(match: RegExpExecArray, units: ReadonlyMap<string, number>): number | undefined {
  const result = Math.floor(Number(match[1]) * (units.get(String(match[2])) ?? Number.NaN));
  return Number.isSafeInteger(result) ? result : undefined;
}
