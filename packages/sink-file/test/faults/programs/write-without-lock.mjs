// Writes lines into a rotated file that others share, of which no lock can be made. Says what became of them and what was told.
// Argument: `{ path, first, lines, sync, code?, uid? }`: the code that making a lock fails with, or the user to be.
import { say } from "@dagstack/fault-harness/say";
import { nodeFileSystem } from "../../../dist/index.js";
import { countingSink, lineOf } from "./sink.mjs";

const { path, first, lines, sync, code, uid } = JSON.parse(process.argv[2]);
if (uid !== undefined) process.seteuid(uid);
const lock = () => {
  throw Object.assign(new Error("as the scenario asked"), { code });
};
const fs = code === undefined ? nodeFileSystem : { ...nodeFileSystem, lock };
const { sink, counts } = countingSink(path, { sync, rotation: { size: 20_000, keep: 1_000, compress: true } }, { fs });
for (let i = 0; i < lines; i++) {
  sink.emitLine(9, lineOf(first + i, i % 200));
  if (i % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
}
const { success } = await sink.flush(30_000);
await sink.close();
say({ ...counts, success });
