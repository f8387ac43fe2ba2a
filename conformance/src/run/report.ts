/** What a run found, as data. */
import type { Problem, SinkRule } from "../station/index.ts";

/**
 * What became of one rule.
 *
 * - `pass`: the sink keeps it
 * - `fail`: the sink breaks it
 * - `advisory`: the sink does not keep it, but it only advises: a `should`, or a rule newer than the subject's profile
 * - `skipped`: it says nothing about this sink, for the reason given
 * - `waived`: the sink breaks it, and the subject says why
 * - `unproven`: the sink claims it, but the subject has no hook to prove it
 * - `error`: the subject, not the sink, kept it from being checked
 */
export type Verdict = "pass" | "fail" | "advisory" | "skipped" | "waived" | "unproven" | "error";

/** One rule's outcome. */
export interface RuleOutcome {
  readonly rule: SinkRule;
  readonly verdict: Verdict;
  /** What was expected, what happened and why it usually does; with `fail`, `advisory` and `waived`. */
  readonly problem?: Problem;
  /** Why, in one line; with every other verdict than `pass` and `fail`. */
  readonly reason?: string;
  readonly durationMs: number;
}

/** A run of the suite over one subject. */
export interface ConformanceReport {
  /** The version of the suite's rules. */
  readonly suite: string;
  readonly subject: string;
  /** The version of the rules that the subject was written for. */
  readonly profile: string;
  /** The claims that were put to the proof, by name. */
  readonly claims: readonly string[];
  /** True when nothing failed, nothing claimed was left unproven and the subject made no mistake. */
  readonly conformant: boolean;
  readonly counts: Readonly<Record<Verdict, number>>;
  readonly outcomes: readonly RuleOutcome[];
  readonly durationMs: number;
}

/** The verdicts that keep a sink from conforming. */
export const FAILURES: readonly Verdict[] = ["fail", "unproven", "error"];

/** A broken or unprovable rule in words: what the rule says, what was expected, what happened, what to do. */
export function explainOutcome({ rule, verdict, problem, reason }: RuleOutcome): string {
  const lines = [`${rule.id} (${rule.level}, ${rule.section}): ${rule.what}`];
  if (verdict === "error") lines.push(`the subject is at fault: ${reason ?? ""}`);
  else if (reason !== undefined) lines.push(`${verdict}: ${reason}`);
  if (problem !== undefined) {
    lines.push(`expected: ${problem.expected}`, `happened: ${problem.happened}`, `likely cause: ${problem.cause}`);
    lines.push(`why it matters: ${rule.why}`, `fix: ${rule.fix}`);
  }
  return lines.join("\n  ");
}
