import pino from "pino";
import pretty from "pino-pretty";

const root = pino({ level: "debug", base: undefined }, pretty({ sync: true, destination: 1 }));

export const title = "pino-pretty";

export function log(name, level, message, attributes, error) {
  const logger = root.child({ name });
  if (error === undefined) logger[level](attributes, message);
  else logger[level]({ ...attributes, err: error }, message);
}
