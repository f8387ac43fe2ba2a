import { clampSeverity, type Severity } from "@dagstack/logger-core";
import { exceptionOption } from "../record/index.ts";
import type { Identity } from "../registry/index.ts";
import { reportMalformed } from "../reporting/index.ts";

// Looking up a member of `Severity` would cost as much as the level test does.
export const TRACE: typeof Severity.TRACE = 1;
export const DEBUG: typeof Severity.DEBUG = 5;
export const INFO: typeof Severity.INFO = 9;
export const WARN: typeof Severity.WARN = 13;
export const ERROR: typeof Severity.ERROR = 17;
export const FATAL: typeof Severity.FATAL = 21;

/** A severity as records have it. A number that is none is clamped and reported once (D-21). */
export function clamped({ registry, node }: Identity, severityNumber: unknown): number {
  const severity = clampSeverity(severityNumber);
  if (severity !== severityNumber) reportMalformed(registry, node, "severity_out_of_range", "");
  return severity;
}

/** The severity of an `exception()` call: the one in its options, else ERROR. */
export function exceptionSeverity(identity: Identity, options: unknown): number {
  return clamped(identity, exceptionOption(options, "severityNumber") ?? ERROR);
}
