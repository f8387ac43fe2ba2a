// What records cost in units that do not depend on the machine. The flags it runs with are in `jobs.mjs`.
import { constants, PerformanceObserver } from "node:perf_hooks";
import { setImmediate as nextTurn } from "node:timers/promises";
import { peers } from "../peers/index.mjs";
import { median } from "../statistics.mjs";
import { workloads } from "../workloads.mjs";

const CHUNK = 250;
const SEGMENT = 1_000;
const SEGMENTS = 9;

const { job } = JSON.parse(process.argv[2]);
const workload = workloads[job.workload];
const peer = await peers[job.peer].start({ ...job, workload });
const log = workload.prepare(peer);
let count = 0;

function logSome(records) {
  for (const end = count + records; count < end; count++) log(count);
}

async function logWithTurns(records) {
  for (const end = count + records; count < end; ) {
    logSome(Math.min(CHUNK, end - count));
    await nextTurn();
  }
  await peer.flush?.();
}

/** Garbage collections that nobody asked for, since the last look. */
let collections = [];
const observer = new PerformanceObserver((list) => collections.push(...list.getEntries()));
observer.observe({ entryTypes: ["gc"] });
async function takeCollections() {
  await nextTurn();
  collections.push(...observer.takeRecords());
  const found = collections.filter(({ detail }) => (detail.flags & constants.NODE_PERFORMANCE_GC_FLAGS_FORCED) === 0);
  collections = [];
  return found;
}

/** Bytes per record: what heap and buffers grew by while nothing was collected. */
async function bytesAllocated() {
  await logWithTurns(job.warmUp);
  const perRecord = [];
  for (let segment = 0; segment < SEGMENTS; segment++) {
    gc();
    await takeCollections();
    const before = process.memoryUsage();
    logSome(SEGMENT);
    await peer.flush?.();
    const after = process.memoryUsage();
    const grown = after.heapUsed - before.heapUsed + after.external - before.external;
    const disturbed = (await takeCollections()).some(({ kind }) => kind !== constants.NODE_PERFORMANCE_GC_INCREMENTAL);
    if (!disturbed) perRecord.push(grown / SEGMENT);
  }
  return { bytesAllocated: median(perRecord) };
}

async function collectionsPerMillion() {
  await logWithTurns(job.warmUp);
  await takeCollections();
  await logWithTurns(job.records);
  const found = await takeCollections();
  return { collections: (found.length * 1e6) / job.records };
}

/** For a tool that counts from outside. */
async function onlyRun() {
  await logWithTurns(job.records);
  return {};
}

const modes = { bytesAllocated, collectionsPerMillion, onlyRun };
const result = await modes[job.mode]();
await peer.close();
process.send?.(result);
process.disconnect?.();
