/** The report for programs. */
import type { ConformanceReport } from "../run/index.ts";
import type { SinkRule } from "../station/index.ts";

/** The report as it is, each rule without its check. */
export function jsonReport(report: ConformanceReport): string {
  const outcomes = report.outcomes.map(({ rule, ...outcome }) => ({ rule: ruleData(rule), ...outcome }));
  return `${JSON.stringify({ ...report, outcomes }, null, 2)}\n`;
}

/** The rules without their checks. */
export function jsonList(rules: readonly SinkRule[]): string {
  return `${JSON.stringify(rules.map(ruleData), null, 2)}\n`;
}

function ruleData({ check: _check, ...data }: SinkRule): Omit<SinkRule, "check"> {
  return data;
}
