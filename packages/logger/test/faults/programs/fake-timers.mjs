// Fake timers as tests install them, before our packages are loaded or afterwards, never advanced, then removed. Argument
// `{ when, path, restMs }`. Says what had arrived without a flush, what records carry as their time, and when flushes end.

import { mock } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { say } from "@dagstack/fault-harness/say";

const { when, path, restMs } = JSON.parse(process.argv[2]);
const DATE = Date.UTC(2020, 0, 1);
const fake = () => mock.timers.enable({ now: DATE });

if (when === "before") fake();
const { configure, Logger } = await import("@dagstack/logger");
const { FileSink } = await import("@dagstack/sink-file");
const { ConsoleSink } = await import("@dagstack/sink-console");
const { BatchingSink } = await import("@dagstack/logger-core/delivery");
const { InMemorySink } = await import("@dagstack/sink-memory");
if (when === "after") fake();

const delivered = [];
const times = [];
const remote = new BatchingSink({
  id: "remote",
  flushIntervalMs: 100,
  deliver: async (batch) => void delivered.push(...batch.map(({ body }) => body)),
});
const memory = new InMemorySink();
const hanging = {
  id: "hanging",
  emit() {},
  supportsSeverity: () => true,
  flush: () => new Promise(() => {}),
  close() {},
};
configure({ sinks: [new FileSink(path), new ConsoleSink({ stream: "stdout" }), remote, memory, hanging] });
const log = Logger.get("timers");
const logAt = (body) => {
  log.info(body);
  times.push(Number(memory.records().at(-1).timeUnixNano / 1_000_000n));
};

logAt("a");
mock.timers.setTime(DATE + 86_400_000);
logAt("b");
// With fake timers that were there first nothing can end a wait but their removal.
const startMs = process.hrtime.bigint();
if (when === "after") await Logger.flush(200);
const flushMs = Number(process.hrtime.bigint() - startMs) / 1e6;
if (when === "after") mock.timers.tick(1_000); // before: what was armed never rings
mock.timers.reset();
const removedMs = Date.now();
await sleep(restMs);
logAt("c");
await sleep(restMs);
say({ delivered, times, sinceRemovedMs: times[2] - removedMs, flushMs });
process.kill(process.pid, "SIGKILL"); // nothing is written by an exit
