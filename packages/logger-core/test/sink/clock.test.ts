import { afterEach, describe, expect, it, vi } from "vitest";
import { type Clock, readWallTime, systemClock, toUnixNano, type WallTime } from "../../src/index.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** The two sources of the system's clock, in the test's hands. */
function sources(startMs: number): { wallMs: number; monotonicMs: number } {
  const at = { wallMs: startMs, monotonicMs: startMs };
  vi.spyOn(Date, "now").mockImplementation(() => at.wallMs);
  vi.spyOn(performance, "now").mockImplementation(() => at.monotonicMs);
  return at;
}

let startMs = Date.now() + 10_000;
/** Later than all tests before: the clock remembers. */
const laterStart = (): number => {
  startMs += 1_000_000;
  return startMs;
};

function reading(clock: Clock = systemClock): WallTime {
  const time: WallTime = { ms: 0, nanos: 0 };
  readWallTime(clock, time);
  return time;
}

describe("system clock", () => {
  it("§1.2: never stands still nor runs backwards, whichever way it is read", () => {
    const at = sources(laterStart());
    let last = systemClock.now();
    for (const [wallMs, monotonicMs] of [
      [0, 0],
      [0, 0.4],
      [0, 0],
      [0, 5],
      [1, 0.1],
      [-300, 3],
      [0, 0.2],
      [0, 2],
    ] as const) {
      at.wallMs += wallMs;
      at.monotonicMs += monotonicMs;
      const byParts = toUnixNano(reading());
      const whole = systemClock.now();
      expect(byParts > last && whole > byParts).toBe(true);
      last = whole;
    }
  });

  it("§1.2: while the wall clock is behind by less than a second it is the last value + 1, also across a millisecond", () => {
    const at = sources(laterStart());
    systemClock.now();
    at.monotonicMs += 0.999_999;
    const before = reading();
    expect(before.nanos).toBeGreaterThan(999_900);
    at.monotonicMs += 5;
    at.wallMs -= 500;
    for (let count = 1; count <= 200; count++) expect(toUnixNano(reading())).toBe(toUnixNano(before) + BigInt(count));
    expect(reading()).toMatchObject({ ms: before.ms + 1 });
  });

  it("§1.2: a wall clock that was set back by more is followed", () => {
    const at = sources(laterStart());
    systemClock.now();
    at.wallMs -= 2000;
    at.monotonicMs += 5;
    expect(reading()).toEqual({ ms: at.wallMs, nanos: 0 });
  });

  it("within a millisecond it follows the monotonic clock, beyond that the wall clock", () => {
    const at = sources(laterStart());
    const start = reading();
    at.monotonicMs += 0.25;
    expect(toUnixNano(reading()) - toUnixNano(start)).toBeGreaterThan(240_000n);
    at.monotonicMs += 10;
    expect(reading()).toMatchObject({ ms: start.ms, nanos: 999_999 });
    at.wallMs += 10;
    expect(reading()).toEqual({ ms: start.ms + 10, nanos: 0 });
  });
});

describe("readWallTime", () => {
  it("reads a clock that only has now()", () => {
    const { readInto: _, ...rest } = systemClock;
    expect(reading({ ...rest, now: () => 1_700_000_000_123_456_789n })).toEqual({
      ms: 1_700_000_000_123,
      nanos: 456_789,
    });
  });
});

// That it comes soon in an idle process is shown where a process can be idle: in sink-file's fault scenario `idle-process`.
it("systemClock.schedule with no delay calls back once, and not when cancelled", async () => {
  let calls = 0;
  systemClock.schedule(() => calls++, 0);
  systemClock.schedule(() => calls++, 0).cancel();
  systemClock.schedule(() => calls++, 0, true);
  systemClock.schedule(() => calls++, 0, true).cancel();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(calls).toBe(2);
});
