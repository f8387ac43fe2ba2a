import { describe, expect, it } from "vitest";
import { Waiters } from "../../src/accounting/waiters.ts";

async function settledNow(promise: Promise<void>): Promise<boolean> {
  let settled = false;
  void promise.then(() => {
    settled = true;
  });
  await Promise.resolve();
  return settled;
}

describe("Waiters (§7.1, D-52)", () => {
  it("resolves at once when everything up to the record is settled", async () => {
    expect(await settledNow(new Waiters().until(4, 5))).toBe(true);
  });

  it("waits while the record itself is unsettled", async () => {
    const waiters = new Waiters();
    const waiting = waiters.until(4, 4);
    waiters.settled(() => 4);
    expect(await settledNow(waiting)).toBe(false);
    waiters.settled(() => 5);
    expect(await settledNow(waiting)).toBe(true);
  });

  it("wakes those whose records are settled and leaves the others", async () => {
    const waiters = new Waiters();
    const early = waiters.until(1, 0);
    const late = waiters.until(2, 0);
    waiters.settled(() => 2);
    expect(await settledNow(early)).toBe(true);
    expect(await settledNow(late)).toBe(false);
    waiters.settled(() => 3);
    expect(await settledNow(late)).toBe(true);
  });

  it("does not ask for the oldest record while nobody waits", () => {
    let asked = 0;
    new Waiters().settled(() => asked++);
    expect(asked).toBe(0);
  });
});
