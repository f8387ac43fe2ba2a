/** The suite as tests of whatever framework the author uses. Nothing of any framework is imported. */
import { describeValue, OptionsCheck } from "@dagstack/logger-core";
import { refuseInChild } from "../child/index.ts";
import type { SinkRule } from "../station/index.ts";
import type { SinkSubject } from "../subject/index.ts";
import { checkSubject } from "./check-subject.ts";
import { explainOutcome, FAILURES, type RuleOutcome } from "./report.ts";
import { SUITE_VERSION } from "./rules.ts";
import { type RunOptions, runRule, selectRules } from "./run.ts";

/** Registers one test. Those of vitest, `node:test`, jest and mocha fit. */
export interface RegisterTest {
  (title: string, body: () => Promise<void>, timeoutMs?: number): unknown;
  /** Registers a test that is not run. */
  readonly skip?: (title: string, body: () => Promise<void>) => unknown;
}

/** The two functions of a test framework that the suite needs. */
export interface TestFramework {
  readonly describe: (title: string, body: () => void) => unknown;
  readonly it: RegisterTest;
}

/** How to register the suite. */
export interface RegisterOptions extends Pick<RunOptions, "rules" | "seed" | "ruleTimeoutMs"> {
  /** Gets one line for each rule that only advises, and for a skip that the framework cannot show. Default `console.warn`. */
  readonly warn?: ((line: string) => void) | undefined;
}

/** What a framework hands to a running test, as an argument or as `this`. */
interface TestContext {
  readonly skip?: unknown;
  readonly timeout?: unknown;
  readonly test?: { title?: unknown } | undefined;
}

const OPTIONS = ["rules", "seed", "ruleTimeoutMs", "warn"] as const;
const RULE_TIMEOUT_MS = 60_000;
/** What a test may take beyond its rule: putting everything away, with hooks that hang. */
const PUT_AWAY_MS = 30_000;

/** A rule that does not hold, for the test's report. Its stack is its message: frames of the suite would help nobody. */
class ConformanceFailure extends Error {
  override readonly name = "ConformanceFailure";

  constructor(outcome: RuleOutcome) {
    super(explainOutcome(outcome));
    this.stack = `${this.name}: ${this.message}`;
  }
}

/**
 * Registers one test per rule. A broken rule fails its test with an explanation; one that says nothing about the sink is
 * skipped with the reason; advice is a warning.
 *
 * ```js
 * import { describe, it } from "vitest"; // or node:test, or jest's and mocha's globals
 * registerSinkConformance(subject, { describe, it });
 * ```
 *
 * @throws ConfigError for a subject that is none, a rule that does not exist, and an unknown option.
 */
export function registerSinkConformance(
  subject: SinkSubject,
  framework: TestFramework,
  options: RegisterOptions = {},
): void {
  refuseInChild();
  checkFramework(framework);
  const check = new OptionsCheck("registerSinkConformance", options, OPTIONS);
  check.finish();
  checkSubject(subject);
  const rules = selectRules(options.rules);
  framework.describe(`${subject.name}: sink conformance ${SUITE_VERSION}`, () => {
    for (const rule of rules) registerRule(subject, rule, framework.it, options);
  });
}

function registerRule(subject: SinkSubject, rule: SinkRule, it: RegisterTest, options: RegisterOptions): void {
  const ruleTimeoutMs = options.ruleTimeoutMs ?? RULE_TIMEOUT_MS;
  const timeoutMs = ruleTimeoutMs + PUT_AWAY_MS;
  const warn = options.warn ?? ((line: string): void => console.warn(line));
  const title = `${rule.id} ${rule.what.replace(/\.$/, "")}`;
  const unclaimed = rule.claims.filter((claim) => !subject.claims?.[claim]);
  if (unclaimed.length > 0 && typeof it.skip === "function") {
    it.skip(`${title} (skipped: does not claim ${unclaimed.join(", ")})`, async () => {});
    return;
  }
  // No parameter: jest and mocha would take it for `done`, and vitest's fixtures read it.
  const body = async function (this: unknown): Promise<void> {
    // biome-ignore lint/complexity/noArguments: see above; vitest and node:test hand their context over here
    const context = contextOf(arguments[0]) ?? contextOf(this) ?? {};
    if (typeof context.timeout === "function") context.timeout(timeoutMs); // mocha takes it nowhere else
    const outcome = await runRule(subject, rule, { seed: options.seed, ruleTimeoutMs });
    conclude(`${subject.name}: ${title}`, outcome, context, warn);
  };
  it(title, body, timeoutMs);
}

function conclude(title: string, outcome: RuleOutcome, context: TestContext, warn: (line: string) => void): void {
  const { verdict, reason, problem } = outcome;
  if (FAILURES.includes(verdict)) throw new ConformanceFailure(outcome);
  if (verdict === "advisory") {
    warn(`${title}: advice, not kept (${reason}): expected ${problem?.expected}; ${problem?.happened}`);
  } else if (verdict !== "pass") {
    skip(context, `${verdict}: ${reason}`, () => warn(`${title}: ${verdict}: ${reason}`));
  }
}

/** Ends a test as skipped, as far as the framework can; most do so by a throw. */
function skip(context: TestContext, reason: string, otherwise: () => void): void {
  if (typeof context.skip !== "function") {
    otherwise();
    return;
  }
  const { test } = context;
  // mocha's skip takes no reason, and its reporters read the title afterwards.
  if (typeof test?.title === "string") test.title += ` (${reason})`;
  context.skip(reason);
}

/** What can skip a test or give it time. */
function contextOf(value: unknown): TestContext | undefined {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return undefined;
  const { skip, timeout } = value as TestContext;
  return typeof skip === "function" || typeof timeout === "function" ? (value as TestContext) : undefined;
}

function checkFramework(framework: unknown): void {
  const check = new OptionsCheck("registerSinkConformance", {}, []);
  const given = (framework ?? {}) as Readonly<Record<string, unknown>>; // a whole module will do
  for (const name of ["describe", "it"]) {
    if (typeof given[name] === "function") continue;
    check.add({
      path: name,
      reason: given[name] === undefined ? "missing" : "type_mismatch",
      received: describeValue(given[name]),
      allowed: "the function of that name of a test framework",
      fix: 'import { describe, it } from "vitest" or "node:test"; in jest and mocha they are global',
    });
  }
  check.finish();
}
