import { once } from "node:events";
import pino from "pino";
import { flatResource, mask, secretPaths } from "../fields.mjs";
import { activeSpanFields } from "../span.mjs";

function start(destination, close, workload) {
  const options = { base: flatResource };
  if (workload.redacts) options.redact = { paths: secretPaths, censor: mask };
  if (workload.isTraced) options.mixin = activeSpanFields;
  return {
    root: pino(options, destination),
    child: (logger, bound) => logger.child(bound),
    debug: (logger, message, attributes) =>
      attributes === undefined ? logger.debug(message) : logger.debug(attributes, message),
    info: (logger, message, attributes) => logger.info(attributes, message),
    error: (logger, message, error) => logger.error(error, message),
    close,
  };
}

export function recordByRecord({ workload, path }) {
  const destination = pino.destination({ dest: path, sync: true });
  return start(destination, () => destination.flushSync(), workload);
}

export function buffered({ workload, path }) {
  const destination = pino.destination({ dest: path, sync: false, minLength: 4096 });
  const close = async () => {
    destination.end();
    await once(destination, "close");
  };
  return start(destination, close, workload);
}
