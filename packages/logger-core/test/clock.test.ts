import { describe, expect, it } from "vitest";
import { systemClock } from "../src/clock.ts";

describe("systemClock.schedule with no delay (smoke: the one test that needs real time)", () => {
  it("comes within milliseconds though it was asked for in a timer's callback and nothing else happens", async () => {
    const waitedMs = await new Promise<number>((resolve) => {
      setTimeout(() => {
        const started = performance.now();
        systemClock.schedule(() => resolve(performance.now() - started), 0);
      }, 1);
    });
    expect(waitedMs).toBeLessThan(200);
  }, 2_000);

  it("calls back once, and not when cancelled", async () => {
    let calls = 0;
    systemClock.schedule(() => calls++, 0);
    systemClock.schedule(() => calls++, 0).cancel();
    systemClock.schedule(() => calls++, 0, true);
    systemClock.schedule(() => calls++, 0, true).cancel();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(calls).toBe(2);
  });
});
