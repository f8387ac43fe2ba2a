/** Runs rules over a subject. Nothing that a subject or a sink does ends the run. */
import { ConfigError, describeError } from "@dagstack/logger-core";
import { refuseInChild } from "../child/index.ts";
import type { SinkRule } from "../station/index.ts";
import { Lab, MissingHook, NoSink, NotApplicable, RuleBroken, SubjectFault } from "../station/index.ts";
import type { SinkSubject } from "../subject/index.ts";
import { checkSubject } from "./check-subject.ts";
import { type ConformanceReport, FAILURES, type RuleOutcome, type Verdict } from "./report.ts";
import { SUITE_VERSION, sinkRules } from "./rules.ts";

/** How to run the suite. */
export interface RunOptions {
  /** Only these rules, by id or by group (`FLUSH`). The one that asks whether there is a sink at all always runs. Default: all. */
  readonly rules?: readonly string[] | undefined;
  /** Seeds `env.random`. Default 1. */
  readonly seed?: number | undefined;
  /** How long one rule may take, in milliseconds. Default 60 000. */
  readonly ruleTimeoutMs?: number | undefined;
  /** Called before each rule. */
  readonly onRule?: ((rule: SinkRule, index: number, total: number) => void) | undefined;
  /** Called after each rule. */
  readonly onOutcome?: ((outcome: RuleOutcome) => void) | undefined;
}

const FIRST_RULE = "SHAPE-01";
const RULE_TIMEOUT_MS = 60_000;

/**
 * Runs the suite over a subject, one rule after another.
 *
 * @throws ConfigError for a subject that is none, and for a rule that does not exist. What goes wrong later is reported.
 */
export async function runSinkConformance(subject: SinkSubject, options: RunOptions = {}): Promise<ConformanceReport> {
  refuseInChild();
  checkSubject(subject);
  const rules = selectRules(options.rules);
  const started = performance.now();
  const outcomes: RuleOutcome[] = [];
  for (const [index, rule] of rules.entries()) {
    options.onRule?.(rule, index, rules.length);
    const outcome = await runRule(subject, rule, options);
    outcomes.push(outcome);
    options.onOutcome?.(outcome);
  }
  const count = (verdict: Verdict): number => outcomes.filter((outcome) => outcome.verdict === verdict).length;
  return {
    suite: SUITE_VERSION,
    subject: subject.name,
    profile: subject.profile ?? SUITE_VERSION,
    claims: Object.entries(subject.claims ?? {})
      .filter(([, claim]) => claim === true || typeof claim === "object")
      .map(([name]) => name),
    conformant: outcomes.every(({ verdict }) => !FAILURES.includes(verdict)),
    counts: {
      pass: count("pass"),
      fail: count("fail"),
      advisory: count("advisory"),
      skipped: count("skipped"),
      waived: count("waived"),
      unproven: count("unproven"),
      error: count("error"),
    },
    outcomes,
    durationMs: performance.now() - started,
  };
}

/** The rules of these ids and groups, and the first of all. @throws ConfigError for one that does not exist. */
export function selectRules(wanted: readonly string[] | undefined): readonly SinkRule[] {
  if (wanted === undefined || wanted.length === 0) return sinkRules;
  const names = wanted.map((name) => name.toUpperCase());
  const unknown = names.filter((name) => !sinkRules.some(({ id }) => id === name || id.startsWith(`${name}-`)));
  if (unknown.length > 0) {
    throw new ConfigError([
      {
        path: "rules",
        reason: "validation_failed",
        received: unknown.join(", "),
        allowed: "ids of rules, or their groups",
        fix: "see sinkRules, or sink-conformance --list",
      },
    ]);
  }
  return sinkRules.filter(
    ({ id }) => id === FIRST_RULE || names.some((name) => id === name || id.startsWith(`${name}-`)),
  );
}

