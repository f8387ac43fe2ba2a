import { describe, expect, it } from "vitest";
import { InFlight } from "../../../src/delivery/run/index.ts";

const batch = (first: number, remaining: number, entries: string[] = []) => ({
  first,
  remaining,
  countUpTo: (upTo: number) => Math.min(remaining, Math.max(0, upTo + 1 - first)),
  abandon: () => entries,
});

describe("InFlight", () => {
  it("has room for as many batches as may be delivered at a time", () => {
    const inFlight = new InFlight(2);
    const [a, b] = [batch(0, 5), batch(5, 5)];
    inFlight.add(a);
    expect(inFlight.hasRoom).toBe(true);
    inFlight.add(b);
    expect(inFlight.hasRoom).toBe(false);
    inFlight.delete(a);
    expect([inFlight.hasRoom, inFlight.oldest]).toEqual([true, 5]);
    inFlight.delete(b);
    expect(inFlight.oldest).toBeUndefined();
  });

  it("counts unsettled records up to a number, that one included", () => {
    const inFlight = new InFlight(3);
    inFlight.add(batch(2, 3));
    inFlight.add(batch(10, 2));
    expect([1, 2, 4, 9, 10, 11, 99].map((upTo) => inFlight.unsettled(upTo))).toEqual([0, 1, 3, 3, 4, 5, 5]);
  });

  it("abandons all and answers what that costs, oldest first", () => {
    const inFlight = new InFlight<string>(3);
    inFlight.add(batch(2, 2, ["r2", "r3"]));
    inFlight.add(batch(10, 1, ["r10"]));
    expect(inFlight.abandon()).toEqual(["r2", "r3", "r10"]);
    expect(inFlight.unsettled(99)).toBe(0);
  });
});
