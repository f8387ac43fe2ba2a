// Logs 10 000 records onto a pipe whose reader has gone, over more than a second; stays alive and ends well.
import { say } from "@dagstack/fault-harness/say";
import { consoleSink } from "./console.mjs";

const { sink, emit, books } = consoleSink();
let crashes = 0;
process.on("uncaughtException", () => crashes++);
for (let round = 0; round < 10; round++) {
  for (let n = 0; n < 1000; n++) emit(n);
  await new Promise((resolve) => setTimeout(resolve, 120));
}
const { errorTimes } = books();
const gaps = errorTimes.slice(1).map((ms, i) => ms - errorTimes[i]);
const { success } = await sink.flush(100);
say({ crashes, success, leastGapMs: Math.min(...gaps, 9_999), books: books() });
