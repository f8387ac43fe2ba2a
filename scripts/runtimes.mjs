// npm run test:runtimes [-- --only <cell>[,<cell>…]] [--update] [--check] [--list]: the same program everywhere people run it,
// from the packed packages, beside the same program with LogTape. A cell whose tool cannot be had is left out and says so.
// --update then writes docs/runtimes.md, from the last result of every cell; --check runs nothing and fails when that file
// has other cells than there are. Not a step of `npm test`: it takes minutes, and installs what it runs in.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { CheckContext } from "./checks/context.mjs";
import { inLanes } from "./checks/in-lanes.mjs";
import { runCommand } from "./checks/run-command.mjs";
import { cells, groups } from "./runtimes/cells/index.mjs";
import { keepResult, latestResults } from "./runtimes/latest-results.mjs";
import { startOtlpCounter } from "./runtimes/otlp-counter.mjs";
import { projectFolder } from "./runtimes/project.mjs";
import { cellsIn, tables } from "./runtimes/table.mjs";
import { CannotBeHad } from "./runtimes/tools.mjs";
import { judged } from "./runtimes/verdict.mjs";
import { root } from "./workspace.mjs";

const target = join(root, "docs", "runtimes.md");
const template = join(root, "scripts", "runtimes.template.md");

const { values } = parseArgs({
  options: {
    check: { type: "boolean" },
    list: { type: "boolean" },
    only: { type: "string" },
    update: { type: "boolean" },
  },
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
    const text = String(error.stack ?? error).slice(0, 3000);
    verdict = error instanceof CannotBeHad ? { left: error.message, problems: [] } : { problems: [text] };
  }
  keepResult(cell.name, verdict);
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
  if (values.check) {
    const isCurrent = cellsIn(readFileSync(target, "utf8")).join() === cells.map(({ name }) => name).join();
    if (!isCurrent) console.error("docs/runtimes.md has other cells than there are: npm run test:runtimes -- --update");
    process.exitCode = isCurrent ? 0 : 1;
    return;
  }
  const built = await runCommand("turbo", ["run", "build", "--output-logs=errors-only"]);
  if (!built.ok) throw new Error(built.output);
  const context = new CheckContext();
  const otlp = await startOtlpCounter();
  try {
    const project = await projectFolder(context);
    const verdicts = await inLanes(2, chosenCells(), (cell) => runCell(cell, { context, project, otlp }));
    const failed = verdicts.filter(({ problems }) => problems.length > 0).length;
    const left = verdicts.filter((verdict) => verdict.left !== undefined).length;
    console.log(`${verdicts.length - failed - left} passed, ${failed} failed${left > 0 ? `, ${left} left out` : ""}`);
    process.exitCode = failed === 0 ? 0 : 1;
    if (values.update) {
      const text = readFileSync(template, "utf8").replace("<!-- matrix -->", () =>
        tables(groups, latestResults()).trimEnd(),
      );
      writeFileSync(target, text);
      console.log("docs/runtimes.md is written");
    }
  } finally {
    await otlp.close();
    context.dispose();
  }
}

await main();
