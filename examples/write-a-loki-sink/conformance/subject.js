import { LokiReceiver } from "../dist/loki-receiver.js";
import { LokiSink } from "../dist/loki-sink.js";

/**
 * @param {string} url
 * @param {import("@dagstack/sink-conformance").SubjectSettings} settings
 */
function sinkTo(url, { minSeverity, overflow }) {
  return new LokiSink({
    url,
    labels: { env: "conformance" },
    ...(minSeverity !== undefined && { minSeverity }),
    ...(overflow !== undefined && { queueSize: overflow.limit }),
    batchSize: 16,
    flushIntervalMs: 50,
    retry: { initialMs: 20, maxMs: 100 },
  });
}

/** @type {import("@dagstack/sink-conformance").SinkSubject} */
export const subject = {
  name: "LokiSink",
  module: import.meta.url,
  claims: {
    threshold: true,
    buffered: true,
    deliversWithinMs: 100,
    retries: true,
    overflow: { strategies: ["drop_oldest"], unit: "records" },
  },
  async create({ settings }) {
    const receiver = await LokiReceiver.start();
    return {
      sink: sinkTo(receiver.url, settings),
      delivered: () => receiver.entries.map(({ line }) => line),
      faults: {
        stall: () => receiver.hold(),
        fail: () => receiver.refuseAll({ status: 503 }),
        reject: () => receiver.refuseAll({ status: 400 }),
        recover() {
          receiver.refuseAll();
          receiver.release();
        },
      },
      dispose: () => receiver.stop(),
    };
  },
  createAlone: ({ settings }) => sinkTo("http://127.0.0.1:9", settings),
};
