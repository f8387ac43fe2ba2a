import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { workspacePackages } from "../workspace.mjs";
import { runCommand } from "./run-command.mjs";
import { addVitestReport } from "./vitest-report.mjs";

/** Where `.ci/run` puts the npm package `node@24`; DAGSTACK_NODE24 names another binary. */
function findNode24() {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  const fallback = join(cache, "dagstack-ci", "node24", "node_modules", "node", "bin", "node");
  return [process.env.DAGSTACK_NODE24, fallback].find((file) => file && existsSync(file));
}

export async function node24(tally, context) {
  const own = process.versions.node.startsWith("24.");
  const node = findNode24();
  if (own) return tally.skip("this run is under Node 24 already");
  if (node === undefined)
    return tally.skip("no Node 24 found (.ci/run fetches one; or set DAGSTACK_NODE24 to a binary)");
  const version = await runCommand(node, ["--version"]);
  if (!version.output.startsWith("v24.")) return tally.fail(`${node} is no Node 24`, version.output);
  tally.note(version.output.trim());
  for (const { path, manifest } of workspacePackages()) {
    const vitest = join(path, "node_modules", "vitest", "vitest.mjs");
    if (manifest.scripts?.test === undefined || !existsSync(vitest)) continue;
    const report = join(context.folder("node24"), `${manifest.name.replaceAll("/", "-")}.json`);
    const args = [vitest, "run", "--testTimeout=20000", "--reporter=json", `--outputFile=${report}`];
    const result = await runCommand(node, args, { cwd: path });
    if (existsSync(report)) addVitestReport(tally, `${manifest.name} (Node 24)`, report);
    else tally.fail(`${manifest.name} (Node 24)`, result.output);
  }
}
