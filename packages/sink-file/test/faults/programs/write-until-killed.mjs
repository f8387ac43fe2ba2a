// Writes lines from number `first` on until it is killed, in bursts and one by one, short and long. What it logged, and when, goes
// synchronously into the file `truth`, before the sink gets it. Argument: `{ path, truth, first, sync }`.
import { openSync, writeSync } from "node:fs";
import { say } from "@dagstack/fault-harness/say";
import { countingSink, lineOf } from "./sink.mjs";

const { path, truth: truthPath, first, sync } = JSON.parse(process.argv[2]);
const truth = openSync(truthPath, "a");
const { sink } = countingSink(path, { sync });
let number = first;

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

say({ ready: true });
turn();
