import { expect, test } from "vitest";
import { explainOutcome, runSinkConformance, type SinkSubject, sinkRules } from "../src/index.ts";
import { bareSubject, directSubject, lineSubject, ringSubject, textSubject } from "./reference/direct-subjects.ts";
import { queueSubject } from "./reference/subjects.ts";

const SUBJECTS: readonly SinkSubject[] = [
  queueSubject(),
  directSubject(),
  ringSubject(),
  lineSubject(),
  bareSubject(),
  textSubject(),
];
/** The others start a process, for which these subjects are no module. */
const RULES = sinkRules.filter(({ place }) => place === "here").map(({ id }) => id);

test.each(SUBJECTS.map((subject) => [subject.name, subject] as const))(
  "the %s keeps every rule that looks at it",
  async (_, subject) => {
    const { outcomes } = await runSinkConformance(subject, { rules: RULES });
    expect(outcomes.filter(({ verdict }) => verdict !== "pass" && verdict !== "skipped").map(explainOutcome)).toEqual(
      [],
    );
  },
);
