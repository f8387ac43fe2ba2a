/** Sizes and durations as configuration spells them (§9.1). */

const BYTES_PER_UNIT: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};

const MS_PER_UNIT: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/**
 * Bytes of a size: a whole number, or text such as `"100MB"`, `"1.5 GiB"`, `"4096"`; fractions of a byte are cut.
 * `undefined` when it is none.
 */
export function parseSize(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
  if (typeof value !== "string") return undefined;
  const match = /^([0-9]+(?:\.[0-9]+)?)\s*(B|KB|MB|GB|KiB|MiB|GiB)?$/.exec(value);
  if (match === null) return undefined;
  const bytes = Math.floor(Number(match[1]) * (BYTES_PER_UNIT[match[2] ?? "B"] ?? 1));
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** Milliseconds of a duration: a whole number of at least 1, or text such as `"500ms"` `"5s"` `"1m"` `"1h"` `"1d"`. */
export function parseDuration(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isSafeInteger(value) && value >= 1 ? value : undefined;
  if (typeof value !== "string") return undefined;
  const match = /^([1-9][0-9]*)(ms|s|m|h|d)$/.exec(value);
  if (match === null) return undefined;
  const ms = Number(match[1]) * (MS_PER_UNIT[match[2] ?? "ms"] ?? 1);
  return Number.isSafeInteger(ms) ? ms : undefined;
}
