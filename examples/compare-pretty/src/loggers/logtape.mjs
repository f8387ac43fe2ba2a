import { Writable } from "node:stream";
import { configure, getLogger, getStreamSink } from "@logtape/logtape";
import { getPrettyFormatter } from "@logtape/pretty";

const stdout = Writable.toWeb(process.stdout);
await configure({
  sinks: { console: getStreamSink(stdout, { formatter: getPrettyFormatter({ properties: true, timestamp: "time" }) }) },
  loggers: [
    { category: "shop", lowestLevel: "debug", sinks: ["console"] },
    { category: ["logtape", "meta"], lowestLevel: "warning", sinks: ["console"] },
  ],
});

export const title = "LogTape pretty";

export function log(name, level, message, attributes, error) {
  const logger = getLogger(name.split("."));
  logger[level](message, error === undefined ? attributes : { ...attributes, error });
}
