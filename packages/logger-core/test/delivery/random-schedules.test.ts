import { describe, expect, it } from "vitest";
import { runSchedule } from "./random-schedule.ts";

/** `npm run test:long` runs more of them. DAGSTACK_SEED replays one. */
const LONG = process.env.DAGSTACK_LONG !== undefined;
const SCHEDULES = LONG ? 100_000 : 10_000;
const CHUNK = 2000;
const replay = process.env.DAGSTACK_SEED;

describe("BatchingSink against a model, over random schedules of emit, stall, fail, reject, recover, flush, close and clock", () => {
  if (replay !== undefined) {
    it(`agrees in schedule ${replay}`, async () => {
      await runSchedule(Number(replay));
    });
    return;
  }
  for (let first = 1; first <= SCHEDULES; first += CHUNK) {
    it(`§12: accepted = delivered + dropped(reason) + pending after every step of schedules ${first} to ${first + CHUNK - 1}`, async () => {
      const sum = { delivered: 0, dropped: 0, failedFlushes: 0 };
      for (let seed = first; seed < first + CHUNK; seed++) {
        const { delivered, dropped, failedFlushes } = await runSchedule(seed);
        sum.delivered += delivered;
        sum.dropped += dropped;
        sum.failedFlushes += failedFlushes;
      }
      // Schedules in which nothing goes wrong, or nothing goes right, would prove little.
      expect(sum.delivered).toBeGreaterThan(CHUNK * 5);
      expect(sum.dropped).toBeGreaterThan(CHUNK);
      expect(sum.failedFlushes).toBeGreaterThan(CHUNK / 2);
    }, 120_000);
  }
});
