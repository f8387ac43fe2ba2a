/** The certificate: what an author puts in a README. The same run gives the same text, so that it can be compared. */
import type { ConformanceReport, RuleOutcome, Verdict } from "../run/index.ts";
import { byGroup, countsText, VERDICTS } from "./groups.ts";
import { markdownText } from "./markdown-text.ts";

/** What a certificate says besides the report. */
export interface CertificateOptions {
  /** When the run was, such as `2026-05-01`. Left out by default, so that the text only changes when the sink does. */
  readonly date?: string | undefined;
}

const SUITE = "[`@dagstack/sink-conformance`](https://www.npmjs.com/package/@dagstack/sink-conformance)";
const HEADINGS: Readonly<Partial<Record<Verdict, string>>> = {
  fail: "Broken",
  error: "Not checked, through a fault of the subject",
  unproven: "Claimed but not proven",
  advisory: "Advice not followed",
  waived: "Waived",
  skipped: "Skipped",
};

/** A verdict line, the claims, a table of groups with counts, and every rule that did not simply pass, with why. */
export function markdownReport(report: ConformanceReport, options: CertificateOptions = {}): string {
  const { subject, suite, profile, claims, conformant, counts, outcomes } = report;
  const verdict = conformant ? "conforms" : "does **not** conform";
  const against = `${SUITE}, rules ${suite}${profile === suite ? "" : `, profile ${profile}`}`;
  const when = options.date === undefined ? "" : `, on ${markdownText(options.date)}`;
  const lines = [
    `**${markdownText(subject)}** ${verdict} to the sink contract: ${countsText(counts)} (${against}${when}).`,
    "",
    `Claims: ${claims.length === 0 ? "none" : claims.map((claim) => `\`${claim}\``).join(", ")}.`,
    "",
    ...tableLines(report),
  ];
  for (const kind of VERDICTS) {
    const heading = HEADINGS[kind];
    const members = outcomes.filter(({ verdict: found }) => found === kind);
    if (heading === undefined || members.length === 0) continue;
    lines.push("", `${heading}:`, "", ...(kind === "skipped" ? skippedLines(members) : members.map(entryLine)));
  }
  return `${lines.join("\n")}\n`;
}

function tableLines({ outcomes, counts }: ConformanceReport): string[] {
  const columns = VERDICTS.filter((verdict) => verdict === "pass" || counts[verdict] > 0);
  const lines = [
    `| rules | ${columns.map((verdict) => (verdict === "pass" ? "kept" : verdict)).join(" | ")} |`,
    `|---${"|---".repeat(columns.length)}|`,
  ];
  for (const [group, members] of byGroup(outcomes)) {
    const cells = columns.map((verdict) => members.filter((outcome) => outcome.verdict === verdict).length);
    lines.push(`| ${group} | ${cells.map((cell) => (cell === 0 ? "" : cell)).join(" | ")} |`);
  }
  return lines;
}

/** One line for each reason: a simple sink skips many rules for a few. */
function skippedLines(outcomes: readonly RuleOutcome[]): string[] {
  const reasons = new Map<string, string[]>();
  for (const { rule, reason = "" } of outcomes) reasons.set(reason, [...(reasons.get(reason) ?? []), rule.id]);
  return [...reasons].map(([reason, ids]) => `- ${ids.join(", ")}: ${markdownText(reason)}`);
}

/** What happened is told of failures alone: it may hold times, and a certificate that holds is compared. */
function entryLine({ rule, verdict, problem, reason }: RuleOutcome): string {
  const why = verdict === "fail" ? problem?.happened : reason;
  return `- ${rule.id} (${rule.level}): ${markdownText(rule.what)}${why === undefined ? "" : ` — ${markdownText(why)}`}`;
}
