import { describe, expect, it } from "vitest";
import { Alarms } from "../../../src/delivery/time/index.ts";
import { ManualClock } from "../../../src/testing/index.ts";

/** Alarms on a clock whose timers the test may take away and whose time it may set. */
function made() {
  const clock = new ManualClock();
  const time = { offsetMs: 0, timersWork: true, cancelWorks: true };
  const alarms = new Alarms(() => ({
    now: () => clock.now(),
    monotonicMs: () => clock.monotonicMs() + time.offsetMs,
    schedule: (callback, delayMs) => {
      const timer = clock.schedule(() => time.timersWork && callback(), delayMs);
      return { cancel: () => time.cancelWorks && timer.cancel() };
    },
  }));
  const rung: string[] = [];
  const set = (name: string, delayMs: number) => alarms.schedule(() => rung.push(name), delayMs);
  return { clock, time, alarms, rung, set };
}

describe("Alarms", () => {
  it("are timers like any other: once, in time, unless cancelled", async () => {
    const { clock, alarms, rung, set } = made();
    set("a", 100);
    set("b", 50);
    set("c", 70).cancel();
    await clock.advance(99);
    expect(rung).toEqual(["b"]);
    await clock.advance(1000);
    alarms.look();
    expect(rung).toEqual(["b", "a"]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("one whose timer was taken away is called when somebody looks, and only once", async () => {
    const { clock, time, alarms, rung, set } = made();
    time.timersWork = false;
    set("lost", 50);
    set("later", 500);
    set("cancelled", 10).cancel();
    await clock.advance(149);
    alarms.look();
    expect(rung).toEqual([]);
    await clock.advance(1);
    alarms.look();
    alarms.look();
    expect(rung).toEqual(["lost"]);
    await clock.advance(1000);
    alarms.look();
    expect(rung).toEqual(["lost", "later"]);
  });

  it("a clock that jumps ahead calls what is overdue by it, and timers that still come call nothing twice", async () => {
    const { clock, time, alarms, rung, set } = made();
    set("a", 50);
    time.offsetMs = 1_000_000;
    alarms.look();
    expect(rung).toEqual(["a"]);
    await clock.advance(100);
    expect(rung).toEqual(["a"]);
  });

  it("one that cannot be cancelled any more, as its timer is of another clock, calls nothing when it comes", async () => {
    const { clock, time, alarms, rung, set } = made();
    time.cancelWorks = false;
    set("cancelled", 50).cancel();
    set("overdue", 50);
    time.offsetMs = 1000;
    alarms.look();
    await clock.advance(100);
    expect(rung).toEqual(["overdue"]);
  });

  it("time never runs back: a clock that starts anew goes on where it was", async () => {
    const { clock, time, alarms, rung, set } = made();
    time.offsetMs = 1_000_000;
    time.timersWork = false;
    set("a", 1000);
    await clock.advance(400);
    expect(alarms.monotonicMs()).toBe(1_000_400);
    time.offsetMs = -400;
    expect(alarms.monotonicMs()).toBe(1_000_400);
    await clock.advance(699);
    alarms.look();
    expect([alarms.monotonicMs(), rung]).toEqual([1_001_099, []]);
    await clock.advance(1);
    alarms.look();
    expect(rung).toEqual(["a"]);
  });

  it("a timer that calls back tells the time that it was set for, at least", async () => {
    const { clock, time, alarms, set } = made();
    time.offsetMs = 1_000_000;
    set("a", 1000);
    time.offsetMs = 0;
    await clock.advance(1000);
    expect(alarms.monotonicMs()).toBe(1_001_000);
  });
});
