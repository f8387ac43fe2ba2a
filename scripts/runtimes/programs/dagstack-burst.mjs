import { configure, Logger } from "@dagstack/logger";
import { FileSink } from "@dagstack/sink-file";

/** The log call of a burst, to the console's default stream or to a file. */
export function burst(destination, path) {
  const resource = { "service.name": "runtimes" };
  configure({ resource, level: "info", ...(destination === "file" ? { sinks: [new FileSink(path)] } : {}) });
  const log = Logger.get("runtimes.burst");
  return (n) => log.info("burst", { n, "order.state": "placed" });
}
