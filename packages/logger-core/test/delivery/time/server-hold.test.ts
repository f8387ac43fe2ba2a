import { describe, expect, it } from "vitest";
import { ServerHold } from "../../../src/delivery/time/index.ts";

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

  it("a clock that starts anew makes it no longer", () => {
    const hold = new ServerHold();
    hold.extend(1_000_000, 100);
    expect([hold.remainingMs(1_000_040), hold.remainingMs(5), hold.remainingMs(25)]).toEqual([60, 60, 40]);
    hold.extend(3, 10);
    expect([hold.remainingMs(3), hold.remainingMs(43)]).toEqual([40, 0]);
  });
});
