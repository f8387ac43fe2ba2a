// log-steadily <path> <options as JSON>: logs a line every 10 ms, with the time in it, until standard input ends.
import { countingSink } from "./sink.mjs";

const [path, options] = process.argv.slice(2);
const { sink, counts } = countingSink(path, JSON.parse(options));
const encoder = new TextEncoder();
const timer = setInterval(() => sink.emitLine(9, encoder.encode(`{"ms":${Date.now()}}`)), 10);
process.stdin.resume();
process.stdin.on("end", async () => {
  clearInterval(timer);
  await sink.close();
  console.log(JSON.stringify(counts));
});
console.log("ready");
