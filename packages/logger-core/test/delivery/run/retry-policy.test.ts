import { describe, expect, it } from "vitest";
import { type RetryLimits, RetryPolicy } from "../../../src/delivery/run/retry-policy.ts";

const LIMITS: RetryLimits = { initialMs: 1000, maxMs: 30_000, budgetMs: 300_000, maxAttempts: 1000 };

function delays(limits: Partial<RetryLimits>, chance: number): (number | undefined)[] {
  const policy = new RetryPolicy({ ...LIMITS, ...limits });
  return [1, 2, 3, 4, 5, 6, 7].map((attempts) => policy.delayMs({ attempts, elapsedMs: 0 }, () => chance));
}

describe("RetryPolicy: equal jitter (design 13)", () => {
  it("waits at least half of a back-off that doubles from initialMs to maxMs", () => {
    expect(delays({}, 0)).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000]);
  });

  it("waits at most all of it", () => {
    expect(delays({}, 1)).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  });

  it.each([Number.NaN, -1, 2, Number.POSITIVE_INFINITY])(
    "waits all of it when the source of chance answers %s",
    (chance) => {
      expect(delays({}, chance)[0]).toBe(1000);
    },
  );

  it("does not overflow after very many failures", () => {
    expect(new RetryPolicy(LIMITS).delayMs({ attempts: 900, elapsedMs: 0 }, () => 1)).toBe(30_000);
    expect(new RetryPolicy({ ...LIMITS, maxAttempts: 5000 }).delayMs({ attempts: 4000, elapsedMs: 0 }, () => 1)).toBe(
      30_000,
    );
  });
});

describe("RetryPolicy: giving up", () => {
  it("gives up after maxAttempts", () => {
    const policy = new RetryPolicy({ ...LIMITS, maxAttempts: 3 });
    expect(policy.delayMs({ attempts: 2, elapsedMs: 0 }, () => 0)).toBe(1000);
    expect(policy.delayMs({ attempts: 3, elapsedMs: 0 }, () => 0)).toBeUndefined();
  });

  it("shortens the last wait to the end of the budget, and gives up at it (D-97)", () => {
    const policy = new RetryPolicy({ ...LIMITS, budgetMs: 10_000 });
    const delayAt = (elapsedMs: number) => policy.delayMs({ attempts: 1, elapsedMs }, () => 0);
    expect([9500, 9501, 9999, 9999.5, 10_000, 12_000].map(delayAt)).toEqual([
      500,
      499,
      1,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("with a budget of 0 gives up at the first failure", () => {
    expect(new RetryPolicy({ ...LIMITS, budgetMs: 0 }).delayMs({ attempts: 1, elapsedMs: 0 }, () => 0)).toBeUndefined();
  });
});

describe("RetryPolicy: the receiver's wish", () => {
  it("takes the place of the back-off, without jitter", () => {
    const policy = new RetryPolicy(LIMITS);
    expect(policy.delayMs({ attempts: 9, elapsedMs: 0, afterMs: 60_000 }, () => 0.3)).toBe(60_000);
    expect(policy.delayMs({ attempts: 9, elapsedMs: 0, afterMs: 10 }, () => 0.3)).toBe(10);
  });

  it("counts against budget and attempts like any wait", () => {
    const policy = new RetryPolicy({ ...LIMITS, maxAttempts: 3 });
    expect(policy.delayMs({ attempts: 1, elapsedMs: 100_000, afterMs: 300_001 }, () => 0)).toBe(200_000);
    expect(policy.delayMs({ attempts: 1, elapsedMs: 300_000, afterMs: 5 }, () => 0)).toBeUndefined();
    expect(policy.delayMs({ attempts: 3, elapsedMs: 0, afterMs: 1 }, () => 0)).toBeUndefined();
  });

  it("holds other batches no longer than the budget, and a second at least", () => {
    const hold = (budgetMs: number, afterMs: number) => new RetryPolicy({ ...LIMITS, budgetMs }).holdMs(afterMs);
    expect([hold(10_000, 60_000), hold(10_000, 500), hold(0, 60_000)]).toEqual([10_000, 500, 1000]);
  });
});
