/** The report for continuous integration, in the form of JUnit's XML that such systems read. */
import { type ConformanceReport, explainOutcome, type RuleOutcome } from "../run/index.ts";
import { oneLine } from "../station/index.ts";
import { byGroup } from "./groups.ts";

/** One suite per group of rules, one case per rule. Advice is output of a passed case. */
export function junitReport(report: ConformanceReport): string {
  const suites = [...byGroup(report.outcomes)].map(([group, outcomes]) => suiteXml(report.subject, group, outcomes));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="sink conformance ${xml(report.suite)}: ${xml(oneLine(report.subject))}"${totals(report.outcomes)}>`,
    ...suites,
    "</testsuites>",
    "",
  ].join("\n");
}

function suiteXml(subject: string, group: string, outcomes: readonly RuleOutcome[]): string {
  const cases = outcomes.map((outcome) => caseXml(subject, group, outcome));
  return [`  <testsuite name="${xml(group)}"${totals(outcomes)}>`, ...cases, "  </testsuite>"].join("\n");
}

function caseXml(subject: string, group: string, outcome: RuleOutcome): string {
  const { rule, durationMs } = outcome;
  const name = xml(`${rule.id} ${rule.what}`);
  const start = `    <testcase classname="${xml(`${oneLine(subject)}.${group}`)}" name="${name}" time="${seconds(durationMs)}"`;
  const content = contentXml(outcome);
  return content === "" ? `${start}/>` : `${start}>${content}</testcase>`;
}

function contentXml(outcome: RuleOutcome): string {
  const { verdict, problem, reason } = outcome;
  const text = xml(explainOutcome(outcome));
  const message = xml(oneLine(problem?.happened ?? reason ?? ""));
  switch (verdict) {
    case "pass":
      return "";
    case "advisory":
      return `<system-out>${text}</system-out>`;
    case "skipped":
    case "waived":
      return `<skipped message="${xml(oneLine(`${verdict}: ${reason ?? ""}`))}"/>`;
    case "fail":
      return `<failure type="${verdict}" message="${message}">${text}</failure>`;
    default:
      return `<error type="${verdict}" message="${message}">${text}</error>`;
  }
}

function totals(outcomes: readonly RuleOutcome[]): string {
  const count = (...verdicts: readonly string[]): number =>
    outcomes.filter(({ verdict }) => verdicts.includes(verdict)).length;
  const time = outcomes.reduce((sum, { durationMs }) => sum + durationMs, 0);
  return (
    ` tests="${outcomes.length}" failures="${count("fail")}" errors="${count("unproven", "error")}"` +
    ` skipped="${count("skipped", "waived")}" time="${seconds(time)}"`
  );
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

const NAMED: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** Text as XML 1.0 allows it: what no document may hold becomes U+FFFD. */
function xml(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replaceAll(/[&<>"']/g, (character) => NAMED[character] ?? "");
}
