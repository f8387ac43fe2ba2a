// Instructions per record, counted by cachegrind: the processor's own counters are closed to most virtual machines.
import { spawnSync } from "node:child_process";
import { commandOf, toFolder } from "../jobs.mjs";

const VALGRIND = ["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null", "--smc-check=all-non-file"];
// The shorter run holds start and warm-up; what the longer one adds is records at their settled price.
const SHORT = 20_000;
const LONG = 50_000;

export const hasValgrind = () => spawnSync("valgrind", ["--version"]).status === 0;

function instructionsOf(job, records) {
  return toFolder((path) => {
    const [node, ...args] = commandOf({ ...job, records }, path);
    const { stderr, error } = spawnSync("valgrind", [...VALGRIND, node, ...args], { encoding: "utf8" });
    const counted = /I\s+refs:\s+([\d,]+)/.exec(stderr ?? "")?.[1];
    if (counted === undefined) throw new Error(`valgrind counted nothing: ${error?.message ?? stderr}`);
    return Number(counted.replaceAll(",", ""));
  });
}

/** @param job `{ peer, workload, packages? }` */
export async function instructionsPerRecord(job) {
  const short = await instructionsOf(job, SHORT);
  return ((await instructionsOf(job, LONG)) - short) / (LONG - SHORT);
}
