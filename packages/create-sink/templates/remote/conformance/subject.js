/** Tells the conformance suite how to make the sink, break its destination and read what arrived. */
import { __CLASS__ } from "../dist/index.js";
import { Receiver } from "./receiver.js";

const FAST = { flushIntervalMs: 20, retry: { initialMs: 20, maxMs: 100 } };
/** A port of this machine where nothing listens. */
const NOWHERE = "http://127.0.0.1:9/logs";

/** @type {import("@dagstack/sink-conformance").SinkSubject} */
export const subject = {
  name: "__PACKAGE__",
  profile: "1.0",
  module: import.meta.url,
  time: "real",
  claims: {
    threshold: true,
    buffered: true,
    retries: true,
    overflow: { strategies: ["drop_oldest", "drop_newest"], unit: "records" },
  },
  async create({ settings: { minSeverity, overflow } }) {
    const receiver = await Receiver.start();
    const sink = new __CLASS__({
      ...FAST,
      url: receiver.url,
      minSeverity,
      queueSize: overflow?.limit,
      overflow: overflow?.strategy,
    });
    return { sink, delivered: () => receiver.lines, faults: receiver, dispose: () => receiver.stop() };
  },
  createAlone: () => new __CLASS__({ ...FAST, url: NOWHERE }),
};
