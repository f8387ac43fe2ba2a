/** TcpSink for the conformance suite: `npx sink-conformance conformance/subject.js`. */
import { TcpSink } from "../dist/index.js";
import { TcpReceiver } from "./tcp-receiver.js";

const FAST = { flushIntervalMs: 20, retry: { initialMs: 20, maxMs: 100 } };
/** A port of this machine where nothing listens. */
const NOWHERE = 9;

/** @type {import("@dagstack/sink-conformance").SinkSubject} */
export const subject = {
  name: "@acme/sink-tcp",
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
    const receiver = await TcpReceiver.start();
    const sink = new TcpSink({
      ...FAST,
      port: receiver.port,
      minSeverity,
      queueSize: overflow?.limit,
      overflow: overflow?.strategy,
    });
    // No `reject`: nothing that a tcp input does means "never send this again".
    return { sink, delivered: () => receiver.lines, faults: receiver, dispose: () => receiver.stop() };
  },
  createAlone: () => new TcpSink({ ...FAST, port: NOWHERE }),
};
