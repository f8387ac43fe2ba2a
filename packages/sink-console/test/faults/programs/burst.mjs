// A burst through one console sink; argument `{ count, size, maxBufferBytes, thenExit }`. Says the longest call, all the
// time that calls were held, and the memory above that before the burst.
import { say } from "@dagstack/fault-harness/say";
import { consoleSink } from "./console.mjs";

const { count, maxBufferBytes, thenExit } = JSON.parse(process.argv[2]);
const { sink, emit, books } = consoleSink({ maxBufferBytes });
const rss = () => process.memoryUsage.rss();
const base = rss();
let peak = base;
let longestMs = 0;
let heldMs = 0;
for (let n = 0; n < count; n++) {
  const startMs = performance.now();
  emit(n);
  const ms = performance.now() - startMs;
  if (ms > 20) heldMs += ms; // more than a pause of the garbage collector
  longestMs = Math.max(longestMs, ms);
  if (n % 1000 === 0) peak = Math.max(peak, rss());
}
say({ burst: "over", longestMs, heldMs, grown: Math.max(peak, rss()) - base });
if (thenExit) {
  const startMs = performance.now();
  sink.flushSync();
  say({ drainMs: performance.now() - startMs });
} else {
  await sink.flush(60_000);
}
say({ books: books() });
if (thenExit) process.exit(3);
