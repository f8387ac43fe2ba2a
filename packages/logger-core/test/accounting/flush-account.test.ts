import { describe, expect, it } from "vitest";
import { FlushAccount } from "../../src/accounting/flush-account.ts";
import { Ledger } from "../../src/accounting/ledger.ts";

function setUp(harmless?: readonly "buffer_overflow"[]) {
  const ledger = new Ledger();
  return { ledger, account: new FlushAccount("s", ledger, harmless) };
}

describe("FlushAccount (§7.1, D-51 to D-53)", () => {
  it("succeeds when nothing was dropped", () => {
    const { ledger, account } = setUp();
    const flush = account.begin();
    ledger.accept(2);
    ledger.deliver(2);
    expect(flush.result()).toEqual({ success: true, partial: false, failedSinks: [], droppedCount: 0 });
  });

  it("fails with the count and the reason when something was dropped", () => {
    const { ledger, account } = setUp();
    ledger.accept(2);
    ledger.drop(2, "buffer_overflow");
    expect(account.begin().result()).toEqual({
      success: false,
      partial: false,
      failedSinks: [{ sinkId: "s", error: "2 records dropped: buffer_overflow" }],
      droppedCount: 2,
    });
  });

  it("says 1 record, not 1 records", () => {
    const { ledger, account } = setUp();
    ledger.drop(1, "sink_error");
    expect(account.begin().result().failedSinks[0]?.error).toBe("1 record dropped: sink_error");
  });

  it("lists several reasons with their counts", () => {
    const { ledger, account } = setUp();
    ledger.drop(1, "closed");
    ledger.drop(2, "buffer_overflow");
    expect(account.begin().result().failedSinks[0]?.error).toBe("3 records dropped: 2 buffer_overflow, 1 closed");
  });

  it("is partial exactly when it failed and something was delivered in its window (D-53)", () => {
    const { ledger, account } = setUp();
    ledger.deliver(1);
    account.begin().result();
    ledger.drop(1, "sink_error");
    expect(account.begin().result().partial).toBe(false);
    ledger.drop(1, "sink_error");
    ledger.deliver(1);
    expect(account.begin().result().partial).toBe(true);
  });

  it.each([true, false])("takes a sink's word for whether something of the window was delivered (%s, D-53)", (some) => {
    const { ledger, account } = setUp();
    ledger.drop(1, "sink_error");
    if (!some) ledger.deliver(1);
    expect(account.begin().result({ someDelivered: some }).partial).toBe(some);
  });

  it("counts what is dropped while the flush runs", () => {
    const { ledger, account } = setUp();
    const flush = account.begin();
    ledger.drop(1, "sink_error");
    expect(flush.result()).toMatchObject({ success: false, droppedCount: 1 });
  });

  it("reports a loss once: the next flush succeeds", () => {
    const { ledger, account } = setUp();
    ledger.drop(2, "sink_error");
    account.begin().result();
    expect(account.begin().result()).toMatchObject({ success: true, droppedCount: 0 });
  });

  it("leaves out reasons of earlier windows from the text", () => {
    const { ledger, account } = setUp();
    ledger.drop(2, "sink_error");
    account.begin().result();
    ledger.drop(1, "closed");
    expect(account.begin().result().failedSinks[0]?.error).toBe("1 record dropped: closed");
  });

  it("lets both of two overlapping flushes report a loss", () => {
    const { ledger, account } = setUp();
    const first = account.begin();
    const second = account.begin();
    ledger.drop(1, "sink_error");
    expect(first.result().droppedCount).toBe(1);
    expect(second.result().droppedCount).toBe(1);
    expect(account.begin().result().droppedCount).toBe(0);
  });

  it("answers for the time since the last flush that ended before it began, not since its own beginning", () => {
    const { ledger, account } = setUp();
    const long = account.begin();
    ledger.drop(1, "sink_error");
    account.begin().result();
    const late = account.begin();
    ledger.drop(1, "sink_error");
    expect(long.result().droppedCount).toBe(2);
    expect(late.result().droppedCount).toBe(1);
  });

  it("fails with a timeout text when time ran out with records waiting (D-52)", () => {
    const { account } = setUp();
    expect(account.begin().result({ timedOut: true, pending: 3 })).toEqual({
      success: false,
      partial: false,
      failedSinks: [{ sinkId: "s", error: "timeout: 3 records still waiting" }],
      droppedCount: 0,
    });
  });

  it("succeeds when time ran out with nothing waiting", () => {
    const { account } = setUp();
    expect(account.begin().result({ timedOut: true, pending: 0 }).success).toBe(true);
  });

  it("ignores what is pending when time did not run out", () => {
    const { account } = setUp();
    expect(account.begin().result({ pending: 3 }).success).toBe(true);
  });

  it("fails with an explicit failure, though nothing was lost", () => {
    const { account } = setUp();
    expect(account.begin().result({ failure: "EIO: fsync" })).toMatchObject({
      success: false,
      failedSinks: [{ sinkId: "s", error: "EIO: fsync" }],
      droppedCount: 0,
    });
  });

  it("names time-out, loss and failure in one text", () => {
    const { ledger, account } = setUp();
    ledger.drop(2, "closed");
    const result = account.begin().result({ timedOut: true, pending: 1, failure: "EIO" });
    expect(result.failedSinks).toEqual([
      { sinkId: "s", error: "timeout: 1 record still waiting; 2 records dropped: closed; EIO" },
    ]);
  });

  it("counts harmless drops but stays successful (design §13, ring evictions)", () => {
    const { ledger, account } = setUp(["buffer_overflow"]);
    ledger.drop(4, "buffer_overflow");
    expect(account.begin().result()).toEqual({ success: true, partial: false, failedSinks: [], droppedCount: 4 });
  });

  it("counts harmless drops in droppedCount but not in the text of other losses", () => {
    const { ledger, account } = setUp(["buffer_overflow"]);
    ledger.drop(4, "buffer_overflow");
    ledger.drop(1, "closed");
    expect(account.begin().result()).toMatchObject({
      success: false,
      failedSinks: [{ sinkId: "s", error: "1 record dropped: closed" }],
      droppedCount: 5,
    });
  });
});
