// node scripts/faults.mjs [--update | --check] [--only <id>[,<id>…]] [--package <name>] [--campaign]: runs the fault scenarios of every
// package, or of one, and prints what was injected, what was promised and what was seen. With --update it writes docs/reliability.md; with
// --check it runs nothing and fails when that file has other scenarios, injections or promises than there are.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { loadScenarios } from "../packages/fault-harness/src/scenarios.mjs";
import { root, workspacePackages } from "./workspace.mjs";

const { values } = parseArgs({
  options: {
    update: { type: "boolean" },
    check: { type: "boolean" },
    only: { type: "string" },
    package: { type: "string" },
    campaign: { type: "boolean" },
  },
});
const target = join(root, "docs", "reliability.md");
const template = join(root, "scripts", "reliability.template.md");

/** The scenarios of every package, by row and then by package and name. */
async function collect() {
  const found = [];
  for (const { path, manifest } of workspacePackages()) {
    const folder = join(path, "test", "faults", "scenarios");
    if (!existsSync(folder)) continue;
    const owner = manifest.name.replace("@dagstack/", "");
    const own = await loadScenarios(pathToFileURL(`${folder}/`));
    found.push(...own.map((scenario) => ({ ...scenario, owner })));
  }
  return found.sort((a, b) => a.row - b.row || a.owner.localeCompare(b.owner) || a.id.localeCompare(b.id));
}

function chosen(scenarios) {
  const inPackage = scenarios.filter(({ owner }) => values.package === undefined || values.package === owner);
  if (inPackage.length === 0) throw new Error(`${values.package} has no scenario`);
  if (values.only === undefined) return inPackage;
  const ids = values.only.split(",");
  const unknown = ids.filter((id) => !inPackage.some((scenario) => scenario.id === id));
  if (unknown.length > 0)
    throw new Error(`no scenario is called ${unknown}; there are ${inPackage.map(({ id }) => id)}`);
  return inPackage.filter(({ id }) => ids.includes(id));
}

const cell = (text) => String(text).replaceAll("|", "\\|").replaceAll("\n", " ").trim();
const known = ({ row, owner, id, injected, promised }) =>
  `| ${[row, `${owner}: \`${id}\``, injected, promised].map(cell).join(" | ")} |`;

/** Builds what the programs of the scenarios run. */
function build() {
  const result = spawnSync("turbo", ["run", "build", "--filter=./packages/*", "--output-logs=errors-only"], {
    cwd: root,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  if (result.status !== 0) throw new Error(`${result.stdout}${result.stderr}${result.error?.message ?? ""}`);
}

async function seenIn(scenario) {
  try {
    return await scenario.run(values.campaign ? "campaign" : "fast");
  } catch (error) {
    return { holds: false, seen: `the scenario itself broke: ${error.message}` };
  }
}

async function matrix(scenarios) {
  const lines = ["| §8 | scenario | injected | promised | seen |", "|--:|---|---|---|---|"];
  let failed = 0;
  for (const scenario of scenarios) {
    console.error(`${scenario.id} …`);
    const { holds, skipped, seen } = await seenIn(scenario);
    if (!holds && !skipped) failed++;
    const mark = skipped ? "" : holds ? "✓ " : "✗ ";
    lines.push(`${known(scenario)} ${cell(mark + seen)} |`);
  }
  return { text: lines.join("\n"), failed };
}

async function main() {
  const all = await collect();
  if (values.check) {
    const text = existsSync(target) ? readFileSync(target, "utf8") : "";
    const rows = text.split("\n").filter((line) => /^\| \d+ \|/.test(line));
    const isCurrent = rows.length === all.length && all.every((scenario, i) => rows[i].startsWith(known(scenario)));
    if (!isCurrent) console.error("docs/reliability.md has other scenarios than there are: npm run faults -- --update");
    process.exitCode = isCurrent ? 0 : 1;
    return;
  }
  if (values.update && (values.only ?? values.package) !== undefined)
    throw new Error("--update takes all scenarios, not some");
  build();
  const { text, failed } = await matrix(chosen(all));
  console.log(text);
  if (values.update) {
    const page = readFileSync(template, "utf8").replace("<!-- matrix -->", () => text);
    writeFileSync(target, page);
    console.error("docs/reliability.md is written");
  }
  if (failed > 0) console.error(`${failed} scenarios do not hold`);
  process.exitCode = failed === 0 ? 0 : 1;
}

await main();
