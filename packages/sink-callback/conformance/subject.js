import { CallbackSink } from "@dagstack/sink-callback";

/** @typedef {import("@dagstack/logger-core").LogRecord} LogRecord */

/** What an application's asynchronous callback hands records to. */
class Collector {
  /** @type {LogRecord[]} */
  records = [];
  isDown = false;
  onDelivery = () => {};
  #reopened = Promise.resolve();
  #reopen = () => {};

  stall() {
    this.#reopened = new Promise((resolve) => {
      this.#reopen = resolve;
    });
  }

  recover() {
    this.isDown = false;
    this.#reopen();
  }

  /** @param {LogRecord} record */
  async take(record) {
    this.onDelivery();
    await this.#reopened;
    if (this.isDown) throw new Error("the collector is down");
    this.records.push(record);
  }
}

/** @type {import("@dagstack/sink-conformance").SinkSubject} */
export const subject = {
  name: "@dagstack/sink-callback",
  module: import.meta.url,
  time: "manual",
  claims: {
    threshold: true,
    buffered: true,
    deliversWithinMs: 0,
    // One call runs, and is no record that waits.
    overflow: { strategies: ["drop_oldest"], unit: "records", inFlight: 1 },
  },
  create({ settings: { minSeverity, overflow } }) {
    const collector = new Collector();
    const goDown = () => {
      collector.isDown = true;
    };
    return {
      sink: new CallbackSink((record) => collector.take(record), { minSeverity, queueSize: overflow?.limit }),
      delivered: () => collector.records,
      faults: {
        stall: () => collector.stall(),
        fail: goDown, // no retries: what the callback rejects is lost
        reject: goDown,
        recover: () => collector.recover(),
        onDelivery(action) {
          collector.onDelivery = action;
        },
      },
    };
  },
};
