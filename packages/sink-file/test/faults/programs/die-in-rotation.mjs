// Writes lines from number `first` on into a rotated file and kills itself "before" or "after" the n-th call to the file system that
// comes once the first file is half full. Says how many such calls a rotation or two take if it lives. What the sink has written is
// told to the file `truth`. Argument: `{ path, truth, first, compress, diesAt, moment }`.
import { openSync, writeSync } from "node:fs";
import { say } from "@dagstack/fault-harness/say";
import { nodeFileSystem } from "../../../dist/index.js";
import { countingSink, lineOf } from "./sink.mjs";

const { path, truth: truthPath, first, compress, diesAt, moment } = JSON.parse(process.argv[2]);
const truth = openSync(truthPath, "a");
let isCounting = false;
let calls = 0;
const die = () => process.kill(process.pid, "SIGKILL");

function mortal(call) {
  return (...args) => {
    if (!isCounting) return call(...args);
    const isLast = ++calls === diesAt;
    if (isLast && moment === "before") die();
    const result = call(...args);
    if (isLast && moment === "after") die();
    return result;
  };
}

const fs = Object.fromEntries(Object.entries(nodeFileSystem).map(([name, call]) => [name, mortal(call)]));
fs.gzip = async (from, to, turn, stop) => {
  const counted = mortal(() => {});
  counted();
  const countedTurn = () => {
    counted();
    return turn();
  };
  const made = await nodeFileSystem.gzip(from, to, countedTurn, stop);
  counted();
  return made;
};
const rotation = { size: 1_000, keep: 1_000, compress };
const { sink, counts } = countingSink(path, { sync: true, rotation }, { fs });
for (let i = 0; i < 24; i++) {
  if (i === 6) isCounting = true;
  const before = counts.delivered;
  sink.emitLine(9, lineOf(first + i, 70));
  if (counts.delivered > before) writeSync(truth, `${first + i} ${Date.now()}\n`);
}
await sink.close(30_000);
say({ calls });
