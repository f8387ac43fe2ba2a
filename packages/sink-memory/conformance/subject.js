import { InMemorySink } from "@dagstack/sink-memory";

/** @type {import("@dagstack/sink-conformance").SinkSubject} */
export const subject = {
  name: "@dagstack/sink-memory",
  module: import.meta.url,
  time: "manual",
  claims: { threshold: true, overflow: { strategies: ["drop_oldest"], unit: "records", ring: true } },
  create({ settings: { minSeverity, overflow } }) {
    const sink = new InMemorySink({ minSeverity, capacity: overflow?.limit });
    return { sink, delivered: () => sink.records() };
  },
};
