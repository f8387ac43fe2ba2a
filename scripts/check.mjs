// Every check of the repository, one named step after the other; a failing step hides none of the others (CONTRIBUTING.md).
//   node scripts/check.mjs [--list] [--only <step>[,<step>…]] [--skip <step>[,<step>…]]
import { parseArgs } from "node:util";
import { CheckContext } from "./checks/context.mjs";
import { steps } from "./checks/steps.mjs";
import { Tally } from "./checks/tally.mjs";

const { values } = parseArgs({
  options: { list: { type: "boolean" }, only: { type: "string" }, skip: { type: "string" } },
});

function chosenSteps() {
  const names = (option) => (option === undefined ? [] : option.split(","));
  const known = new Set(steps.map(({ name }) => name));
  for (const name of [...names(values.only), ...names(values.skip)]) {
    if (!known.has(name)) throw new Error(`no step is called ${name}; steps: ${[...known].join(", ")}`);
  }
  const only = new Set(names(values.only));
  const skip = new Set(names(values.skip));
  return steps.filter(({ name }) => (only.size === 0 || only.has(name)) && !skip.has(name));
}

const indent = (text) => text.trimEnd().replaceAll(/^/gm, "    ");

function summary({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

async function runStep(step, context) {
  const tally = new Tally();
  const started = performance.now();
  try {
    await step.run(tally, context);
    if (tally.passed + tally.failed + tally.skipped === 0) tally.fail("the step checked nothing");
  } catch (error) {
    tally.fail("the step itself broke", error.stack ?? String(error));
  }
  const mark = tally.failed > 0 ? "✗" : tally.passed > 0 ? "✓" : "-";
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${mark} ${step.name}: ${step.title} — ${summary(tally)} (${seconds} s)`);
  for (const line of tally.notes) console.log(`    ${line}`);
  for (const { reason } of tally.skips) console.log(`    skipped: ${reason}`);
  for (const { title, detail } of tally.failures)
    console.log(`    failed: ${title}${detail ? `\n${indent(detail)}` : ""}`);
  return { step, tally };
}

async function main() {
  if (values.list) {
    for (const { name, title } of steps) console.log(`${name}: ${title}`);
    return;
  }
  const context = new CheckContext();
  const results = [];
  try {
    for (const step of chosenSteps()) results.push(await runStep(step, context));
  } finally {
    context.dispose();
  }
  const total = (key) => results.reduce((sum, { tally }) => sum + tally[key], 0);
  const failing = results.filter(({ tally }) => tally.failed > 0).map(({ step }) => step.name);
  if (failing.length > 0) console.log(`\nfailing steps: ${failing.join(", ")}`);
  console.log(summary({ passed: total("passed"), failed: total("failed"), skipped: total("skipped") }));
  process.exitCode = failing.length === 0 ? 0 : 1;
}

await main();
