import { existsSync, symlinkSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { packageTests } from "./package-tests.mjs";
import { runCommand } from "./run-command.mjs";

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
  // The binary may have any name; the scripts of packages, and what they start, call it `node`.
  const folder = context.folder("node24");
  symlinkSync(resolve(node), join(folder, "node"));
  await packageTests(tally, { firstOnPath: [folder], label: " (Node 24)" });
}
