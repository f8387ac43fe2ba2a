import { expect, test } from "vitest";
import { explainOutcome, runSinkConformance } from "../src/index.ts";
import { queueSubject } from "./reference/subjects.ts";

test("the reference queue sink keeps every rule", async () => {
  const report = await runSinkConformance(queueSubject());
  expect(report.outcomes.filter(({ rule, verdict }) => rule.place === "here" && verdict !== "pass").map(explainOutcome)).toEqual([]);
});
