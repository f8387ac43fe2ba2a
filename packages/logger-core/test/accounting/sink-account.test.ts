import { describe, expect, it } from "vitest";
import { SinkAccount } from "../../src/accounting/sink-account.ts";
import type { SinkContext } from "../../src/sink/sink.ts";
import { systemClock } from "../../src/sink/system-clock.ts";
import { ManualClock, RecordingContext, testRecord } from "../../src/testing/index.ts";

function attached() {
  const context = new RecordingContext();
  const account = new SinkAccount("s");
  account.attach(context);
  return { account, context, clock: context.clock as ManualClock };
}

describe("SinkAccount (§12)", () => {
  it("tells the context of deliveries, drops and errors", () => {
    const { account, context } = attached();
    account.accept(3);
    account.deliver(2);
    account.drop(1, "sink_error");
    account.error(new Error("x"), "EPIPE");
    expect(context.ledger.delivered).toBe(2);
    expect(context.ledger.dropped("sink_error")).toBe(1);
    expect(context.errors.map(({ type }) => type)).toEqual(["EPIPE"]);
  });

  it("says once that a closed sink is in use, and again when another configuration uses it", () => {
    const { account, context } = attached();
    for (let count = 0; count < 3; count++) {
      account.accept();
      account.refuse("closed");
    }
    account.refuse("sink_error");
    expect(context.errors.map(({ type }) => type)).toEqual(["closed"]);
    account.attach(context);
    account.refuse("closed");
    expect(context.errors).toHaveLength(2);
  });

  it("keeps its own ledger, without a context too", () => {
    const account = new SinkAccount("s");
    account.accept(4);
    account.deliver(2);
    account.drop(1, "closed");
    account.error(new Error("x"));
    expect(account.ledger.snapshot()).toEqual({ accepted: 4, delivered: 2, pending: 1, dropped: { closed: 1 } });
  });

  it("does not report a drop of nothing", () => {
    let calls = 0;
    const account = new SinkAccount("s");
    account.attach({ onDrop: () => calls++ } as unknown as SinkContext);
    account.drop(0, "closed");
    expect(calls).toBe(0);
  });

  it("tells the context nothing of records taken in before it came", () => {
    const account = new SinkAccount("s");
    const context = new RecordingContext();
    account.accept(3);
    account.deliver(1);
    account.attach(context);
    account.accept(2);
    account.deliver(3);
    account.drop(1, "closed");
    expect(context.ledger.snapshot()).toMatchObject({ delivered: 1, dropped: { closed: 1 } });
    expect(account.ledger).toMatchObject({ delivered: 4, droppedTotal: 1 });
  });

  it("tells the context of a refused record though older ones that it does not know of still wait", () => {
    const account = new SinkAccount("s", { harmless: ["buffer_overflow"] });
    const told: unknown[] = [];
    account.accept();
    account.attach({
      onDrop: (...drop: unknown[]) => told.push(drop),
      onDelivered: (count: number) => told.push(count),
    } as unknown as SinkContext);
    account.accept(2);
    account.refuse("closed");
    account.refuse("buffer_overflow");
    account.deliver();
    expect(told).toEqual([
      [1, "closed", false],
      [1, "buffer_overflow", true],
    ]);
    expect(account.ledger).toMatchObject({ delivered: 1, droppedTotal: 2, pending: 0 });
  });

  it("keeps count when a second context takes over", () => {
    const { account } = attached();
    account.accept(2);
    const context = new RecordingContext();
    account.attach(context);
    account.deliver(2);
    expect(context.ledger.delivered).toBe(2);
  });

  it("survives a context that throws, and still counts", () => {
    const account = new SinkAccount("s");
    const fail = (): never => {
      throw new Error("context");
    };
    account.attach({ clock: systemClock, onDelivered: fail, onDrop: fail, onError: fail } as unknown as SinkContext);
    account.deliver(1);
    account.drop(1, "closed");
    account.error(new Error("x"));
    expect(account.ledger).toMatchObject({ delivered: 1, droppedTotal: 1 });
  });

  it("uses the system clock, then a given one, then the context's", () => {
    const given = new ManualClock();
    const account = new SinkAccount("s", { clock: given });
    expect(new SinkAccount("s").clock).toBe(systemClock);
    expect(account.clock).toBe(given);
    const context = new RecordingContext();
    account.attach(context);
    expect(account.clock).toBe(context.clock);
  });

  it("flush waits for its promise and answers for the losses since the previous flush (D-51)", async () => {
    const { account } = attached();
    account.drop(1, "sink_error");
    expect(await account.flush(Promise.resolve(), 10, () => 0)).toMatchObject({ success: false, droppedCount: 1 });
    expect(await account.flush(Promise.resolve(), 10, () => 0)).toMatchObject({ success: true, droppedCount: 0 });
  });

  it("flush says how many wait when time runs out (D-52)", async () => {
    const { account, clock } = attached();
    const flush = account.flush(new Promise(() => {}), 10, () => 2);
    await clock.advance(10);
    expect((await flush).failedSinks).toEqual([{ sinkId: "s", error: "timeout: 2 records still waiting" }]);
  });

  it("flush does not ask what waits when it was in time", async () => {
    const { account } = attached();
    expect((await account.flush(Promise.resolve(), 10, () => 2)).success).toBe(true);
  });

  it("passes harmless reasons on to the flush account", async () => {
    const account = new SinkAccount("s", { harmless: ["buffer_overflow"] });
    account.drop(1, "buffer_overflow");
    expect(await account.flush(Promise.resolve(), 0, () => 0)).toMatchObject({ success: true, droppedCount: 1 });
  });

  it("passes diagnostics on, and needs no context for them", () => {
    const { account, context } = attached();
    account.diagnostic({ event: "sink_recovered", sinkId: "s" });
    expect(context.diagnostics).toEqual([{ event: "sink_recovered", sinkId: "s" }]);
    new SinkAccount("s").diagnostic({ event: "sink_recovered", sinkId: "s" });
  });

  it("takes chance from the context, and has its own without one", () => {
    const account = new SinkAccount("s");
    expect(account.random()).toBeGreaterThanOrEqual(0);
    account.attach(new RecordingContext(undefined, () => 0.25));
    expect(account.random()).toBe(0.25);
    account.attach({ clock: systemClock } as unknown as SinkContext);
    expect(account.random()).toBeLessThan(1);
  });
});

describe("SinkAccount.takeIn: what emit begins with", () => {
  it("§1.2: accepts the record, with its observed time from the clock", () => {
    const { account, clock } = attached();
    expect(account.takeIn(testRecord(), 1)?.observedTimeUnixNano).toBe(clock.now());
    expect(account.ledger.accepted).toBe(1);
  });

  it("leaves the observed time that a record has", () => {
    const record = testRecord({ observedTimeUnixNano: 5n });
    expect(attached().account.takeIn(record, 1)).toBe(record);
  });

  it("§7.1: ignores without a trace what is below the sink's level", () => {
    const { account } = attached();
    expect(account.takeIn(testRecord({ severityNumber: 8 }), 9)).toBeUndefined();
    expect(account.ledger.accepted).toBe(0);
  });

  it.each([undefined, null])("counts %s as a lost record, and says why", (record) => {
    const { account, context } = attached();
    expect(account.takeIn(record as never, 1)).toBeUndefined();
    expect(account.ledger.snapshot()).toEqual({ accepted: 1, delivered: 0, pending: 0, dropped: { sink_error: 1 } });
    expect(context.errors).toHaveLength(1);
  });
});
