import { systemClock } from "@dagstack/logger-core";
import { ManualClock } from "@dagstack/logger-core/testing";
import { describe, expect, it } from "vitest";
import { Attempt } from "../../src/http/attempt.ts";

/** A clock on which everything stands still now and then: timers come late, all at once, as after SIGSTOP. */
class FreezingClock extends ManualClock {
  #frozenMs = 0;

  freeze(ms: number): void {
    this.#frozenMs += ms;
  }

  override monotonicMs(): number {
    return super.monotonicMs() + this.#frozenMs;
  }
}

function attemptOn(clock: ManualClock, timeoutMs = 10_000, outer = new AbortController()) {
  const attempt = new Attempt(clock, timeoutMs, outer.signal);
  return { attempt, outer };
}

describe("the time limit of an attempt", () => {
  it.each([1, 999, 1_000, 1_001, 10_000])("%i ms: ends it then, and not before", async (timeoutMs) => {
    const clock = new ManualClock();
    const { attempt } = attemptOn(clock, timeoutMs);
    await clock.advance(timeoutMs - 1);
    expect([attempt.signal.aborted, attempt.timedOut]).toEqual([false, false]);
    await clock.advance(1);
    expect([attempt.signal.aborted, attempt.timedOut]).toEqual([true, true]);
    await expect(attempt.race(new Promise(() => {}))).rejects.toThrow("ABORTED");
    expect(clock.pendingTimers).toBe(0);
  });

  it("time that passed while the process stood still does not count", async () => {
    const clock = new FreezingClock();
    const { attempt } = attemptOn(clock);
    await clock.advance(3_500);
    clock.freeze(3_600_000);
    await clock.advance(6_000);
    expect(attempt.signal.aborted).toBe(false);
    await clock.advance(500);
    expect(attempt.timedOut).toBe(true);
  });

  it("frozen in its last moment: it gets a second more, once", async () => {
    const clock = new FreezingClock();
    const { attempt } = attemptOn(clock);
    await clock.advance(9_900);
    clock.freeze(60_000);
    await clock.advance(1_000);
    expect(attempt.signal.aborted).toBe(false);
    clock.freeze(60_000);
    await clock.advance(100);
    expect(attempt.timedOut).toBe(true);
  });

  it("looks at the socket before it aborts: what lies there when the timer comes late is read first", async () => {
    const { attempt } = attemptOn(systemClock as never, 5);
    let arrived = false;
    setTimeout(() => {
      const until = performance.now() + 30;
      while (performance.now() < until);
      setImmediate(() => {
        arrived = true; // as data does that the event loop finds in this turn
      });
    }, 1);
    await new Promise((resolve) => attempt.signal.addEventListener("abort", resolve));
    expect(arrived).toBe(true);
  });

  it("the engine's signal ends it as well, before and after it began", async () => {
    const clock = new ManualClock();
    const { attempt, outer } = attemptOn(clock);
    outer.abort();
    expect([attempt.signal.aborted, attempt.timedOut]).toEqual([true, false]);
    expect(attemptOn(clock, 1, outer).attempt.signal.aborted).toBe(true);
  });

  it("leaves neither timer nor listener behind", async () => {
    const clock = new ManualClock();
    const { attempt, outer } = attemptOn(clock);
    attempt.end();
    expect(clock.pendingTimers).toBe(0);
    outer.abort();
    expect(attempt.signal.aborted).toBe(false);
  });
});
