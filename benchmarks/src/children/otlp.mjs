// Sends a burst of records to a receiver through one peer.
import { setImmediate as nextTurn } from "node:timers/promises";
import { eightAttributes, message } from "../fields.mjs";
import { peers } from "../peers/index.mjs";
import { settle } from "./settle.mjs";

const CHUNK = 250;
const WARM_UP = 2_000;

const { job } = JSON.parse(process.argv[2]);
const peer = await peers[job.peer].start(job);

async function send(count) {
  let inCalls = 0;
  for (let first = 0; first < count; first += CHUNK) {
    const before = performance.now();
    for (let n = first; n < first + CHUNK; n++) peer.info(message, eightAttributes(n));
    inCalls += performance.now() - before;
    await nextTurn();
  }
  return inCalls;
}

await send(WARM_UP);
await peer.flush();
await settle();
const before = process.cpuUsage();
const inCalls = await send(job.records);
await peer.close();
const { user, system } = process.cpuUsage(before);
process.send({
  callNs: (inCalls * 1e6) / job.records,
  cpuMs: (user + system) / 1e3,
  sent: job.records + WARM_UP,
  reported: peer.dropped?.(),
});
process.disconnect();
