import { AcmeReceiver } from "../dist/acme-receiver.js";
import { AcmeSink } from "../dist/acme-sink.js";

/**
 * @param {string} url
 * @param {import("@dagstack/sink-conformance").SubjectSettings} settings
 */
function sinkTo(url, { minSeverity, overflow }) {
  return new AcmeSink({
    url,
    minSeverity,
    ...(overflow !== undefined &&
      overflow.strategy !== "block" && { queueSize: overflow.limit, overflow: overflow.strategy }),
    batchSize: 16,
    flushIntervalMs: 20,
    retry: { initialMs: 5, maxMs: 20 },
  });
}

/**
 * Even while all is well this receiver is as receivers are: throttled (429) and down (503) at first, it wants no more than
 * ten items in a request (413) and takes six of those for now, the others later.
 *
 * @param {AcmeReceiver} receiver
 */
function makeTroublesome(receiver) {
  receiver.refuse({ status: 429 }, { status: 503 });
  receiver.maxItems = 10;
  receiver.takes = 6;
}

/** @type {import("@dagstack/sink-conformance").SinkSubject} */
export const subject = {
  name: "AcmeSink",
  module: import.meta.url,
  claims: {
    threshold: true,
    buffered: true,
    retries: true,
    overflow: { strategies: ["drop_oldest", "drop_newest"], unit: "records" },
  },
  async create({ settings }) {
    const receiver = await AcmeReceiver.start();
    makeTroublesome(receiver);
    return {
      sink: sinkTo(receiver.url, settings),
      delivered: () => receiver.lines,
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
