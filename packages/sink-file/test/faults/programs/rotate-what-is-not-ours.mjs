// Makes a rotated sink of a path and logs to it. Says whether that was refused, and what became of the lines.
// Argument: `{ path, rotation, lines }`.
import { say } from "@dagstack/fault-harness/say";
import { countingSink, lineOf } from "./sink.mjs";

const { path, rotation, lines } = JSON.parse(process.argv[2]);
try {
  const { sink, counts } = countingSink(path, { sync: true, rotation });
  for (let i = 0; i < lines; i++) sink.emitLine(9, lineOf(i, 100));
  const { success } = await sink.flush();
  await sink.close();
  say({ ...counts, success });
} catch (error) {
  say({ refused: error.name });
}
