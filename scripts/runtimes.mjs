// npm run test:runtimes [-- --only <cell>[,<cell>…]] [--update] [--list]: the same program everywhere people run it, from
// the packed packages, beside the same program with LogTape. --update writes docs/runtimes.md. A cell whose tool cannot be
// had is left out and says so. Not a step of `npm test`: it takes minutes, and installs what it runs in.
import { parseArgs } from "node:util";
import { CheckContext } from "./checks/context.mjs";
import { inLanes } from "./checks/in-lanes.mjs";
import { cells } from "./runtimes/cells/index.mjs";
import { startOtlpCounter } from "./runtimes/otlp-counter.mjs";
import { projectFolder } from "./runtimes/project.mjs";
import { judged } from "./runtimes/verdict.mjs";

const { values } = parseArgs({
  options: { list: { type: "boolean" }, only: { type: "string" }, update: { type: "boolean" } },
});

/** `deno` means `deno`, `deno:some` and `deno:all`. */
function chosenCells() {
  if (values.only === undefined) return cells;
  const wanted = values.only.split(",");
  const matches = ({ name }, word) => name === word || name.startsWith(`${word}:`);
  for (const word of wanted) {
    if (cells.some((cell) => matches(cell, word))) continue;
    throw new Error(`no cell is called ${word}; cells: ${cells.map(({ name }) => name).join(", ")}`);
  }
  return cells.filter((cell) => wanted.some((word) => matches(cell, word)));
}

async function runCell(cell, surroundings) {
  const started = performance.now();
  let verdict;
  try {
    const { context, otlp } = surroundings;
    const folder = context.folder(`cells/${cell.name.replaceAll(":", "-")}`);
    verdict = judged(await cell.run({ ...surroundings, folder, otlp: otlp.for(cell.name) }));
  } catch (error) {
    verdict = { left: `${error.message}`.split("\n").slice(0, 20).join("\n"), problems: [] };
  }
  const mark = verdict.left !== undefined ? "-" : verdict.problems.length > 0 ? "✗" : "✓";
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${mark} ${cell.name}: ${cell.title} (${seconds} s)`);
  if (verdict.left !== undefined) console.log(`    left out: ${verdict.left}`);
  for (const problem of verdict.problems) console.log(`    ${problem.replaceAll("\n", "\n    ")}`);
  for (const note of verdict.notes ?? []) console.log(`    LogTape: ${note.replaceAll("\n", "\n    ")}`);
  return { cell, ...verdict };
}

async function main() {
  if (values.list) {
    for (const { name, title } of cells) console.log(`${name}: ${title}`);
    return;
  }
  const context = new CheckContext();
  const otlp = await startOtlpCounter();
  try {
    const project = await projectFolder(context);
    const verdicts = await inLanes(2, chosenCells(), (cell) => runCell(cell, { context, project, otlp }));
    const failed = verdicts.filter(({ problems }) => problems.length > 0).length;
    const left = verdicts.filter((verdict) => verdict.left !== undefined).length;
    console.log(`${verdicts.length - failed - left} passed, ${failed} failed${left > 0 ? `, ${left} left out` : ""}`);
    process.exitCode = failed === 0 ? 0 : 1;
  } finally {
    await otlp.close();
    context.dispose();
  }
}

await main();
