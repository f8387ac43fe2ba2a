/** What a sink is: its members, its id, the severities it takes (§7.1). */
import { defineRule, type SinkRule } from "../rule.ts";
import { expect } from "../verdicts.ts";

const SEVERITIES: readonly number[] = Array.from({ length: 24 }, (_, index) => index + 1);

export const shapeRules: readonly SinkRule[] = [
  defineRule({
    id: "SHAPE-01",
    section: "§7.1",
    what: "A sink has a non-empty id and the methods emit, flush, close and supportsSeverity.",
    why: "The logger calls these; without one of them it refuses the sink when it is configured.",
    fix: "Add the members that are named, with the signatures of the interface Sink.",
    async check(lab) {
      await lab.open(); // breaks the rule unless there is a sink
    },
  }),
  defineRule({
    id: "SHAPE-03",
    section: "§7.1",
    what: "supportsSeverity answers true or false for each severity, the same each time.",
    why: "The logger asks before each record and takes the answer at its word.",
    fix: "Compare the number with the sink's threshold and return the result; do nothing else.",
    async check(lab) {
      const { sink } = await lab.open();
      for (const severity of SEVERITIES) {
        const answers = [sink.supportsSeverity(severity), sink.supportsSeverity(severity)];
        expect(typeof answers[0] === "boolean" && answers[0] === answers[1], () => ({
          expected: `the same true or false twice for severity ${severity}`,
          happened: `it answered ${answers.map(String).join(", then ")}`,
          cause: "the method returns nothing, is async, or depends on something else than the number",
        }));
      }
    },
  }),
];
