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
});
