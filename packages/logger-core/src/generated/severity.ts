// Generated from data/severity.json by `pnpm generate`. Do not edit.

/** The six canonical texts (§2). */
export type SeverityText = "TRACE" | "DEBUG" | "INFO" | "WARN" | "ERROR" | "FATAL";

/** The number that each log method emits (§2). */
export const Severity: {
  readonly TRACE: 1;
  readonly DEBUG: 5;
  readonly INFO: 9;
  readonly WARN: 13;
  readonly ERROR: 17;
  readonly FATAL: 21;
} = Object.freeze({
  TRACE: 1,
  DEBUG: 5,
  INFO: 9,
  WARN: 13,
  ERROR: 17,
  FATAL: 21,
});

export const MIN_SEVERITY = 1;
export const MAX_SEVERITY = 24;
export const DEFAULT_SEVERITY = 9;

/** The text of each severity number; index 0 is unused. */
export const SEVERITY_TEXTS: readonly SeverityText[] = Object.freeze([
  "TRACE",
  "TRACE",
  "TRACE",
  "TRACE",
  "TRACE",
  "DEBUG",
  "DEBUG",
  "DEBUG",
  "DEBUG",
  "INFO",
  "INFO",
  "INFO",
  "INFO",
  "WARN",
  "WARN",
  "WARN",
  "WARN",
  "ERROR",
  "ERROR",
  "ERROR",
  "ERROR",
  "FATAL",
  "FATAL",
  "FATAL",
  "FATAL",
]);

/** Every spelling of a level by name, upper case (D-76). */
export const LEVEL_NAMES: ReadonlyMap<string, number> = new Map([
  ["TRACE", 1],
  ["TRACE2", 2],
  ["TRACE3", 3],
  ["TRACE4", 4],
  ["DEBUG", 5],
  ["DEBUG2", 6],
  ["DEBUG3", 7],
  ["DEBUG4", 8],
  ["INFO", 9],
  ["INFO2", 10],
  ["INFO3", 11],
  ["INFO4", 12],
  ["WARN", 13],
  ["WARN2", 14],
  ["WARN3", 15],
  ["WARN4", 16],
  ["ERROR", 17],
  ["ERROR2", 18],
  ["ERROR3", 19],
  ["ERROR4", 20],
  ["FATAL", 21],
  ["FATAL2", 22],
  ["FATAL3", 23],
  ["FATAL4", 24],
  ["TRACE1", 1],
  ["DEBUG1", 5],
  ["INFO1", 9],
  ["WARN1", 13],
  ["ERROR1", 17],
  ["FATAL1", 21],
  ["WARNING", 13],
  ["CRITICAL", 21],
]);
