import { describe, expect, it } from "vitest";
import { runFallbackSchedule } from "./fallback-schedule.ts";

/** `npm run test:long` runs more of them. DAGSTACK_SEED replays one. */
const LONG = process.env.DAGSTACK_LONG !== undefined;
const SCHEDULES = LONG ? 100_000 : 10_000;
const CHUNK = 2000;
const replay = process.env.DAGSTACK_SEED;

describe("FallbackSink against a model, over random schedules of emit, fail, stall, recover, flush, close and clock", () => {
  if (replay !== undefined) {
    it(`agrees in schedule ${replay}`, async () => {
      await runFallbackSchedule(Number(replay));
    });
    return;
  }
  for (let first = 1; first <= SCHEDULES; first += CHUNK) {
    it(`each record goes to exactly one sink, by the rule, and is counted once: ${first} to ${first + CHUNK - 1}`, async () => {
      const sum = { primary: 0, secondary: 0, delivered: 0, dropped: 0 };
      for (let seed = first; seed < first + CHUNK; seed++) {
        const report = await runFallbackSchedule(seed);
        for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += report[name];
      }
      // Schedules in which nothing changes sides would prove little.
      expect(sum.primary).toBeGreaterThan(CHUNK * 5);
      expect(sum.secondary).toBeGreaterThan(CHUNK);
      expect(sum.delivered).toBeGreaterThan(CHUNK * 5);
      expect(sum.dropped).toBeGreaterThan(CHUNK);
    }, 120_000);
  }
});
