// An OTLP sink with the books of a logger: what the programs share.
import { systemClock } from "@dagstack/logger-core";
import { testRecord } from "@dagstack/logger-core/testing";
import { OTLPSink } from "@dagstack/sink-otlp";

/** A sink, and its ledger, errors and events as it tells them. Records are numbered from 0. */
export function otlpSink({ fetch, ...options }) {
  const sink = new OTLPSink({ ...options, ...(fetch === true ? { fetch: globalThis.fetch } : {}) });
  const told = { delivered: 0, dropped: {}, errors: [], events: [] };
  let accepted = 0;
  sink.attach({
    onDelivered: (n) => {
      told.delivered += n;
    },
    onDrop: (n, reason) => {
      told.dropped[reason] = (told.dropped[reason] ?? 0) + n;
    },
    onError: (error) => told.errors.push(error.message),
    diagnostic: ({ event }) => told.events.push(event),
    random: Math.random,
    clock: systemClock,
  });
  const emit = (body = "order placed") => {
    sink.emit(testRecord({ body, attributes: { n: accepted } }));
    accepted += 1;
  };
  const books = () => {
    const dropped = Object.values(told.dropped).reduce((sum, n) => sum + n, 0);
    return { accepted, ...told, pending: accepted - told.delivered - dropped };
  };
  return { sink, emit, books };
}
