import { OtlpReceiver } from "@dagstack/otlp-receiver";
import { OTLPSink } from "@dagstack/sink-otlp";

/**
 * @param {string} endpoint
 * @param {import("@dagstack/sink-conformance").SubjectSettings} settings
 */
function sinkTo(endpoint, { minSeverity, overflow }) {
  return new OTLPSink({
    endpoint,
    minSeverity,
    batchSize: 16,
    flushIntervalMs: 50,
    ...(overflow !== undefined &&
      overflow.strategy !== "block" && { queueSize: overflow.limit, overflow: overflow.strategy }),
  });
}

/** @type {import("@dagstack/sink-conformance").SinkSubject} */
export const subject = {
  name: "@dagstack/sink-otlp",
  module: import.meta.url,
  claims: {
    threshold: true,
    buffered: true,
    deliversWithinMs: 100,
    retries: true,
    lineLane: true,
    overflow: { strategies: ["drop_oldest", "drop_newest"], unit: "records" },
  },
  /** Over HTTP, to a receiver that decodes what it gets with the official schema. */
  async create({ settings }) {
    const receiver = await OtlpReceiver.start();
    let release = () => {};
    return {
      sink: sinkTo(receiver.url, settings),
      delivered: () => /** @type {any} */ (receiver.records()),
      faults: {
        stall() {
          const until = new Promise((resolve) => {
            release = () => resolve(undefined);
          });
          receiver.respond({ kind: "held", until });
        },
        fail: () => receiver.respond({ kind: "status", status: 503 }),
        reject: () => receiver.respond({ kind: "status", status: 400 }),
        recover() {
          receiver.respond({ kind: "ok" });
          release();
        },
      },
      dispose: () => receiver.stop(),
    };
  },
  createAlone: ({ settings }) => sinkTo("http://127.0.0.1:9", settings),
};
