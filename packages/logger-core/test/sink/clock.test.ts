import { afterEach, describe, expect, it, vi } from "vitest";
import { type Clock, readWallTime, systemClock, toUnixNano, type WallTime } from "../../src/index.ts";
import { createSystemClock } from "../../src/sink/system-clock.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** A system's clock whose sources are in the test's hands, and the timers that it started. */
function sources(startMs = 1_000_000) {
  const at = { wallMs: startMs, monotonicMs: 5_000 };
  const started: { readonly callback: () => void; readonly delayMs: number; isStopped: boolean }[] = [];
  const dateNow = vi.spyOn(Date, "now").mockImplementation(() => at.wallMs);
  const ownNow = Date.now;
  const clock = createSystemClock({
    isOwnDate: (now) => now === ownNow,
    monotonicMs: () => at.monotonicMs,
    startTimer(callback, delayMs) {
      const timer = { callback, delayMs, isStopped: false };
      started.push(timer);
      return () => {
        timer.isStopped = true;
      };
    },
  });
  return { at, clock, started, dateNow };
}

function reading(clock: Clock): WallTime {
  const time: WallTime = { ms: 0, nanos: 0 };
  readWallTime(clock, time);
  return time;
}

describe("system clock: wall time", () => {
  it("§1.2: never stands still nor runs backwards, whichever way it is read", () => {
    const { at, clock } = sources();
    let last = clock.now();
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
      const byParts = toUnixNano(reading(clock));
      const whole = clock.now();
      expect(byParts > last && whole > byParts).toBe(true);
      last = whole;
    }
  });

  it("§1.2: while the wall clock is behind by less than a second it is the last value + 1, also across a millisecond", () => {
    const { at, clock } = sources();
    clock.now();
    at.monotonicMs += 0.999_999;
    const before = reading(clock);
    expect(before.nanos).toBeGreaterThan(999_900);
    at.monotonicMs += 5;
    at.wallMs -= 500;
    for (let count = 1; count <= 200; count++)
      expect(toUnixNano(reading(clock))).toBe(toUnixNano(before) + BigInt(count));
    expect(reading(clock)).toMatchObject({ ms: before.ms + 1 });
  });

  it("§1.2: a wall clock that was set back by more is followed", () => {
    const { at, clock } = sources();
    clock.now();
    at.wallMs -= 2000;
    at.monotonicMs += 5;
    expect(reading(clock)).toEqual({ ms: at.wallMs, nanos: 0 });
  });

  it("within a millisecond it follows the monotonic clock, beyond that the wall clock", () => {
    const { at, clock } = sources();
    const start = reading(clock);
    at.monotonicMs += 0.25;
    expect(toUnixNano(reading(clock)) - toUnixNano(start)).toBeGreaterThan(240_000n);
    at.monotonicMs += 10;
    expect(reading(clock)).toMatchObject({ ms: start.ms, nanos: 999_999 });
    at.wallMs += 10;
    expect(reading(clock)).toEqual({ ms: start.ms + 10, nanos: 0 });
  });

  it("asks the wall clock once a millisecond while it is the system's", () => {
    const { at, clock, dateNow } = sources();
    for (let n = 0; n < 100; n++) {
      reading(clock);
      at.monotonicMs += 0.02;
      at.wallMs += 0.02;
    }
    expect(dateNow.mock.calls.length).toBeLessThan(5);
  });

  it.each([
    ["begins anew, as after a start-up snapshot", -4_990],
    ["runs backwards a little", -0.5],
  ])("follows the wall clock when the monotonic clock %s", (_, stepMs) => {
    const { at, clock } = sources();
    reading(clock);
    at.monotonicMs += stepMs;
    at.wallMs += 86_400_000;
    expect(reading(clock)).toEqual({ ms: at.wallMs, nanos: 0 });
    at.monotonicMs += 1;
    at.wallMs += 7;
    expect(reading(clock).ms).toBe(at.wallMs);
  });
});

