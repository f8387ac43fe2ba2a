// Interleaves the peers over several rounds and prints a table per workload.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { peers } from "./peers.mjs";
import { workloads } from "./workloads.mjs";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    ms: { type: "string", default: "600" },
    workloads: { type: "string", default: Object.keys(workloads).join(",") },
  },
});
const child = fileURLToPath(new URL("./child.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "dagstack-bench-"));
const names = Object.keys(peers);
const [base] = names;

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

function runOnce(peer, workload) {
  const path = join(folder, "out.jsonl");
  writeFileSync(path, "");
  const output = execFileSync(process.execPath, [child, peer, workload, path, values.ms], { encoding: "utf8" });
  return JSON.parse(output.trim().split("\n").at(-1));
}

let lost = 0;
for (const workload of values.workloads.split(",")) {
  const rounds = Array.from({ length: Number(values.rounds) }, () =>
    Object.fromEntries(names.map((peer) => [peer, runOnce(peer, workload)])),
  );
  console.log(`\n## ${workload}\n`);
  console.log(`| peer | call | CPU | call × ${base} | CPU × ${base} | lost |`);
  console.log("|---|--:|--:|--:|--:|--:|");
  for (const peer of names) {
    const of = (key) => `${median(rounds.map((round) => round[peer][key])).toFixed(0)} ns`;
    const ratio = (key) => median(rounds.map((round) => round[peer][key] / round[base][key])).toFixed(2);
    const lostHere = rounds.reduce((sum, round) => sum + round[peer].lost, 0);
    lost += lostHere;
    console.log(
      `| ${peer} | ${of("callNs")} | ${of("cpuNs")} | ${ratio("callNs")} | ${ratio("cpuNs")} | ${lostHere} |`,
    );
  }
}
rmSync(folder, { recursive: true });
process.exitCode = lost === 0 ? 0 : 1;
