// What the programs share: a sink of the built package with a context that counts.
import { systemClock } from "@dagstack/logger-core";
import { FileSink } from "../../../dist/index.js";

const encoder = new TextEncoder();

export const lineOf = (number, padding = 0) => encoder.encode(`{"n":${number},"pad":"${"x".repeat(padding)}"}`);

export function countingSink(path, options, seams) {
  const counts = { delivered: 0, dropped: 0, errors: [], healed: 0 };
  const sink = new FileSink(path, options, seams);
  sink.attach({
    clock: systemClock,
    random: Math.random,
    onDelivered: (count) => {
      counts.delivered += count;
    },
    onDrop: (count) => {
      counts.dropped += count;
    },
    onError: (error) => void counts.errors.push({ code: error.code ?? error.name, ms: performance.now() }),
    diagnostic: () => void counts.healed++,
  });
  return { sink, counts };
}
