// stalled.mjs <endpoint> <records>: a burst onto a receiver that hangs; prints what it took and what became of it.
import { systemClock } from "@dagstack/logger-core";
import { RecordingContext, testRecord } from "@dagstack/logger-core/testing";
import { OTLPSink } from "@dagstack/sink-otlp";

const MB = 1_000_000;
const count = Number(process.argv[3]);
const sink = new OTLPSink({ endpoint: process.argv[2], queueSize: 1_000_000 });
const context = new RecordingContext(systemClock);
sink.attach(context);

const record = (n) =>
  testRecord({
    body: `order ${n} placed`,
    attributes: { n, user: `user-${n}`, city: "Lisbon", amount: n / 3, ok: true },
  });
// Warm up, so that code and heap growth of the first records do not count.
const warm = new OTLPSink({ endpoint: "http://127.0.0.1:9", queueSize: 1_000 });
for (let n = 0; n < 20_000; n++) warm.emit(record(n));
await warm.close(0);
globalThis.gc?.();

const base = process.memoryUsage().rss;
let peak = base;
for (let n = 0; n < count; n++) {
  context.ledger.accept();
  sink.emit(record(n));
  if (n % 5_000 !== 0) continue;
  peak = Math.max(peak, process.memoryUsage().rss);
  await new Promise((resolve) => setImmediate(resolve));
}
const waiting = context.ledger.pending;
const started = performance.now();
await sink.close(500);
const closeMs = performance.now() - started;
console.log(JSON.stringify({ rssMB: (peak - base) / MB, waiting, closeMs, ...context.ledger.snapshot() }));
