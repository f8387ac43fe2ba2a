// write-until-killed <path> <truth> <first number> <sync|buffered>: writes lines until it is killed, in bursts and one by one, short and
// long. What it logged, and when, goes synchronously into the file `truth`, before the sink gets it.
import { openSync, writeSync } from "node:fs";
import { countingSink, lineOf } from "./sink.mjs";

const [path, truthPath, first, mode] = process.argv.slice(2);
const truth = openSync(truthPath, "a");
const { sink } = countingSink(path, { sync: mode === "sync" });
let number = Number(first);

function log(padding) {
  writeSync(truth, `${number} ${Date.now()}\n`);
  sink.emitLine(9, lineOf(number++, padding));
}

function turn() {
  const burst = number % 7 === 0 ? 40 : 1;
  for (let i = 0; i < burst; i++) log((number * 37) % 300);
  if (number % 40 === 0) log(300_000);
  setTimeout(turn, number % 3);
}

console.log("ready");
turn();
