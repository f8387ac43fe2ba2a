import { clampSeverity, levelNumber, Severity } from "@dagstack/logger-core";
import { exceptionOption } from "../record/index.ts";
import type { Identity } from "../registry/index.ts";
import { reportMalformed } from "../reporting/index.ts";

/** The number of a level. Anything that is none counts as a severity out of range does. */
export function asSeverity(level: unknown): number {
  return levelNumber(level) ?? clampSeverity(level);
}

/** A severity as records have it. A number that is none is clamped and reported once (D-21). */
export function clamped({ registry, node }: Identity, severityNumber: unknown): number {
  const severity = clampSeverity(severityNumber);
  if (severity !== severityNumber) reportMalformed(registry, node, "severity_out_of_range", "");
  return severity;
}

/** The severity of an `exception()` call: the one in its options, else ERROR. */
export function exceptionSeverity(identity: Identity, options: unknown): number {
  return clamped(identity, exceptionOption(options, "severityNumber") ?? Severity.ERROR);
}
