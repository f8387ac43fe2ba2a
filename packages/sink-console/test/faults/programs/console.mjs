// Console sinks on stdout, with the books of a logger: what the programs share.
import { systemClock } from "@dagstack/logger-core";
import { testRecord } from "@dagstack/logger-core/testing";
import { ConsoleSink } from "@dagstack/sink-console";

/** A sink on stdout, and its ledger and errors as it tells them. */
export function consoleSink(options = {}) {
  const sink = new ConsoleSink({ stream: "stdout", mode: "json", ...options });
  const told = { delivered: 0, dropped: {}, errors: [], errorTimes: [] };
  let accepted = 0;
  sink.attach({
    onDelivered: (n) => {
      told.delivered += n;
    },
    onDrop: (n, reason) => {
      told.dropped[reason] = (told.dropped[reason] ?? 0) + n;
    },
    onError: (error, type) => {
      told.errors.push(type ?? error.code ?? error.message);
      told.errorTimes.push(performance.now());
    },
    diagnostic: () => {},
    random: Math.random,
    clock: systemClock,
  });
  const emit = (body) => {
    accepted += 1;
    sink.emit(testRecord({ body }));
  };
  const books = () => {
    const dropped = Object.values(told.dropped).reduce((sum, n) => sum + n, 0);
    return { accepted, ...told, pending: accepted - told.delivered - dropped };
  };
  return { sink, emit, books };
}

export const sleepSync = (ms) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
