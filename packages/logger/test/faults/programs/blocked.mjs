// Logs, blocks the event loop, logs again: argument `{ sinks, count, blockMs }`.
import { configure, Logger } from "@dagstack/logger";
import { sinkOf } from "./sinks.mjs";

const { sinks, count, blockMs } = JSON.parse(process.argv[2]);
configure({ sinks: sinks.map(sinkOf) });
const log = Logger.get("blocked");
let n = 0;
for (let round = 0; round < 3; round++) {
  for (const end = n + count; n < end; n++) log.info(n);
  for (const end = performance.now() + blockMs; performance.now() < end; );
  if (round === 1) await new Promise((resolve) => setTimeout(resolve, 1));
}
