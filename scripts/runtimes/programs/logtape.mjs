import { configure, dispose, getConsoleSink, getLogger, jsonLinesFormatter, reset } from "@logtape/logtape";
import { redactByField } from "@logtape/redaction";

const quiet = { category: ["logtape", "meta"], lowestLevel: "error", sinks: [] };

async function using(sink) {
  await reset();
  await configure({
    sinks: { sink },
    loggers: [{ category: ["runtimes"], lowestLevel: "info", sinks: ["sink"] }, quiet],
  });
  return getLogger(["runtimes"]);
}

/** The same calls, made as LogTape's documents say. */
export const adapter = {
  name: "logtape",

  async first(message) {
    (await using(getConsoleSink({ formatter: jsonLinesFormatter }))).info(message);
  },

  async collect(use) {
    const records = [];
    const log = await using(redactByField((record) => records.push(record)));
    await use({
      child: (properties) => log.with(properties),
      info: (message, properties) => log.info(message, properties),
      caught: (error) => log.error("failed", { error }),
    });
    await dispose();
    return records.map(({ message, properties }) => ({ body: message.join(""), attributes: told(properties) }));
  },

  using,
  dispose,
};

/** An Error's members are not enumerable: as text it says what a formatter of LogTape would print. */
function told(properties) {
  const tell = (value) =>
    value instanceof Error ? { name: value.name, message: value.message, stack: value.stack } : value;
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, tell(value)]));
}
