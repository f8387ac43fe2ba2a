/** Severity numbers, their texts and the spellings of a level (§2). */

import {
  DEFAULT_SEVERITY,
  LEVEL_NAMES,
  MAX_SEVERITY,
  MIN_SEVERITY,
  SEVERITY_TEXTS,
  type SeverityText,
} from "../generated/severity.ts";
import { describeValue } from "./describe-value.ts";
import { ConfigError, type ConfigIssue } from "./errors.ts";

export { DEFAULT_SEVERITY, MAX_SEVERITY, MIN_SEVERITY, Severity, type SeverityText } from "../generated/severity.ts";

type PrimaryName = "trace" | "debug" | "info" | "warn" | "error" | "fatal";

/**
 * A configured level: a name in any case (`info`, `WARNING`, `CRITICAL`), a short name (`INFO2`), or a number from 1 to
 * 24, also as digits (D-76).
 */
export type Level = PrimaryName | Uppercase<PrimaryName> | (string & {}) | number;

/** The canonical text of a severity number from 1 to 24. */
export function severityText(severityNumber: number): SeverityText {
  return SEVERITY_TEXTS[severityNumber] ?? "INFO";
}

/** The severity number of a level, or `undefined` when it is none (D-76). */
export function levelNumber(level: unknown): number | undefined {
  if (typeof level === "number") {
    return Number.isInteger(level) && level >= MIN_SEVERITY && level <= MAX_SEVERITY ? level : undefined;
  }
  if (typeof level !== "string") return undefined;
  const named = LEVEL_NAMES.get(level.toUpperCase());
  if (named !== undefined) return named;
  return /^[0-9]{1,2}$/.test(level) ? levelNumber(Number(level)) : undefined;
}

/** The problem with something that is no level, at `path`. */
export function levelIssue(path: string, received: unknown): ConfigIssue {
  return {
    path,
    reason: typeof received === "string" || typeof received === "number" ? "out_of_range" : "type_mismatch",
    received: describeValue(received),
    allowed:
      "TRACE, DEBUG, INFO, WARN, ERROR, FATAL (any case), WARNING, CRITICAL, a short name such as INFO2, or 1 to 24",
    fix: 'use for example "info"',
  };
}

/**
 * The severity number of a configured level (D-76).
 *
 * @param path where the level was configured, for the error.
 * @throws ConfigError when it is no level.
 */
export function parseLevel(level: unknown, path = "level"): number {
  const parsed = levelNumber(level);
  if (parsed === undefined) throw new ConfigError([levelIssue(path, level)]);
  return parsed;
}

/** The severity of a `log()` call: clamped to 1..24, fractions cut, anything that is no number INFO (D-21). */
export function clampSeverity(severityNumber: unknown): number {
  if (typeof severityNumber !== "number" || Number.isNaN(severityNumber)) return DEFAULT_SEVERITY;
  return Math.min(MAX_SEVERITY, Math.max(MIN_SEVERITY, Math.trunc(severityNumber)));
}
