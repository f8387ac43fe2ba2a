import { describe, expect, it } from "vitest";
import { BatchingSink } from "../../src/delivery/index.ts";
import { RecordingContext, testRecord } from "../../src/testing/index.ts";
import { bodies, rig, SUCCEEDED } from "./batching-sink-rig.ts";

describe("BatchingSink.flush (§7.1, D-52, D-53)", () => {
  it("starts a partial batch at once", async () => {
    const { sink, emit, delivered } = rig();
    emit("r1");
    expect(await sink.flush(1000)).toMatchObject({ ...SUCCEEDED, droppedCount: 0 });
    expect(delivered()).toEqual(["r1"]);
  });

  it("with nothing to do succeeds at once", async () => {
    const { sink, delivery } = rig();
    expect(await sink.flush(0)).toMatchObject(SUCCEEDED);
    expect(delivery.calls).toEqual([]);
  });

  it("several at once all wait for the delivery", async () => {
    const { sink, emit, clock, delivery, within } = rig({ batchSize: 1 });
    delivery.hold();
    emit("r1");
    const first = sink.flush();
    await clock.settle();
    const second = sink.flush();
    const third = sink.flush(10_000);
    for (const flush of [first, second, third]) expect(await within(flush, 0)).toBe("unsettled");
    delivery.release();
    for (const flush of [first, second, third]) expect(await within(flush, 0)).toMatchObject(SUCCEEDED);
  });

  it("several at once all tell of a loss, the next one does not", async () => {
    const { sink, emit, clock, delivery } = rig({ batchSize: 1 });
    delivery.hold();
    delivery.answer({ status: "rejected", count: 1 });
    emit("r1");
    const flushes = [sink.flush(), sink.flush()];
    await clock.settle();
    delivery.release();
    for (const flush of flushes) expect(await flush).toMatchObject({ success: false, partial: false, droppedCount: 1 });
    expect(await sink.flush()).toMatchObject({ success: true, droppedCount: 0 });
  });

  it("resolves by its deadline while a retry timer is pending, and shortens no back-off", async () => {
    const { sink, emit, clock, delivery, attempts, within } = rig({ batchSize: 1, retry: { initialMs: 10_000 } });
    delivery.answer({ status: "retry" });
    emit("r1");
    await clock.settle();
    const flush = sink.flush(50);
    expect(await within(flush, 49)).toBe("unsettled");
    expect(await within(flush, 1)).toMatchObject({
      success: false,
      failedSinks: [{ error: "timeout: 1 record still waiting" }],
    });
    expect(attempts()).toEqual([1]);
    await clock.advance(10_000);
    expect(attempts()).toEqual([1, 2]);
    expect(await sink.flush()).toMatchObject({ success: true });
  });

  it("is not kept waiting by records that come after it", async () => {
    const { sink, emit, clock, delivery, within } = rig({ batchSize: 1 });
    delivery.hold();
    emit("r1");
    const flush = sink.flush(60_000);
    for (let round = 0; round < 5; round++) {
      emit("later");
      await clock.settle();
    }
    delivery.release(1);
    expect(await within(flush, 0)).toMatchObject(SUCCEEDED);
  });

  it("ends with the half of a split batch that holds its records", async () => {
    const { sink, emit, clock, delivery, batches, within } = rig({ batchSize: 4 });
    delivery.hold();
    emit("r1", "r2", "r3", "r4");
    await clock.settle();
    emit("r5", "r6");
    const flush = sink.flush(60_000);
    emit("r7", "r8");
    delivery.answer(undefined, { status: "split" });
    delivery.release(3);
    expect(await within(flush, 0)).toMatchObject(SUCCEEDED);
    expect(batches().at(-1)).toEqual(["r7", "r8"]);
    expect(await within(sink.flush(10), 10)).toMatchObject({
      failedSinks: [{ error: "timeout: 2 records still waiting" }],
    });
  });

  it("counts records evicted while it waits, and does not wait for them", async () => {
    const { sink, emit, clock, delivery, within } = rig({ batchSize: 1, queueSize: 1 });
    delivery.hold();
    emit("r1");
    await clock.settle();
    emit("r2");
    const flush = sink.flush(60_000);
    emit("r3");
    delivery.release(1);
    expect(await within(flush, 0)).toMatchObject({ success: false, partial: true, droppedCount: 1 });
  });

  it("refused records (drop_newest) are lost, not waited for", async () => {
    const { sink, emit, within } = rig({ queueSize: 2, overflow: "drop_newest" });
    emit("r1", "r2", "r3");
    expect(await within(sink.flush(1000), 0)).toMatchObject({ success: false, partial: true, droppedCount: 1 });
  });
});

