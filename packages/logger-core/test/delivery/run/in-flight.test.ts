import { describe, expect, it } from "vitest";
import { InFlight, ServerHold } from "../../../src/delivery/run/index.ts";

const batch = (first: number, remaining: number, abandon: () => void = () => {}) => ({
  first,
  remaining,
  countUpTo: (upTo: number) => Math.min(remaining, Math.max(0, upTo + 1 - first)),
  abandon,
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

  it("abandons all and says how many records that costs", () => {
    const inFlight = new InFlight(3);
    const abandoned: number[] = [];
    inFlight.add(batch(2, 3, () => abandoned.push(2)));
    inFlight.add(batch(10, 2, () => abandoned.push(10)));
    expect(inFlight.abandon()).toBe(5);
    expect(abandoned).toEqual([2, 10]);
    expect(inFlight.unsettled(99)).toBe(0);
  });
});

describe("ServerHold", () => {
  it("lasts for the time asked, and a later word never shortens it", () => {
    const hold = new ServerHold();
    expect(hold.remainingMs(5)).toBe(0);
    hold.extend(10, 100);
    hold.extend(20, 30);
    expect([hold.remainingMs(20), hold.remainingMs(109), hold.remainingMs(110)]).toEqual([90, 1, 0]);
    hold.extend(50, 100);
    expect(hold.remainingMs(110)).toBe(40);
  });
});
