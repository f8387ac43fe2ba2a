/** How records get from a buffer to the destination (§7.1, D-57, D-86). */

import { atRest, missing } from "../probes/index.ts";
import { defineRule, expect, numbersText, type SinkRule } from "../station/index.ts";

/** Time for a second delivery to happen. */
const A_WHILE_MS = 200;

export const deliverRules: readonly SinkRule[] = [
  defineRule({
    id: "DELIVER-01",
    section: "§7.1, D-57, D-86",
    claims: ["buffered"],
    what: "A record arrives within deliversWithinMs, without a flush and without another record after it.",
    why: "On a quiet night the one error would show up in the morning, with the next batch.",
    fix: "Start a timer with the first record that waits, and again whenever something is left over.",
    async check(lab) {
      const station = await lab.open();
      const withinMs = lab.claims.deliversWithinMs ?? 2000;
      for (const [count, which] of [
        [1, "the first record"],
        [1, "a second one, after a pause,"],
        [23, "a burst of 23"],
      ] as const) {
        const emitted = station.emit(count);
        await station.time.until(
          async () => (await missing(station, emitted)).length === 0,
          withinMs + station.time.graceMs,
        );
        const absent = await missing(station, emitted);
        expect(absent.length === 0, () => ({
          expected: `${which} at the destination within ${withinMs} ms`,
          happened: `records ${numbersText(absent)} were not there after ${withinMs + station.time.graceMs} ms`,
          cause: "a partial batch has no timer, or the timer runs once; or deliversWithinMs is too little for the sink",
        }));
      }
    },
  }),
  defineRule({
    id: "DELIVER-02",
    section: "§7.1",
    what: "While nothing fails, each record arrives once.",
    why: "Duplicates make counts, rates and alerts wrong; retries excuse them only after a failure.",
    fix: "Take a batch out of the queue before it is delivered, and let one worker do it.",
    async check(lab) {
      const station = await lab.open();
      const emitted = station.emit(13);
      const flush = station.beginFlush();
      emitted.push(...station.emit(13));
      await flush.answer();
      await atRest(station);
      await station.time.pass(A_WHILE_MS);
      const delivered = await station.delivered();
      const twice = emitted.filter((n) => delivered.filter((seen) => seen.n === n).length > 1);
      expect(twice.length === 0, () => ({
        expected: `each of records 1–${emitted.length} at the destination at most once`,
        happened: `records ${numbersText(twice)} were there more than once`,
        cause:
          "flush and the timer deliver the same batch, a retry is not cancelled by success, or a batch leaves the queue only when it has been answered",
      }));
    },
  }),
];
