// Has the timers replaced by some that never come, before or after the package is loaded, and puts the real ones back. Never flushes.
// Says what is in the file half a second later. Argument: `{ path, when, options }`.
import { readFileSync } from "node:fs";
import { say } from "@dagstack/fault-harness/say";

const { path, when, options } = JSON.parse(process.argv[2]);
const names = ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "setImmediate", "clearImmediate"];
const real = Object.fromEntries(names.map((name) => [name, globalThis[name]]));
const never = { unref: () => never, ref: () => never };
const fake = () => Object.assign(globalThis, Object.fromEntries(names.map((name) => [name, () => never])));
const turn = (ms) => new Promise((resolve) => real.setTimeout(resolve, ms));

if (when === "before") fake();
const { countingSink, lineOf } = await import("./sink.mjs");
const { sink } = countingSink(path, options);
fake();
sink.emitLine(9, lineOf(0));
Object.assign(globalThis, real);
sink.emitLine(9, lineOf(1));
await turn(300);
sink.emitLine(9, lineOf(2));
await turn(400);
say({ text: readFileSync(path, "utf8") });
process.exit(0);
