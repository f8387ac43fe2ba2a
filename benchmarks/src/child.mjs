// Runs one peer on one workload for some time and prints one JSON result.
import { readFileSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import { peers } from "./peers.mjs";
import { workloads } from "./workloads.mjs";

const [peerName, workloadName, path, milliseconds] = process.argv.slice(2);
const budget = Number(milliseconds);
const { log, close } = await peers[peerName](workloads[workloadName], path);
const isDisabled = workloads[workloadName].level === "debug";
const chunkSize = isDisabled ? 100_000 : 250;

let count = 0;
async function logFor(ms) {
  const first = count;
  const start = performance.now();
  let inCalls = 0;
  while (performance.now() - start < ms) {
    const before = performance.now();
    for (const end = count + chunkSize; count < end; count++) log(count);
    inCalls += performance.now() - before;
    await nextTurn();
  }
  return { records: count - first, inCalls };
}

await logFor(budget / 3);
const cpuBefore = process.cpuUsage();
const { records, inCalls } = await logFor(budget);
await close();
const { user, system } = process.cpuUsage(cpuBefore);
const lines = readFileSync(path, "utf8").split("\n").length - 1;
const result = {
  callNs: (inCalls * 1e6) / records,
  cpuNs: ((user + system) * 1e3) / records,
  lost: (isDisabled ? 0 : count) - lines,
};
console.log(JSON.stringify(result));
