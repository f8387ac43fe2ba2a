import { configure, Logger } from "@dagstack/logger";
import { ConsoleSink } from "@dagstack/sink-console";

configure({ level: "debug", sinks: [new ConsoleSink({ stream: "stdout" })] });

export const title = "dagstack";

export function log(name, level, message, attributes, error) {
  const logger = Logger.get(name);
  if (error === undefined) logger[level](message, attributes);
  else logger.exception(error, attributes, { body: message });
}
