// Logs a burst onto a disk that is full. Says by how much memory grew and whether every record is counted. Argument: `{ folder, lines, padding, turns }`.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { say } from "@dagstack/fault-harness/say";
import { countingSink, lineOf } from "./sink.mjs";

const { folder, lines, padding, turns } = JSON.parse(process.argv[2]);
const { sink, counts } = countingSink(join(folder, "f"), {});
for (let i = 0; i < 1_000; i++) sink.emitLine(9, lineOf(i, padding));
await sink.flush();
const block = Buffer.alloc(100_000);
try {
  for (let i = 0; ; i++) writeFileSync(join(folder, `filler${i}`), block);
} catch (error) {
  if (error.code !== "ENOSPC") throw error;
}
const line = lineOf(1, padding);
const baseBytes = process.memoryUsage.rss();
let peakBytes = baseBytes;
for (let i = 0; i < lines; i++) {
  sink.emitLine(9, line);
  if (i % 1_000 !== 0) continue;
  peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
  if (turns) await new Promise((resolve) => setImmediate(resolve));
}
await sink.close(0);
say({ ...counts, logged: 1_000 + lines, grownBytes: peakBytes - baseBytes });
