// Two sinks on stdout and stderr, which are one pipe; lines of up to 9 kB in one burst, the program's own text among them,
// then `process.exit`. Argument `{ count, own }`: how many records each sink gets, and whether the program prints too.
import { say } from "@dagstack/fault-harness/say";
import { consoleSink } from "./console.mjs";

const { count, own } = JSON.parse(process.argv[2]);
const sinks = [consoleSink({ id: "out" }), consoleSink({ id: "err", stream: "stderr" })];
process.on("exit", () => {
  for (const { sink } of sinks) sink.flushSync();
  say({ books: sinks.map(({ books }) => books()) });
});
if (own) process.stdout.write(`{"body":"own ${"z".repeat(100_000)}"}\n`); // more than a pipe takes: half of it waits
for (let n = 0; n < count; n++) {
  for (const [i, { emit }] of sinks.entries()) emit(`${i} ${n} ${"x".repeat((n * 997) % 9_000)}`);
}
say({ burst: "over" });
if (own) await new Promise((resolve) => setTimeout(resolve, 2_000));
process.exit(3);
