// Several sinks on one stream: argument `{ sinks, count, from, padTo }`. Each sink gets every record; then all are closed and
// the stream is written to.
import { say } from "@dagstack/fault-harness/say";
import { consoleSink } from "./console.mjs";

const { sinks, count, from, padTo } = JSON.parse(process.argv[2]);
const all = sinks.map((options) => consoleSink(options));
for (let n = from; n < from + count; n++) {
  const body = `${n} ${"x".repeat(n % padTo)}`;
  for (const { emit } of all) emit(body);
  if (n % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
}
await Promise.all(all.map(({ sink }) => sink.close(60_000)));
process.stdout.write("the stream is open\n");
say({ books: all.map(({ books }) => books()) });
