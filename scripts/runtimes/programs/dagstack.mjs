import { captureLogs, configure, Logger } from "@dagstack/logger";
import { InMemorySink } from "@dagstack/sink-memory";
import { OTLPSink } from "@dagstack/sink-otlp";

const resource = { "service.name": "runtimes" };

/** The calls of the matrix, made as our documents say. */
export const adapter = {
  name: "dagstack",

  first(message) {
    Logger.get("runtimes.first").info(message);
  },

  async collect(use) {
    const sink = new InMemorySink();
    const logging = configure({ resource, level: "info", sinks: [sink] });
    const log = Logger.get("runtimes.collect");
    await use({
      child: (attributes) => log.child(attributes),
      info: (body, attributes) => log.info(body, attributes),
      caught: (error) => log.exception(error),
    });
    const { success, droppedCount } = await logging.close();
    if (!success || droppedCount > 0) throw new Error(`close: success ${success}, ${droppedCount} dropped`);
    return sink.records().map(({ body, attributes }) => ({ body, attributes }));
  },

  async capture(use) {
    configure({ resource, level: "info", sinks: [] });
    const log = Logger.get("runtimes.capture");
    const { records } = await captureLogs(() => use(log));
    return records.map(({ body }) => body);
  },

  async otlp(endpoint, count) {
    const logging = configure({ resource, sinks: [new OTLPSink({ endpoint, protocol: "http/json" })] });
    const log = Logger.get("runtimes.otlp");
    for (let n = 0; n < count; n++) log.info("sent", { n });
    const { success, droppedCount } = await logging.close(5_000);
    if (!success || droppedCount > 0) throw new Error(`close: success ${success}, ${droppedCount} dropped`);
  },
};
