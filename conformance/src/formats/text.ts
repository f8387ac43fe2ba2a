/** The report for a reader at a terminal. */
import { type ConformanceReport, explainOutcome, type RuleOutcome, type Verdict } from "../run/index.ts";
import type { SinkRule } from "../station/index.ts";
import { oneLine } from "../station/index.ts";
import { byGroup, countsText } from "./groups.ts";

const MARKS: Readonly<Record<Verdict, string>> = {
  pass: "✓",
  fail: "✗",
  error: "✗",
  unproven: "?",
  advisory: "!",
  waived: "~",
  skipped: "-",
};

const EXPLAINED: readonly Verdict[] = ["fail", "error", "unproven", "advisory", "waived"];

/** Groups with one line per rule, what did not hold explained, what was skipped with its reason, and a last line. */
export function textReport(report: ConformanceReport): string {
  const { subject, suite, profile, claims, outcomes, counts, durationMs } = report;
  const newer = profile === suite ? "" : `, profile ${profile}`;
  const lines = [
    `${oneLine(subject)}: sink conformance ${suite}${newer}`,
    `claims: ${claims.length === 0 ? "none" : claims.join(", ")}`,
  ];
  for (const [group, members] of byGroup(outcomes)) lines.push("", group, ...members.map(ruleLine));
  const explained = outcomes.filter(({ verdict }) => EXPLAINED.includes(verdict));
  if (explained.length > 0) lines.push("", "What did not hold");
  for (const outcome of explained) lines.push("", indented(explainOutcome(outcome)));
  lines.push("", ...skippedLines(outcomes));
  const verdict = report.conformant ? "conforms" : "does not conform";
  lines.push(`${oneLine(subject)} ${verdict}: ${countsText(counts)} in ${(durationMs / 1000).toFixed(1)} s`);
  return `${lines.join("\n")}\n`;
}

/** The rules with their ids and levels. */
export function textList(rules: readonly SinkRule[]): string {
  return rules.map(({ id, level, what }) => `${id.padEnd(12)}${level.padEnd(8)}${what}\n`).join("");
}

function ruleLine({ rule, verdict }: RuleOutcome): string {
  const noted = verdict === "pass" ? "" : ` [${verdict}]`;
  return `  ${MARKS[verdict]} ${rule.id.padEnd(11)} ${rule.what}${noted}`;
}

function skippedLines(outcomes: readonly RuleOutcome[]): string[] {
  const skipped = outcomes.filter(({ verdict }) => verdict === "skipped");
  if (skipped.length === 0) return [];
  const lines = skipped.map(({ rule, reason }) => `  ${rule.id.padEnd(11)} ${oneLine(reason ?? "")}`);
  return ["Skipped, since they say nothing about this sink", ...lines, ""];
}

/** Each line set in, and harmless. */
function indented(text: string): string {
  return text
    .split("\n")
    .map((line, index) => `  ${index === 0 ? "" : "  "}${oneLine(line)}`)
    .join("\n");
}
