// log-through-timer <path>: logs one line in a timer's callback, then has nothing to do for two seconds.
import { countingSink, lineOf } from "./sink.mjs";

const { sink } = countingSink(process.argv[2], {});
setTimeout(() => {
  sink.emitLine(9, lineOf(1));
  console.log("logged");
}, 20);
setTimeout(() => {}, 2_000);
