import { describe, expect, it } from "vitest";
import { settlesWithin } from "../../src/accounting/settles-within.ts";
import { ManualClock } from "../../src/testing/index.ts";

const never = new Promise<void>(() => {});

async function answerAfter(clock: ManualClock, ms: number, question: Promise<boolean>): Promise<boolean | "waiting"> {
  let answer: boolean | "waiting" = "waiting";
  void question.then((value) => {
    answer = value;
  });
  await clock.advance(ms);
  return answer;
}

describe("settlesWithin", () => {
  it("says yes for a promise that resolves and leaves no timer", async () => {
    const clock = new ManualClock();
    await expect(settlesWithin(Promise.resolve(), 10, clock)).resolves.toBe(true);
    expect(clock.pendingTimers).toBe(0);
  });

  it("says yes for a promise that rejects, and the rejection is handled", async () => {
    await expect(settlesWithin(Promise.reject(new Error("x")), 10, new ManualClock())).resolves.toBe(true);
  });

  it("lets a settled promise win against a time of 0", async () => {
    const clock = new ManualClock();
    expect(await answerAfter(clock, 0, settlesWithin(Promise.resolve(), 0, clock))).toBe(true);
  });

  it("says no when the time is over, not before", async () => {
    const clock = new ManualClock();
    const question = settlesWithin(never, 10, clock);
    expect(await answerAfter(clock, 9, question)).toBe("waiting");
    expect(await answerAfter(clock, 1, question)).toBe(false);
  });

  it("counts a negative time as 0", async () => {
    const clock = new ManualClock();
    expect(await answerAfter(clock, 0, settlesWithin(never, -5, clock))).toBe(false);
  });

  it.each([undefined, Number.POSITIVE_INFINITY, Number.NaN, 2_147_483_648])("sets no timer for %s", (timeoutMs) => {
    const clock = new ManualClock();
    void settlesWithin(never, timeoutMs, clock);
    expect(clock.pendingTimers).toBe(0);
  });

  it("holds the longest time a timer can hold", () => {
    const clock = new ManualClock();
    void settlesWithin(never, 2_147_483_647, clock);
    expect(clock.pendingTimers).toBe(1);
  });
});
