import { createConsola } from "consola";

const root = createConsola({ level: 4, fancy: true, stdout: process.stdout, stderr: process.stdout });

export const title = "consola";

export function log(name, level, message, attributes, error) {
  const logger = root.withTag(name);
  if (error === undefined) logger[level](message, attributes);
  else logger[level](message, attributes, error);
}
