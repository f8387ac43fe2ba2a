import { deepEqual, equal, ok } from "node:assert/strict";

/** The smallest sink that delivers. */
function subjectOf(parts) {
  return {
    name: "array",
    create() {
      const items = [];
      const sink = {
        id: "array",
        supportsSeverity: () => true,
        emit: (record) => void items.push(record),
        flush: async () => {},
        close: async () => {},
        ...parts,
      };
      return { sink, delivered: () => items };
    },
  };
}

export async function run(load) {
  const { explainOutcome, registerSinkConformance, runSinkConformance, sinkRules } =
    await load("@dagstack/sink-conformance");
  ok(sinkRules.length > 1);
  const options = { rules: ["FLUSH-01"] };
  const good = await runSinkConformance(subjectOf({}), options);
  deepEqual([good.conformant, good.counts.pass], [true, 2]);
  const bad = await runSinkConformance(subjectOf({ emit: () => {} }), options);
  equal(bad.conformant, false);
  ok(bad.outcomes.map(explainOutcome).join("\n").includes("likely cause"));
  const titles = [];
  const describe = (_title, body) => body();
  registerSinkConformance(subjectOf({}), { describe, it: (title) => titles.push(title) }, options);
  equal(titles.length, 2);
}
