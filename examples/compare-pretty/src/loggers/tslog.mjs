import { Logger } from "tslog";

const root = new Logger({ type: "pretty", minLevel: 2, name: "shop" });

export const title = "tslog";

export function log(name, level, message, attributes, error) {
  const logger = name === "shop" ? root : root.getSubLogger({ name: name.slice(5) });
  if (error === undefined) logger[level](message, attributes);
  else logger[level](message, attributes, error);
}
