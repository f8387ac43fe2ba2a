import { describe, expect, test } from "vitest";
import { type RuleOutcome, runRule, sinkRules } from "../src/index.ts";
import { mutants } from "./mutants/index.ts";

/** Rules of the other place have a test of their own: their mutants need a process each. */
const RULES = sinkRules.filter(({ place }) => place === "here");
const TIMEOUT_MS = 60_000;

describe("a mutant breaks its rule and no other", () => {
  test.each(mutants.map((mutant) => [`${mutant.breaks}: ${mutant.bug}`, mutant] as const))(
    "%s",
    async (_, { breaks, subject }) => {
      const broken: RuleOutcome[] = [];
      for (const rule of RULES) {
        const outcome = await runRule(subject, rule);
        if (outcome.verdict !== "pass" && outcome.verdict !== "skipped") broken.push(outcome);
      }
      expect(broken.map(inWords).join("\n")).toMatch(new RegExp(`^${breaks} (fail|advisory): [^\n]+$`));
    },
    TIMEOUT_MS,
  );
});

test("every rule that is checked in this process has a mutant", () => {
  const broken = new Set(mutants.map(({ breaks }) => breaks));
  expect(RULES.map(({ id }) => id).filter((id) => !broken.has(id))).toEqual([]);
});

/** One line each, as a report shows it, and each part at most one line long. */
function inWords({ rule, verdict, problem, reason }: RuleOutcome): string {
  if (problem === undefined) return `${rule.id} ${verdict}: ${reason}`;
  const { expected, happened, cause } = problem;
  return `${rule.id} ${verdict}: expected ${expected}; ${happened}; likely: ${cause}`;
}
