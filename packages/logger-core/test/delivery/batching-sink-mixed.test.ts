import { describe, expect, it } from "vitest";
import { bodies, rig } from "./batching-sink-rig.ts";

const RETRY = { status: "retry" } as const;

function mixed(retry: readonly number[], rejected: readonly number[] = [], more: { readonly afterMs?: number } = {}) {
  const refused = rejected.map((index) => ({ index, reason: `refused ${index}` }));
  return { status: "mixed", retry, rejected: refused, ...more } as const;
}

describe("BatchingSink: mixed outcomes", () => {
  it("tries exactly the named records again, loses exactly the named ones, and delivers the others at once", async () => {
    const { emit, clock, delivery, ledger, batches, attempts, delivered, errorTexts } = rig({ batchSize: 5 });
    delivery.answer(mixed([3, 1], [2]));
    emit(...bodies(5));
    await clock.settle();
    expect(ledger()).toEqual({ accepted: 5, delivered: 2, pending: 2, dropped: { sink_error: 1 } });
    await clock.advance(750);
    expect(batches()).toEqual([bodies(5), ["r2", "r4"]]);
    expect(attempts()).toEqual([1, 2]);
    expect(delivered()).toEqual(["r1", "r5", "r2", "r4"]);
    expect(ledger()).toEqual({ accepted: 5, delivered: 4, pending: 0, dropped: { sink_error: 1 } });
    expect(errorTexts()).toEqual(["1 record lost: refused 2", "delivery will be tried again: no reason given"]);
  });

  it("what is left narrows down from attempt to attempt, and no later batch overtakes it", async () => {
    const { emit, clock, delivery, batches } = rig({ batchSize: 4 });
    delivery.answer(mixed([0, 2, 3]), mixed([0, 2]), RETRY, mixed([1]));
    emit(...bodies(8));
    await clock.advance(60_000);
    expect(batches()).toEqual([
      ["r1", "r2", "r3", "r4"],
      ["r1", "r3", "r4"],
      ["r1", "r4"],
      ["r1", "r4"],
      ["r4"],
      ["r5", "r6", "r7", "r8"],
    ]);
  });

  it("what is left can be split", async () => {
    const { emit, clock, delivery, batches, attempts, ledger } = rig({ batchSize: 6 });
    delivery.answer(mixed([0, 2, 4, 5]), { status: "split" }, mixed([1]), { status: "split" });
    emit(...bodies(6));
    await clock.advance(60_000);
    expect(batches().slice(1)).toEqual([["r1", "r3", "r5", "r6"], ["r1", "r3"], ["r3"], ["r5", "r6"]]);
    expect(attempts()).toEqual([1, 2, 1, 2, 1]);
    expect(ledger()).toMatchObject({ delivered: 5, dropped: { sink_error: 1 } });
  });

  it("what is left keeps attempts and budget of the batch", async () => {
    const { emit, clock, delivery, ledger, errorTexts } = rig({ batchSize: 3, retry: { maxAttempts: 2 } });
    delivery.answer(mixed([0, 1]), mixed([1]));
    emit(...bodies(3));
    await clock.advance(60_000);
    expect(delivery.calls).toHaveLength(2);
    expect(ledger()).toMatchObject({ delivered: 2, pending: 0, dropped: { sink_error: 1 } });
    expect(errorTexts().at(-1)).toBe("1 record lost: given up after 2 attempts: no reason given");
  });

  it("afterMs holds the sink while something is to be tried again, and nothing otherwise", async () => {
    const { emit, clock, delivery, ledger } = rig({ batchSize: 2 });
    delivery.answer(mixed([], [0], { afterMs: 60_000 }), mixed([1], [], { afterMs: 60_000 }));
    emit(...bodies(6));
    await clock.advance(59_999);
    expect(ledger()).toMatchObject({ delivered: 2, pending: 3 });
    await clock.advance(1);
    expect(ledger()).toMatchObject({ delivered: 5, pending: 0 });
  });

  it("a flush waits for exactly the records before it, also while later ones of the batch are settled", async () => {
    const { sink, emit, clock, delivery, within } = rig({ batchSize: 4, flushIntervalMs: 100 });
    emit("r1", "r2");
    const first = sink.flush(10_000);
    emit("r3");
    const second = sink.flush(300);
    delivery.answer(mixed([2]), RETRY);
    // All three went in one batch; what the first flush waits for is settled by the first answer.
    expect(await within(first, 0)).toMatchObject({ success: true });
    expect(await within(second, 300)).toMatchObject({
      success: false,
      failedSinks: [{ error: "timeout: 1 record still waiting" }],
    });
    await clock.advance(60_000);
  });

  it("records keep their numbers through several mixed outcomes, for the flush that waits for some of them", async () => {
    const { sink, emit, clock, delivery, within } = rig({ batchSize: 4 });
    emit("r1", "r2");
    const early = sink.flush(100);
    const late = sink.flush(10_000);
    emit("r3", "r4");
    delivery.answer(mixed([0, 2, 3]), mixed([1]), RETRY);
    expect(await within(early, 100)).toMatchObject({ failedSinks: [{ error: "timeout: 1 record still waiting" }] });
    // r3, the only one left after the second answer, came after this flush.
    expect(await within(late, 650)).toMatchObject({ success: true });
    await clock.advance(60_000);
  });

  it("the oldest of what is left holds a flush, not the first of the batch", async () => {
    const { sink, emit, clock, delivery, within } = rig({ batchSize: 3 });
    emit("r1", "r2", "r3");
    const flush = sink.flush(10_000);
    delivery.answer(mixed([1]));
    expect(await within(flush, 749)).toBe("unsettled");
    await clock.advance(1);
    expect(await within(flush, 0)).toMatchObject({ success: true });
  });

  it("close counts what is left, and not what is settled", async () => {
    const { sink, emit, clock, delivery, ledger } = rig({ batchSize: 4 });
    delivery.answer(mixed([1, 2], [0]));
    emit(...bodies(4));
    await clock.settle();
    void sink.close(10);
    await clock.advance(10);
    expect(ledger()).toEqual({ accepted: 4, delivered: 1, pending: 0, dropped: { sink_error: 1, closed: 2 } });
  });

  it("an outage with partial deliveries is one outage until nothing is left", async () => {
    const { emit, clock, delivery, context } = rig({ batchSize: 3 });
    delivery.answer(mixed([0, 1]), mixed([1]), mixed([0]));
    emit(...bodies(3));
    await clock.advance(60_000);
    expect([context.errors.length, context.diagnostics.length]).toEqual([1, 1]);
  });

  it("nonsense is told, and nothing of it counts as delivered in silence", async () => {
    const { emit, clock, delivery, ledger, errorTypes, delivered } = rig({ batchSize: 3 });
    delivery.answer(mixed([7, 1, 1]) as never);
    emit(...bodies(3));
    await clock.advance(60_000);
    expect(ledger()).toEqual({ accepted: 3, delivered: 2, pending: 0, dropped: { sink_error: 1 } });
    expect(delivered()).toContain("r2");
    expect(errorTypes()).toEqual(["delivery_outcome", "delivery_rejected", "delivery_retry"]);
  });
});
