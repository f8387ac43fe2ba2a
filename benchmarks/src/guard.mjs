// node src/guard.mjs [--against release|npm:<version>|git:<ref>] [--fallback <git ref>] [--only W2,…] [--rounds 5] [--ms 300] [--no-instructions]
// Compares this tree with our previous release. It reports and never fails on a figure; README.md says how to read it.
import { appendFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { compare } from "./compare.mjs";
import { fetchBaseline, resolveSpecification } from "./guard/baseline.mjs";
import { guardReport } from "./guard/comparison.mjs";
import { hasValgrind, instructionsPerRecord } from "./guard/instructions.mjs";
import { runJob } from "./jobs.mjs";

const { values } = parseArgs({
  options: {
    against: { type: "string", default: "release" },
    fallback: { type: "string" },
    only: { type: "string" },
    rounds: { type: "string", default: "5" },
    ms: { type: "string", default: "300" },
    "no-instructions": { type: "boolean", default: false },
  },
});

const file = "dagstack, default";
/** What is watched. `instructions`: counted too, which takes minutes. */
const WATCHED = [
  { name: "W2", job: { peer: file, workload: "W2" }, instructions: true },
  { name: "W2, sync", job: { peer: "dagstack, sync", workload: "W2" } },
  { name: "W3", job: { peer: file, workload: "W3" }, instructions: true },
  { name: "W3r", job: { peer: file, workload: "W3r" } },
  { name: "W4", job: { peer: file, workload: "W4" } },
  { name: "W5", job: { peer: file, workload: "W5" } },
  { name: "records", job: { peer: "dagstack, memory", workload: "W3" } },
  { name: "otlp", job: { peer: "dagstack, OTLP to nowhere", workload: "W3" } },
];
const COUNTED = { kind: "counts", warmUp: 50_000, records: 200_000 };

async function countsOf({ job, instructions }, packages, countsInstructions) {
  const counted = { ...COUNTED, ...job, packages };
  const { bytesAllocated } = await runJob({ ...counted, mode: "bytesAllocated" });
  const { collections } = await runJob({ ...counted, mode: "collectionsPerMillion" });
  if (!instructions || !countsInstructions) return { bytesAllocated, collections };
  return { bytesAllocated, collections, instructions: await instructionsPerRecord({ ...job, packages }) };
}

/** Both in the same rounds; the ratio of this tree's CPU to the other's. */
async function cpuOf({ name, job }, packages) {
  const contest = { name, title: name, base: "previous", rows: { previous: { ...job, packages }, current: job } };
  const { rows } = await compare(contest, {
    rounds: Number(values.rounds),
    ms: Number(values.ms),
    warmUpMs: 400,
    together: 1,
  });
  const failed = rows.find(({ error, lost }) => error !== undefined || lost > 0);
  if (failed !== undefined) throw new Error(`${name}, ${failed.name}: ${failed.error ?? `lost ${failed.lost}`}`);
  return rows.find((row) => row.name === "current").cpu;
}

async function watch(watched, baseline, countsInstructions) {
  const current = await countsOf(watched, undefined, countsInstructions);
  if (baseline === undefined) return { name: watched.name, current };
  const previous = await countsOf(watched, baseline.packages, countsInstructions);
  return { name: watched.name, current, previous, cpu: await cpuOf(watched, baseline.packages) };
}

async function main() {
  const only = values.only?.split(",");
  const chosen = WATCHED.filter(({ name }) => only?.includes(name) ?? true);
  if (chosen.length === 0) throw new Error(`--only takes ${WATCHED.map(({ name }) => name).join(", ")}`);
  const notes = [];
  const countsInstructions = !values["no-instructions"] && hasValgrind();
  if (!countsInstructions) notes.push("Instructions were not counted: that takes valgrind, and not --no-instructions.");
  const specification = resolveSpecification(values.against, values.fallback);
  if (specification === undefined) {
    notes.push(
      "There is no previous release yet, on the registry or as a tag, and no --fallback: nothing to compare with.",
    );
  }
  process.stderr.write(`comparing with ${specification ?? "nothing"} …\n`);
  const baseline = specification === undefined ? undefined : fetchBaseline(specification);
  try {
    const rows = [];
    for (const watched of chosen) {
      process.stderr.write(`${watched.name} …\n`);
      rows.push(await watch(watched, baseline, countsInstructions));
    }
    const report = guardReport(rows, baseline?.name, notes);
    console.log(report);
    if (process.env.GITHUB_STEP_SUMMARY) appendFileSync(process.env.GITHUB_STEP_SUMMARY, report);
  } finally {
    baseline?.dispose();
  }
}

await main();
