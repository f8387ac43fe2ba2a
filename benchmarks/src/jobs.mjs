// Runs a job in a process of its own and returns what that reports.
import { fork } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { peers } from "./peers/index.mjs";

/** Enough for the lines of any one job. */
const SPACE_BYTES = 3 * 2 ** 30;
const PATIENCE_MS = 300_000;

/**
 * Where log files go while they are measured: into memory where the system has such a file system and room in it, so
 * that the speed of a disk, and the kernel's throttling of it, stay out of the numbers.
 */
export function parentOfLogs() {
  try {
    const { bavail, bsize } = statfsSync("/dev/shm");
    if (bavail * bsize >= SPACE_BYTES) return "/dev/shm";
  } catch {
    // no such file system: counted nowhere, the report names the folder that is used
  }
  return tmpdir();
}

/**
 * Runs `children/<kind>.mjs` with a job. A child that fails, or says nothing, is an error that holds its stderr.
 *
 * @returns the first message it sends.
 */
async function inChild(kind, job, { stdout = "ignore", execArgv = [] } = {}) {
  const program = fileURLToPath(new URL(`./children/${kind}.mjs`, import.meta.url));
  const child = fork(program, [JSON.stringify({ job })], { stdio: ["ignore", stdout, "pipe", "ipc"], execArgv });
  let said = "";
  child.stderr.on("data", (data) => {
    said = (said + data).slice(-2_000);
  });
  let result;
  child.once("message", (message) => {
    result = message;
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
  const [code, signal] = await once(child, "exit");
  clearTimeout(timer);
  if (result === undefined) throw new Error(`${kind} ${JSON.stringify(job)}: ${signal ?? `exit ${code}`}\n${said}`);
  return result;
}

/** Calls `run` with the path of a log file to be, in a folder that is gone afterwards. */
export async function toFolder(run) {
  const folder = mkdtempSync(join(parentOfLogs(), "dagstack-bench-"));
  try {
    return await run(join(folder, "out.jsonl"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `{ peer, workload, ms, warmUpMs, packages? }`: `{ callNs, cpuNs, lost, bytesPerLine, faults }`, or `{ unsupported: true }`. */
function log(job) {
  return toFolder(async (path) => {
    const file = openSync(path, "a");
    try {
      return await inChild("log", { ...job, path }, { stdout: peers[job.peer].writesToStdout ? file : "ignore" });
    } finally {
      closeSync(file);
    }
  });
}

/** `{ peer, records, packages? }`: times per record that arrived, `lost` in all, and how many of them the peer `reported`. */
async function otlp(job) {
  const program = fileURLToPath(new URL("./children/receiver.mjs", import.meta.url));
  const receiver = fork(program, { stdio: "inherit" });
  try {
    const [{ port }] = await once(receiver, "message");
    const { callNs, cpuMs, sent, reported } = await inChild("otlp", {
      ...job,
      url: `http://127.0.0.1:${port}/v1/logs`,
    });
    receiver.send("count");
    const [{ received }] = await once(receiver, "message");
    const lost = sent - received;
    return { callNs, cpuNs: (cpuMs * 1e6) / Math.max(1, job.records - lost), lost, reported, faults: [] };
  } finally {
    receiver.disconnect();
  }
}

/** `{ module }`: `cpuNs` and, as `callNs`, the time until it was there. */
const load = (job) => inChild("import", job);

/** `{ peer, workload, records }`: ten segments of so many records. */
const sustained = (job) => toFolder((path) => inChild("sustained", { ...job, path }));

// One thread and fixed seeds: optimised code then appears at the same record in every run.
const REPEATABLE = ["--single-threaded", "--random-seed=1", "--hash-seed=1"];
// So much room for young objects that nothing is collected while a segment is measured.
const NO_COLLECTION = ["--expose-gc", "--min-semi-space-size=128", "--max-semi-space-size=128"];

/** `{ peer, workload, mode, warmUp, records, packages? }`: `{ bytesAllocated }` or `{ collections }`. */
function counts(job) {
  const execArgv = job.mode === "bytesAllocated" ? [...REPEATABLE, ...NO_COLLECTION] : REPEATABLE;
  return toFolder((path) => inChild("counts", { ...job, path }, { execArgv }));
}

/** The command line for a run of so many records from start to end, for a tool that counts from outside. */
export function commandOf(job, path) {
  const program = fileURLToPath(new URL("./children/counts.mjs", import.meta.url));
  return [process.execPath, ...REPEATABLE, program, JSON.stringify({ job: { ...job, path, mode: "onlyRun" } })];
}

const kinds = { log, otlp, load, sustained, counts };

export const runJob = ({ kind = "log", ...job }) => kinds[kind](job);
