// Has an archive of 64 MB to compress, logs for a while, and ends without close. Says how long its event loop was held at most. Argument: `{ path }`.
import { monitorEventLoopDelay } from "node:perf_hooks";
import { say } from "@dagstack/fault-harness/say";
import { countingSink, lineOf } from "./sink.mjs";

const delays = monitorEventLoopDelay({ resolution: 5 });
const { sink, counts } = countingSink(JSON.parse(process.argv[2]).path, {
  rotation: { size: "1GB", keep: 5, compress: true },
});
delays.enable();
let number = 0;
const timer = setInterval(() => sink.emitLine(9, lineOf(number++)), 5);
setTimeout(() => {
  clearInterval(timer);
  say({ ...counts, number, heldMs: delays.max / 1e6 });
}, 500);
process.on("exit", () => sink.flushSync());
