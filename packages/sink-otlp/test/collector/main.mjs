// node main.mjs <collector> [part of a title]: runs the cases one after the other; one line each, and `N passed, N failed` at the end.
import { cases } from "./cases.mjs";

const [binary, wanted = ""] = process.argv.slice(2);
if (binary === undefined) throw new Error("the path of a collector is missing; npm run test:collector finds one");

const shownProblems = 10;
let passed = 0;
let failed = 0;

async function outcome(run) {
  try {
    return await run(binary);
  } catch (error) {
    return { problems: [error.stack ?? String(error)] };
  }
}

for (const { title, run } of cases.filter(({ title }) => title.includes(wanted))) {
  const { problems, note } = await outcome(run);
  const ok = problems.length === 0;
  if (ok) passed += 1;
  else failed += 1;
  console.log(`${ok ? "✓" : "✗"} ${title}${note === undefined ? "" : ` — ${note}`}`);
  for (const problem of problems.slice(0, shownProblems)) console.log(`    ${problem.replaceAll("\n", "\n    ")}`);
  if (problems.length > shownProblems) console.log(`    … and ${problems.length - shownProblems} more`);
}

if (passed + failed === 0) failed = 1;
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