describe("BatchingSink.close (§7.1, §13)", () => {
  it("delivers what was accepted, partial batches too, without waiting for the linger time", async () => {
    const { sink, emit, delivered, within, clock } = rig({ batchSize: 2 });
    emit("r1", "r2", "r3");
    expect(
      await within(
        sink.close(1000).then(() => "closed"),
        0,
      ),
    ).toBe("closed");
    expect(delivered()).toEqual(["r1", "r2", "r3"]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("stops accepting at once: what is emitted while it delivers counts as closed", async () => {
    const { sink, emit, ledger } = rig();
    emit("r1");
    const closing = sink.close(1000);
    emit("r2");
    await closing;
    emit("r3");
    expect(ledger()).toEqual({ accepted: 3, delivered: 1, pending: 0, dropped: { closed: 2 } });
  });

  it("S3 is idempotent: the same promise, whatever the times given, one release", async () => {
    let releases = 0;
    const { sink, emit, clock } = rig({
      release: () => {
        releases += 1;
      },
    });
    emit("r1");
    const first = sink.close(1000);
    expect(sink.close()).toBe(first);
    expect(sink.close(5)).toBe(first);
    await clock.settle();
    await first;
    expect(sink.close()).toBe(first);
    expect(releases).toBe(1);
  });

  it("goes on trying within its time, with back-off", async () => {
    const { sink, emit, delivery, attempts, delivered, within } = rig({ batchSize: 1 });
    delivery.answer({ status: "retry" }, { status: "retry" });
    emit("r1");
    expect(
      await within(
        sink.close(5000).then(() => "closed"),
        2249,
      ),
    ).toBe("unsettled");
    expect(await within(sink.close(), 1)).toBeUndefined();
    expect(attempts()).toEqual([1, 2, 3]);
    expect(delivered()).toEqual(["r1"]);
  });

  it("ends at its deadline during back-off: everything left counts as closed, and says so", async () => {
    const { sink, emit, clock, delivery, ledger, errorTypes, errorTexts, within } = rig({ batchSize: 2 });
    delivery.answer(...Array.from({ length: 9 }, () => ({ status: "retry" }) as const));
    emit("r1", "r2", "r3");
    const closing = sink.close(3000);
    expect(
      await within(
        closing.then(() => "closed"),
        2999,
      ),
    ).toBe("unsettled");
    expect(
      await within(
        closing.then(() => "closed"),
        1,
      ),
    ).toBe("closed");
    expect(ledger()).toEqual({ accepted: 3, delivered: 0, pending: 0, dropped: { closed: 3 } });
    expect(errorTypes()).toContain("close_timeout");
    expect(errorTexts().at(-1)).toBe("close ran out of time: records dropped: 3");
    const calls = delivery.calls.length;
    await clock.advance(600_000);
    expect(delivery.calls).toHaveLength(calls);
    expect(clock.pendingTimers).toBe(0);
  });

  it("ends at its deadline during a pause that the receiver asked for", async () => {
    const { sink, emit, clock, delivery, ledger, within } = rig({ batchSize: 1, concurrency: 2 });
    delivery.answer({ status: "retry", afterMs: 60_000 });
    emit("r1");
    await clock.settle();
    emit("r2");
    await clock.settle();
    expect(
      await within(
        sink.close(100).then(() => "closed"),
        100,
      ),
    ).toBe("closed");
    expect(ledger().dropped).toEqual({ closed: 2 });
    expect(clock.pendingTimers).toBe(0);
  });

  it.each(["delivers", "rejects"])("aborts a delivery in flight; that it then %s changes nothing", async (how) => {
    const { sink, emit, clock, delivery, ledger, context, within } = rig({ batchSize: 1 });
    delivery.hold();
    if (how === "rejects") delivery.answer(new Error("aborted"));
    emit("r1", "r2");
    await clock.settle();
    const closing = sink.close(50);
    expect(delivery.calls[0]?.signal.aborted).toBe(false);
    expect(
      await within(
        closing.then(() => "closed"),
        50,
      ),
    ).toBe("closed");
    expect(delivery.calls[0]?.signal.aborted).toBe(true);
    const before = [ledger(), context.errors.length];
    delivery.release();
    await clock.advance(60_000);
    expect([ledger(), context.errors.length]).toEqual(before);
    expect(delivery.calls).toHaveLength(1);
  });

  it("does not abort what was in time", async () => {
    const { sink, emit, clock, delivery } = rig({ batchSize: 1 });
    emit("r1");
    await sink.close(50);
    await clock.advance(100);
    expect(delivery.calls[0]?.signal.aborted).toBe(false);
  });

  it("ends a flush that waits", async () => {
    const { sink, emit, clock, delivery, within } = rig({ batchSize: 1 });
    delivery.hold();
    emit("r1");
    const flush = sink.flush();
    await clock.settle();
    void sink.close(50);
    expect(await within(flush, 50)).toMatchObject({ success: false, partial: false, droppedCount: 1 });
  });

  it("a flush after it answers at once", async () => {
    const { sink, emit } = rig();
    await sink.close();
    emit("r1");
    expect(await sink.flush(1000)).toMatchObject({ success: false, droppedCount: 1 });
  });

  it.each([undefined, Number.NaN, -1, "5" as never])("uses closeTimeoutMs for a time of %s", async (timeoutMs) => {
    const { sink, emit, delivery, within } = rig({ batchSize: 1, closeTimeoutMs: 70 });
    delivery.hold();
    emit("r1");
    const closing = sink.close(timeoutMs).then(() => "closed");
    expect(await within(closing, 69)).toBe("unsettled");
    expect(await within(closing, 1)).toBe("closed");
  });

  it("a time of 0 still delivers what settles at once", async () => {
    const { sink, emit, ledger, within } = rig();
    emit(...bodies(3));
    expect(
      await within(
        sink.close(0).then(() => "closed"),
        0,
      ),
    ).toBe("closed");
    expect(ledger()).toMatchObject({ delivered: 3, dropped: {} });
  });

  it("releases after the last delivery, and waits for it", async () => {
    const order: string[] = [];
    let released = (): void => {};
    const { sink, emit, within } = rig({
      deliver: async () => void order.push("deliver"),
      release: () => {
        order.push("release");
        return new Promise<void>((resolve) => {
          released = resolve;
        });
      },
    });
    emit("r1");
    const closing = sink.close(1000).then(() => "closed");
    expect(await within(closing, 10)).toBe("unsettled");
    expect(order).toEqual(["deliver", "release"]);
    released();
    expect(await within(closing, 0)).toBe("closed");
  });

  it("does not wait for a release beyond its deadline, and says so", async () => {
    const { sink, errorTypes, within } = rig({ release: () => new Promise(() => {}) });
    const closing = sink.close(100).then(() => "closed");
    expect(await within(closing, 99)).toBe("unsettled");
    expect(await within(closing, 1)).toBe("closed");
    expect(errorTypes()).toEqual(["release_timeout"]);
  });

  it("deliveries and release share one deadline", async () => {
    const { sink, emit, clock, delivery, within } = rig({ batchSize: 1, release: () => new Promise(() => {}) });
    delivery.hold();
    emit("r1");
    const closing = sink.close(100).then(() => "closed");
    await clock.advance(60);
    delivery.release();
    expect(await within(closing, 39)).toBe("unsettled");
    expect(await within(closing, 1)).toBe("closed");
  });

  it("releases also when time ran out", async () => {
    let releases = 0;
    const { sink, emit, clock, delivery } = rig({
      batchSize: 1,
      release: () => {
        releases += 1;
      },
    });
    delivery.hold();
    emit("r1");
    void sink.close(10);
    await clock.advance(10);
    expect(releases).toBe(1);
  });

  it.each([
    [
      "throws",
      (): never => {
        throw new TypeError("secret");
      },
    ],
    ["rejects", () => Promise.reject(new TypeError("secret"))],
  ])("a release that %s is reported; close resolves", async (_, release) => {
    const { sink, errorTexts } = rig({ release });
    await sink.close();
    expect(errorTexts()).toEqual(["release threw TypeError"]);
  });

  it("a close from within emit, by a context that hears of a drop, leaves nothing pending", async () => {
    const context = new RecordingContext();
    const sink = new BatchingSink({ id: "s", queueSize: 1, deliver: async () => undefined });
    sink.attach({
      ...context,
      clock: context.clock,
      random: context.random,
      onDrop: () => void sink.close(0),
      onDelivered: () => {},
      onError: () => {},
      diagnostic: () => {},
    });
    sink.emit(testRecord());
    sink.emit(testRecord());
    await sink.close();
    const { droppedCount } = await sink.flush(0);
    expect(droppedCount).toBeGreaterThanOrEqual(1);
    expect(await sink.flush(0)).toMatchObject({ success: true, droppedCount: 0 });
  });
});
