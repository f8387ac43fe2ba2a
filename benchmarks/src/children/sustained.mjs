// One peer for a long time: what records cost, and what memory the process holds, after each tenth of the run.
import { setImmediate as nextTurn } from "node:timers/promises";
import { peers } from "../peers/index.mjs";
import { workloads } from "../workloads.mjs";

const CHUNK = 250;
const SEGMENTS = 10;

const { job } = JSON.parse(process.argv[2]);
const workload = workloads[job.workload];
const peer = await peers[job.peer].start({ ...job, workload });
const log = workload.prepare(peer);

const segments = [];
for (let segment = 0; segment < SEGMENTS; segment++) {
  const before = process.cpuUsage();
  for (let n = 0; n < job.records; n++) {
    log(n);
    if (n % CHUNK === CHUNK - 1) await nextTurn();
  }
  const { user, system } = process.cpuUsage(before);
  segments.push({ cpuNs: ((user + system) * 1e3) / job.records, rssBytes: process.memoryUsage.rss() });
}
await peer.close();
process.send({ segments, lost: SEGMENTS * job.records - peer.delivered() });
process.disconnect();
