// Writes lines of all lengths, from number `first` on, and says what became of them. Argument: `{ path, first, lines, rotation, sync }`.
import { say } from "@dagstack/fault-harness/say";
import { countingSink, lineOf } from "./sink.mjs";

const { path, first, lines, rotation, sync } = JSON.parse(process.argv[2]);
const { sink, counts } = countingSink(path, { sync, rotation });
for (let i = 0; i < lines; i++) {
  sink.emitLine(9, lineOf(first + i, i % 200));
  if (i % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
  if (i === 200) say({ underWay: true });
}
const { success } = await sink.flush(30_000);
await sink.close();
say({ ...counts, success });
