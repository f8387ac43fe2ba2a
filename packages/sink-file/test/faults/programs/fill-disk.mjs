// Logs until the disk is full and goes on, so that lines are dropped; then frees the disk and counts. Argument: `{ folder }`.
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { say } from "@dagstack/fault-harness/say";
import { countingSink, lineOf } from "./sink.mjs";

const { folder } = JSON.parse(process.argv[2]);
writeFileSync(join(folder, "filler"), Buffer.alloc(4_000_000));
const { sink, counts } = countingSink(join(folder, "f"), { maxBufferBytes: 1_000_000 });
const turn = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
let number = 0;
/** 100 lines of about 200 bytes. */
const burst = () => {
  for (let i = 0; i < 100; i++) sink.emitLine(9, lineOf(number++, 180));
};

for (let i = 0; i < 350; i++) {
  burst();
  if (i % 10 === 0) await turn(5);
}
await turn(1_500);
const whileFull = { ...counts, refused: counts.errors.at(-1)?.code };
rmSync(join(folder, "filler"));
const freedMs = performance.now();
const before = counts.delivered;
while (counts.delivered === before && performance.now() - freedMs < 5_000) {
  sink.emitLine(9, lineOf(number++));
  await turn(5);
}
const againMs = performance.now() - freedMs;
const { droppedCount } = await sink.flush(5_000);
await sink.close();
const gaps = counts.errors.slice(1).map(({ ms }, i) => ms - counts.errors[i].ms);
const { refused } = whileFull;
say({ ...counts, refused, droppedCount, logged: number, againMs, leastGapMs: Math.min(...gaps, 1e9) });
