import { testRecord } from "@dagstack/logger-core/testing";
import { describe, expect, it } from "vitest";
import { answer, manualRig, numbered, numbersOf, recordsOf, upTo } from "./rig.ts";

describe("the sink contract (§7.1)", () => {
  it("S2: below the threshold nothing happens at all", async () => {
    const { sink, advance, clock, requests } = manualRig(() => answer(200), { minSeverity: "warn" });
    expect([12, 13].map((severity) => sink.supportsSeverity(severity))).toEqual([false, true]);
    sink.emit(testRecord({ severityNumber: 12 }));
    expect(clock.pendingTimers).toBe(0);
    await advance(5_000);
    expect(requests).toHaveLength(0);
  });

  it("S3, S4, S8: close delivers what was accepted, twice is once, and what comes later is counted as closed", async () => {
    const { sink, emitMany, advance, requests, context } = manualRig(() => answer(200));
    emitMany(5);
    const first = sink.close(1_000);
    const second = sink.close(5);
    expect(second).toBe(first);
    emitMany(1, 5);
    await advance(1_000);
    await first;
    emitMany(1, 6);
    await advance(5_000);
    expect(numbersOf(recordsOf(requests))).toEqual(upTo(5));
    expect(context.ledger.snapshot()).toEqual({ accepted: 7, delivered: 5, pending: 0, dropped: { closed: 2 } });
  });

  it("S7: a flush that runs out of time resolves, and the records stay", async () => {
    const { sink, emitMany, advance, context } = manualRig(() => "hang");
    emitMany(5);
    const flushed = sink.flush(50);
    await advance(50);
    expect(await flushed).toMatchObject({
      success: false,
      failedSinks: [{ error: expect.stringContaining("timeout") }],
    });
    expect(context.ledger.pending).toBe(5);
  });

  it("concurrent flushes both wait", async () => {
    const { sink, emitMany, advance, context } = manualRig(({ atMs }) => answer(atMs < 500 ? 503 : 200));
    emitMany(5);
    const flushes = Promise.all([sink.flush(10_000), sink.flush(10_000)]);
    await advance(2_000);
    for (const result of await flushes) expect(result.success).toBe(true);
    expect(context.ledger.delivered).toBe(5);
  });

  it("S10: the shared record is not changed", async () => {
    const record = Object.freeze({ ...numbered(1), observedTimeUnixNano: null });
    const before = { ...record };
    const { emit, advance, requests } = manualRig(() => answer(200));
    emit(record);
    await advance(2_000);
    expect(requests).toHaveLength(1);
    expect(record).toEqual(before);
  });

  it("S11: the observed time is that of emit, not of the request (D-14)", async () => {
    const { emitMany, advance, clock, requests } = manualRig(() => answer(200));
    await advance(250);
    const taken = clock.now();
    emitMany(1);
    await advance(5_000);
    expect(recordsOf(requests)[0]?.observedTimeUnixNano).toBe(taken);
  });

  it("S12: a record that logs into the sink while it is taken in cannot recurse", async () => {
    const { sink, emit, advance, context, requests } = manualRig(() => answer(200));
    const logging = Object.defineProperty({ ...numbered(0) }, "body", {
      enumerable: true,
      get() {
        context.ledger.accept();
        sink.emit(numbered(1));
        return "x";
      },
    });
    emit(logging);
    await advance(2_000);
    expect(numbersOf(recordsOf(requests))).toEqual([0]);
    expect(context.ledger.dropped("sink_error")).toBeGreaterThanOrEqual(1);
    expect(context.ledger.pending).toBe(0);
  });
});
