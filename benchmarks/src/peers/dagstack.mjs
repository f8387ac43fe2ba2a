// Ours, through the public API of the built packages: of this tree, or of another one for the regression guard.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { resource, scope } from "../fields.mjs";

/** The module of one of our packages. `packages` is a folder that holds one folder per package; absent: this tree's. */
export function load(name, packages) {
  if (packages === undefined) return import(`@dagstack/${name}`);
  const folder = join(packages, name);
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const entry = manifest.exports["."];
  return import(pathToFileURL(join(folder, (entry.import ?? entry).default)).href);
}

async function start(sinks, packages) {
  const { configure, Logger } = await load("logger", packages);
  const logging = configure({ resource, sinks });
  const delivered = (sink) => Logger.metrics.snapshot().sinks[sink.id]?.delivered ?? 0;
  return {
    root: Logger.get(scope.name, scope.version),
    child: (logger, bound) => logger.child(bound),
    debug: (logger, message, attributes) => logger.debug(message, attributes),
    info: (logger, message, attributes) => logger.info(message, attributes),
    error: (logger, message, error) => logger.exception(error, undefined, { body: message }),
    delivered: () => sinks.reduce((sum, sink) => sum + delivered(sink), 0),
    flush: () => logging.flush(60_000),
    close: async () => {
      const { success, droppedCount } = await logging.close(60_000);
      if (!success) throw new Error(`close was not successful, ${droppedCount} dropped`);
    },
  };
}

async function files(paths, options, packages) {
  const { FileSink } = await load("sink-file", packages);
  const peer = await start(
    paths.map((path) => new FileSink(path, options)),
    packages,
  );
  return { ...peer, paths };
}

export const byDefault = ({ path, packages }) => files([path], {}, packages);

export const recordByRecord = ({ path, packages }) => files([path], { sync: true }, packages);

export const fourFiles = ({ path, packages }) =>
  files([path, `${path}.second`, `${path}.third`, `${path}.fourth`], {}, packages);

/** Rotation keeps a long run from filling the disk. */
export const rotated = ({ path, packages }) => files([path], { rotation: { size: "64MB" } }, packages);

export async function toMemory({ packages }) {
  const { InMemorySink } = await load("sink-memory", packages);
  const sink = new InMemorySink();
  const peer = await start([sink], packages);
  // Evicted records were taken in like the others.
  return { ...peer, paths: [], taken: () => sink.size + sink.droppedCount };
}

/** OTLP without a network: what encoding and queue cost. */
export async function toNowhere({ packages }) {
  const { OTLPSink } = await load("sink-otlp", packages);
  const peer = await start([new OTLPSink({ fetch: async () => new Response(null, { status: 200 }) })], packages);
  return { ...peer, taken: peer.delivered };
}

export async function toReceiver({ url, packages }) {
  const { OTLPSink } = await load("sink-otlp", packages);
  const { configure, Logger } = await load("logger", packages);
  const sink = new OTLPSink({ endpoint: url });
  const logging = configure({ resource, sinks: [sink] });
  const logger = Logger.get(scope.name, scope.version);
  return {
    info: (message, attributes) => logger.info(message, attributes),
    flush: () => logging.flush(30_000),
    close: () => logging.close(60_000),
    dropped: () => Logger.metrics.droppedTotal(sink.id),
  };
}
