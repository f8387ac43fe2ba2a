// The wall clock is set while records are logged and a flush waits. Argument: `{ count, flushMs }`.
import { say } from "@dagstack/fault-harness/say";
import { configure, Logger } from "@dagstack/logger";
import { InMemorySink } from "@dagstack/sink-memory";

const { count, flushMs } = JSON.parse(process.argv[2]);
const JUMPS_MS = [-300, -900, 250, -3_600_000, 3_600_000, -999, 86_400_000, -500];
const systemNow = Date.now;
let jumpedMs = 0;
Date.now = () => systemNow() + jumpedMs;

const times = [];
const recorder = {
  id: "recorder",
  supportsSeverity: () => true,
  emit: ({ timeUnixNano }) => times.push(timeUnixNano),
  flush() {},
  close() {},
};
const hanging = { ...recorder, id: "hanging", emit() {}, flush: () => new Promise(() => {}) };
configure({ sinks: [recorder, hanging, new InMemorySink()], exitFlushMs: 0 });
const log = Logger.get("jumps");
const waits = [];
for (const jumpMs of JUMPS_MS) {
  for (let n = 0; n < count; n++) log.info(n);
  const startMs = performance.now();
  const flushed = Logger.flush(flushMs);
  jumpedMs += jumpMs;
  for (let n = 0; n < count; n++) log.info(n);
  await flushed;
  waits.push(performance.now() - startMs);
}
let small = 0;
let large = 0;
for (let i = 1; i < times.length; i++) {
  const step = times[i] - times[i - 1];
  if (step >= 0n) continue;
  if (step > -1_000_000_000n) small++;
  else large++;
}
say({ records: times.length, small, large, shortestMs: Math.min(...waits), longestMs: Math.max(...waits) });