/** Runs one rule over a subject. Never throws. */
export async function runRule(
  subject: SinkSubject,
  rule: SinkRule,
  options: Pick<RunOptions, "seed" | "ruleTimeoutMs"> = {},
): Promise<RuleOutcome> {
  const started = performance.now();
  const answer = await judge(subject, rule, options);
  return { rule, ...weigh(subject, rule, answer), durationMs: performance.now() - started };
}

type Answer = Pick<RuleOutcome, "verdict" | "problem" | "reason">;

async function judge(subject: SinkSubject, rule: SinkRule, options: RunOptions): Promise<Answer> {
  const unclaimed = rule.claims.filter((claim) => !subject.claims?.[claim]);
  if (unclaimed.length > 0) return { verdict: "skipped", reason: `does not claim ${unclaimed.join(", ")}` };
  const lab = new Lab(subject, options.seed ?? 1);
  let answer: Answer;
  try {
    answer = await withinTime(rule.check(lab), options.ruleTimeoutMs ?? RULE_TIMEOUT_MS);
  } catch (error) {
    answer = understand(error, rule);
  }
  try {
    await lab.end();
  } catch (error) {
    // What the sink did wrong says more than what the subject did after it.
    if (answer.verdict === "pass") answer = understand(error, rule);
  }
  return answer;
}

async function withinTime(check: Promise<void>, timeoutMs: number): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Answer>((resolve) => {
    const problem = {
      expected: "the check to end",
      happened: `it did not within ${timeoutMs} ms`,
      cause: "the sink blocks the thread for a long time, or one of its calls never settles",
    };
    timer = setTimeout(() => resolve({ verdict: "fail", problem }), timeoutMs);
  });
  try {
    return await Promise.race([check.then((): Answer => ({ verdict: "pass" })), late]);
  } finally {
    clearTimeout(timer);
  }
}

function understand(error: unknown, rule: SinkRule): Answer {
  if (error instanceof NoSink && rule.id !== FIRST_RULE) {
    return { verdict: "skipped", reason: `there is no sink to look at: see ${FIRST_RULE}` };
  }
  if (error instanceof RuleBroken) return { verdict: "fail", problem: error.problem };
  if (error instanceof NotApplicable) return { verdict: "skipped", reason: error.message };
  if (error instanceof SubjectFault) return { verdict: "error", reason: error.message };
  if (error instanceof MissingHook) {
    return rule.claims.length === 0
      ? { verdict: "skipped", reason: error.message }
      : { verdict: "unproven", reason: `claims ${rule.claims.join(", ")}, but ${error.message}` };
  }
  const { type, message } = describeError(error);
  return { verdict: "error", reason: `the check itself threw ${type}: ${message}` };
}

/** Waivers and profiles: what counts of a rule that does not hold. */
function weigh(subject: SinkSubject, rule: SinkRule, answer: Answer): Answer {
  const waiver = subject.waivers?.[rule.id];
  if (waiver !== undefined) {
    if (answer.verdict === "fail" || answer.verdict === "unproven") {
      return { ...answer, verdict: "waived", reason: waiver };
    }
    if (answer.verdict === "pass") {
      const problem = {
        expected: "a waived rule to fail",
        happened: "the sink keeps it",
        cause: "the sink was repaired and the waiver forgotten: remove it",
      };
      return { verdict: "fail", problem };
    }
  }
  if (answer.verdict !== "fail") return answer;
  if (rule.level === "should") return { ...answer, verdict: "advisory", reason: "a should" };
  const profile = subject.profile ?? SUITE_VERSION;
  if (isNewer(rule.since, profile)) {
    return { ...answer, verdict: "advisory", reason: `since ${rule.since}, newer than the profile ${profile}` };
  }
  return answer;
}

function isNewer(since: string, profile: string): boolean {
  const [major = 0, minor = 0] = since.split(".").map(Number);
  const [profileMajor = 0, profileMinor = 0] = profile.split(".").map(Number);
  return major > profileMajor || (major === profileMajor && minor > profileMinor);
}
