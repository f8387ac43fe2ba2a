// A burst through one console sink while somebody stands between it and stdout, then `process.exit` in the same turn of
// the event loop. Argument `{ how, count }`. What is known by then is said in the exit event.
import { say } from "@dagstack/fault-harness/say";
import { consoleSink } from "./console.mjs";
import { putBetween } from "./put-between.mjs";

const { how, count } = JSON.parse(process.argv[2]);
const { sink, emit, books } = consoleSink(putBetween(how));
process.on("exit", () => {
  sink.flushSync();
  say({ books: books() });
});
for (let n = 0; n < count; n++) emit(n);
say({ burst: "over" });
process.exit(3);
