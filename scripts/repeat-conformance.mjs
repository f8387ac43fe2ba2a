// node ../../scripts/repeat-conformance.mjs [runs], in the folder of a sink: its conformance suite many times over, built as it
// stands. Anything that is not the same in every run is a flake. `npm run test:long` comes here.
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const runs = Number(process.argv[2] ?? 100);
const subjectFile = resolve("conformance/subject.js");
const suite = createRequire(subjectFile).resolve("@dagstack/sink-conformance");
const { explainOutcome, runSinkConformance } = await import(pathToFileURL(suite).href);
const { subject } = await import(pathToFileURL(subjectFile).href);

const seen = new Map();
let failures = 0;
let longestMs = 0;
for (let run = 1; run <= runs; run++) {
  const { outcomes, durationMs } = await runSinkConformance(subject, { seed: run });
  longestMs = Math.max(longestMs, durationMs);
  for (const outcome of outcomes) {
    const { rule, verdict } = outcome;
    const expected = seen.get(rule.id) ?? verdict;
    seen.set(rule.id, expected);
    if (verdict === expected && !["fail", "error", "unproven"].includes(verdict)) continue;
    failures += 1;
    console.log(`run ${run}: ${explainOutcome(outcome)}`);
  }
}
console.log(
  `${subject.name}: ${runs} runs of ${seen.size} rules, ${failures} flakes and failures, ${Math.round(longestMs)} ms at most`,
);
process.exitCode = failures === 0 ? 0 : 1;
