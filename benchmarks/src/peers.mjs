import { bound } from "./workloads.mjs";

const MESSAGE = "payment authorised for order";
const resource = { "service.name": "shop-api", "service.version": "3.14.1" };
const scope = { name: "shop.checkout", version: "1.4.2" };

async function ours({ level, attributes, child }, path, options) {
  const { configure, Logger } = await import("@dagstack/logger");
  const { FileSink } = await import("@dagstack/sink-file");
  const logging = configure({ resource, sinks: [new FileSink(path, options)] });
  const root = Logger.get(scope.name, scope.version);
  const log = child ? root.child(bound) : root;
  return { log: (n) => log[level](MESSAGE, attributes(n)), close: () => logging.close() };
}

async function pinoSync({ level, attributes, child }, path) {
  const { default: pino } = await import("pino");
  const destination = pino.destination({ dest: path, sync: true });
  const root = pino({ base: { ...resource, logger: scope.name, logger_version: scope.version } }, destination);
  const log = child ? root.child(bound) : root;
  return { log: (n) => log[level](attributes(n), MESSAGE), close: async () => destination.flushSync() };
}

/** By name: makes `{ log(n), close() }` for a workload that writes to a path. The first is what ratios are taken against. */
export const peers = {
  "pino, sync": pinoSync,
  "dagstack, record by record": (workload, path) => ours(workload, path, { sync: true }),
  "dagstack, default": (workload, path) => ours(workload, path, {}),
};
