// Runs one peer on one workload for some time, then counts what it wrote. Job and result: see `jobs.mjs`.
import { setImmediate as nextTurn } from "node:timers/promises";
import { faultsOf, readLines } from "../line-check.mjs";
import { peers } from "../peers/index.mjs";
import { startSpan } from "../span.mjs";
import { workloads } from "../workloads.mjs";
import { settle } from "./settle.mjs";

const { job } = JSON.parse(process.argv[2]);
const workload = workloads[job.workload];
const peer = await peers[job.peer].start({ ...job, workload });
if (peer === undefined) {
  process.send({ unsupported: true });
} else {
  process.send(await measure(peer));
}
process.disconnect();

async function measure(peer) {
  const span = workload.isTraced ? await startSpan() : undefined;
  const runInside = span?.runInside ?? ((run) => run());
  const log = workload.prepare(peer);
  const chunkSize = workload.isDisabled ? 100_000 : 250;
  let count = 0;
  const logChunk = () => {
    for (const end = count + chunkSize; count < end; count++) log(count);
  };

  async function logFor(ms) {
    const first = count;
    const start = performance.now();
    let inCalls = 0;
    while (performance.now() - start < ms) {
      const before = performance.now();
      runInside(logChunk);
      inCalls += performance.now() - before;
      await nextTurn(); // asynchronous writers get to write
    }
    return { records: count - first, inCalls };
  }

  await logFor(job.warmUpMs);
  await settle();
  const before = process.cpuUsage();
  const { records, inCalls } = await logFor(job.ms);
  await peer.close();
  const { user, system } = process.cpuUsage(before);
  return { callNs: (inCalls * 1e6) / records, cpuNs: ((user + system) * 1e3) / records, ...check(peer, count, span) };
}

function check(peer, count, span) {
  if (peer.taken !== undefined) return { lost: count - peer.taken(), faults: [] };
  const outputs = (peer.paths ?? [job.path]).map(readLines);
  const lines = outputs.reduce((sum, output) => sum + output.lines, 0);
  const bytes = outputs.reduce((sum, output) => sum + output.bytes, 0);
  if (workload.isDisabled) return { lost: -lines, faults: lines === 0 ? [] : ["a disabled record was written"] };
  const lost = count * outputs.length - lines;
  const faults = outputs.flatMap(({ last }) => faultsOf(last, workload, lost === 0 ? count - 1 : undefined));
  if (span !== undefined && !outputs[0].last.includes(span.traceId)) faults.push("the last line lacks the trace id");
  return { lost, bytesPerLine: bytes / lines, faults };
}
