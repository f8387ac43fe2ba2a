import { getFileSink } from "@logtape/file";
import { configure, getConsoleSink, getLogger, jsonLinesFormatter } from "@logtape/logtape";

/** The log call of a burst, to the console or to a file, with LogTape's defaults. */
export async function burst(destination, path) {
  const formatter = jsonLinesFormatter;
  const sink = destination === "file" ? getFileSink(path, { formatter }) : getConsoleSink({ formatter });
  await configure({ sinks: { sink }, loggers: [{ category: ["runtimes"], lowestLevel: "info", sinks: ["sink"] }] });
  const log = getLogger(["runtimes"]);
  return (n) => log.info("burst", { n, "order.state": "placed" });
}
