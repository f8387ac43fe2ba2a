/** Tells the conformance suite how to make the sink, break its destination and read what arrived. */
import { __CLASS__ } from "../dist/index.js";

/** @type {import("@dagstack/sink-conformance").SinkSubject} */
export const subject = {
  name: "__PACKAGE__",
  profile: "1.0",
  module: import.meta.url,
  time: "manual",
  claims: { threshold: true },
  create({ settings }) {
    /** @type {string[]} */
    const lines = [];
    let down = false;
    let onDelivery = () => {};
    const sink = new __CLASS__({
      minSeverity: settings.minSeverity,
      write(line) {
        if (down) throw new Error(`the destination does not take ${line}`);
        lines.push(line);
        onDelivery();
      },
    });
    return {
      sink,
      delivered: () => lines,
      faults: {
        reject() {
          down = true;
        },
        recover() {
          down = false;
        },
        onDelivery(action) {
          onDelivery = action;
        },
      },
    };
  },
};
