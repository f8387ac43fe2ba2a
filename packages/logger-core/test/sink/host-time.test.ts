import { afterEach, describe, expect, it, vi } from "vitest";
import type { HostTime } from "../../src/sink/host-time.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** The module as it finds the runtime now. */
async function loaded(): Promise<HostTime> {
  vi.resetModules();
  return (await import("../../src/sink/host-time.ts")).hostTime;
}

/** Resolves when the timer calls back; fails after a second of real time. */
function rings(start: (callback: () => void) => void): Promise<boolean> {
  const { setTimeout, clearTimeout } = realTimers;
  return new Promise((resolve) => {
    const giveUp = setTimeout(() => resolve(false), 1000);
    start(() => {
      clearTimeout(giveUp);
      resolve(true);
    });
  });
}
const realTimers = { setTimeout, clearTimeout };

describe("time of the runtime, taken when the package is loaded (field B)", () => {
  it.each([0, 5])("timers of %i ms ring though fake ones are installed later", async (delayMs) => {
    const { startTimer } = await loaded();
    vi.useFakeTimers();
    expect(await rings((callback) => startTimer(callback, delayMs, true))).toBe(true);
  });

  it("fake timers that were there first are passed by, where Node has its own", async () => {
    vi.stubGlobal(
      "setTimeout",
      Object.assign(() => 0, { clock: {} }),
    );
    const { startTimer } = await loaded();
    expect(await rings((callback) => startTimer(callback, 5, true))).toBe(true);
  });

  it("where there are none but fake ones, the timers of the moment are used", async () => {
    vi.stubGlobal("process", { env: {} });
    vi.stubGlobal(
      "setTimeout",
      Object.assign(() => 0, { clock: {} }),
    );
    const { startTimer } = await loaded();
    let early = 0;
    startTimer(() => early++, 1, false);
    vi.unstubAllGlobals();
    expect(await rings((callback) => startTimer(callback, 5, true))).toBe(true);
    expect(early).toBe(0);
  });

  it("the monotonic clock goes on though performance is replaced, before or afterwards", async () => {
    vi.stubGlobal("performance", { now: () => 7 });
    const { monotonicMs } = await loaded();
    const first = monotonicMs();
    await new Promise((resolve) => setTimeout(resolve, 2));
    expect(monotonicMs()).toBeGreaterThan(first);
    vi.spyOn(globalThis.performance, "now").mockReturnValue(7);
    expect(monotonicMs()).not.toBe(7);
  });

  it("without Node a replaced performance is asked each time: its end ends nothing", async () => {
    vi.stubGlobal("process", undefined);
    vi.stubGlobal("performance", { now: () => 7 });
    const { monotonicMs } = await loaded();
    expect(monotonicMs()).toBe(7);
    vi.stubGlobal("performance", { now: () => 8 });
    expect(monotonicMs()).toBe(8);
  });

  it("a runtime without timers and performance can load it", async () => {
    for (const name of ["process", "performance", "setTimeout", "clearTimeout", "setImmediate", "clearImmediate"])
      vi.stubGlobal(name, undefined);
    const { monotonicMs } = await loaded();
    expect(monotonicMs()).toBeGreaterThan(0);
  });

  it("knows the runtime's own Date.now from any other", async () => {
    const { isOwnDate } = await loaded();
    expect(isOwnDate(Date.now)).toBe(true);
    vi.useFakeTimers();
    expect(isOwnDate(Date.now)).toBe(false);
    expect(isOwnDate(Math.random)).toBe(false);
  });
});