describe("system clock: a wall clock that somebody replaced", () => {
  it("is followed at once, set and unset, though the monotonic clock stands", () => {
    const { at, clock } = sources();
    expect(reading(clock).ms).toBe(at.wallMs);
    const own = Date.now;
    Date.now = () => 1_577_836_800_000;
    expect(reading(clock)).toEqual({ ms: 1_577_836_800_000, nanos: 0 });
    Date.now = () => 1_577_836_900_000;
    expect(reading(clock)).toEqual({ ms: 1_577_836_900_000, nanos: 0 });
    Date.now = own;
    at.wallMs += 1;
    expect(reading(clock)).toEqual({ ms: at.wallMs, nanos: 0 });
  });

  it("that stands gives times that differ by a nanosecond", () => {
    const { clock } = sources();
    Date.now = () => 1_577_836_800_000;
    const nanos = [1, 2, 3].map(() => reading(clock).nanos);
    expect(nanos).toEqual([0, 1, 2]);
  });

  it.each([
    [
      "throws",
      (): number => {
        throw new Error("no time");
      },
    ],
    ["is NaN", () => Number.NaN],
    ["is before 1970", () => -5],
    ["is no number", () => "soon" as unknown as number],
    ["is a bigint", () => 5n as unknown as number],
  ])("that %s stands still for us: no log call fails for it", (_, now) => {
    const { clock } = sources();
    const before = toUnixNano(reading(clock));
    Date.now = now;
    expect(toUnixNano(reading(clock))).toBe(before + 1n);
    expect(clock.now()).toBe(before + 2n);
  });

  it("may have fractions", () => {
    const { clock } = sources();
    Date.now = () => 1_577_836_800_000.75;
    expect(reading(clock)).toEqual({ ms: 1_577_836_800_000, nanos: 0 });
  });

  it("field B: vi.setSystemTime is what records carry, from the next one on, and no longer than it holds", () => {
    const { ms } = reading(systemClock);
    vi.setSystemTime(new Date("2020-01-01T00:00:00Z"));
    expect(reading(systemClock).ms).toBe(1_577_836_800_000);
    vi.setSystemTime(new Date("2021-01-01T00:00:00Z"));
    expect(reading(systemClock).ms).toBe(1_609_459_200_000);
    vi.useRealTimers();
    expect(reading(systemClock).ms).toBeGreaterThanOrEqual(ms);
  });

  it("field B: a fake clock that is advanced and removed leaves nothing behind", () => {
    const before = systemClock.monotonicMs();
    vi.useFakeTimers({ now: 0 });
    expect(reading(systemClock).ms).toBe(0);
    vi.advanceTimersByTime(86_400_000);
    expect(reading(systemClock).ms).toBe(86_400_000);
    expect(systemClock.monotonicMs() - before).toBeLessThan(60_000);
    vi.useRealTimers();
    expect(Math.abs(reading(systemClock).ms - Date.now())).toBeLessThan(60_000);
  });
});

describe("system clock: monotonic time", () => {
  it("only grows, and goes on at the same pace when its source begins anew", () => {
    const { at, clock } = sources();
    const start = clock.monotonicMs();
    at.monotonicMs = 3;
    expect(clock.monotonicMs()).toBe(start);
    at.monotonicMs = 10;
    expect(clock.monotonicMs()).toBe(start + 7);
  });
});

describe("system clock: timers", () => {
  const settled = async (): Promise<void> => {
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  };

  it("one that the runtime lost rings when somebody reads the clock after its time, in a microtask, once", async () => {
    const { at, clock, started } = sources();
    let rings = 0;
    clock.schedule(() => rings++, 100);
    at.monotonicMs += 300;
    reading(clock);
    await settled();
    expect(rings).toBe(0); // late, but not lost yet
    at.monotonicMs += 100;
    reading(clock);
    expect(rings).toBe(0); // the reader may be in the middle of a log call
    await settled();
    expect(rings).toBe(1);
    expect(started[0]?.isStopped).toBe(true);
    started[0]?.callback();
    at.monotonicMs += 1000;
    reading(clock);
    await settled();
    expect(rings).toBe(1);
  });

  it("one that the monotonic clock would never reach again rings too", async () => {
    const { at, clock } = sources();
    at.monotonicMs = 1e12; // a fake clock, far advanced
    let rings = 0;
    clock.schedule(() => rings++, 100);
    at.monotonicMs = 20; // and removed
    reading(clock);
    at.monotonicMs += 400;
    reading(clock);
    await settled();
    expect(rings).toBe(1);
  });

  it("only the overdue ring, and all of them though one throws", async () => {
    const { at, clock } = sources();
    const rung: string[] = [];
    const uncaught = vi.fn();
    process.once("unhandledRejection", uncaught);
    clock.schedule(() => {
      throw new Error("ring");
    }, 0);
    clock.schedule(() => rung.push("soon"), 10);
    clock.schedule(() => rung.push("later"), 60_000);
    clock.schedule(() => rung.push("never"), 0).cancel();
    at.monotonicMs += 1000;
    reading(clock);
    await settled();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(rung).toEqual(["soon"]);
    expect(uncaught).toHaveBeenCalledOnce();
    at.monotonicMs += 60_000;
    reading(clock);
    await settled();
    expect(rung).toEqual(["soon", "later"]);
  });

  it("rings by the runtime's timer as ever, and a cancelled one does not", () => {
    const { clock, started } = sources();
    let rings = 0;
    clock.schedule(() => rings++, 10);
    clock.schedule(() => rings++, 20).cancel();
    expect(started.map(({ delayMs, isStopped }) => [delayMs, isStopped])).toEqual([
      [10, false],
      [20, true],
    ]);
    for (const { callback } of started) callback();
    expect(rings).toBe(1);
  });

  it("field B: fake timers that come later stop none of ours", async () => {
    vi.useFakeTimers();
    const rung: string[] = [];
    await new Promise<void>((resolve) => {
      systemClock.schedule(() => rung.push("turn"), 0);
      systemClock.schedule(() => rung.push("held turn"), 0, true);
      systemClock.schedule(() => rung.push("cancelled"), 5).cancel();
      systemClock.schedule(resolve, 20, true);
    });
    expect(rung.sort()).toEqual(["held turn", "turn"]);
    expect(vi.getTimerCount()).toBe(0);
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
