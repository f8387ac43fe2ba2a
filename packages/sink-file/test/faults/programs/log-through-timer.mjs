// Logs one line in a timer's callback, then has nothing to do for two seconds. Argument: `{ path }`.
import { say } from "@dagstack/fault-harness/say";
import { countingSink, lineOf } from "./sink.mjs";

const { sink } = countingSink(JSON.parse(process.argv[2]).path, {});
setTimeout(() => {
  sink.emitLine(9, lineOf(1));
  say({ logged: true });
}, 20);
setTimeout(() => {}, 2_000);
