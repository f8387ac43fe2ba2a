// Logs a line every 10 ms, with the time in it, until standard input ends. Argument: `{ path, options }`.
import { say } from "@dagstack/fault-harness/say";
import { countingSink } from "./sink.mjs";

const { path, options } = JSON.parse(process.argv[2]);
const { sink, counts } = countingSink(path, options);
const encoder = new TextEncoder();
const timer = setInterval(() => sink.emitLine(9, encoder.encode(`{"ms":${Date.now()}}`)), 10);
process.stdin.resume();
process.stdin.on("end", async () => {
  clearInterval(timer);
  await sink.close();
  say(counts);
});
say({ ready: true });
