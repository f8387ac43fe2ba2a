// write-rotated <path> <first number> <lines> <rotation as JSON> <sync|buffered>: writes lines of all lengths and says what became of them.
import { countingSink, lineOf } from "./sink.mjs";

const [path, first, lines, rotation, mode] = process.argv.slice(2);
const { sink, counts } = countingSink(path, { sync: mode === "sync", rotation: JSON.parse(rotation) });
for (let i = 0; i < Number(lines); i++) {
  sink.emitLine(9, lineOf(Number(first) + i, i % 200));
  if (i % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
  if (i === 200) console.log("under way");
}
const { success } = await sink.flush(30_000);
await sink.close();
console.log(JSON.stringify({ ...counts, success }));
