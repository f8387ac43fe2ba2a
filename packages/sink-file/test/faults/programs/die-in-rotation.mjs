// die-in-rotation <path> <truth> <first number> <call> <before|after> <compress?>: writes lines into a rotated file and kills itself before or after
// the n-th call to the file system that comes once the first file is half full. Says how many such calls a rotation or two take if it
// lives. What the sink has written is told to the file `truth`.
import { openSync, writeSync } from "node:fs";
import { nodeFileSystem } from "../../../dist/index.js";
import { countingSink, lineOf } from "./sink.mjs";

const [path, truthPath, first, diesAt, moment, compress] = process.argv.slice(2);
const truth = openSync(truthPath, "a");
let isCounting = false;
let calls = 0;
const die = () => process.kill(process.pid, "SIGKILL");

function mortal(call) {
  return (...args) => {
    if (!isCounting) return call(...args);
    const isLast = ++calls === Number(diesAt);
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
const rotation = { size: 1_000, keep: 1_000, ...(compress === "compress" ? { compress: true } : {}) };
const { sink, counts } = countingSink(path, { sync: true, rotation }, { fs });
for (let i = 0; i < 24; i++) {
  if (i === 6) isCounting = true;
  const before = counts.delivered;
  sink.emitLine(9, lineOf(Number(first) + i, 70));
  if (counts.delivered > before) writeSync(truth, `${Number(first) + i} ${Date.now()}\n`);
}
await sink.close(30_000);
console.log(JSON.stringify({ calls }));
