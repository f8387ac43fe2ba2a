// A burst through one console sink while somebody stands between it and the descriptor; argument `{ how, count, patience }`.
// Then `process.exit`, in the same turn of the event loop or after one; what is known by then is said in the exit event.
import { say } from "@dagstack/fault-harness/say";
import { consoleSink } from "./console.mjs";
import { putBetween } from "./put-between.mjs";

const { how, count, turns } = JSON.parse(process.argv[2]);
const { sink, emit, books } = consoleSink(putBetween(how));
process.on("exit", () => {
  sink.flushSync();
  say({ books: books() });
});
say({ started: true });
for (let n = 0; n < count; n++) emit(n);
say({ burst: "over" });
for (let n = 0; n < turns; n++) await new Promise((resolve) => setImmediate(resolve));
process.exit(3);
