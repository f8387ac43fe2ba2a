import { afterEach, describe, expect, it, vi } from "vitest";
import { BatchingSink, type BatchingSinkSettings } from "../../src/delivery/index.ts";
import type { Clock, LogRecord, Timer } from "../../src/index.ts";
import { ManualClock, RecordingContext, ScriptedDelivery, testRecord } from "../../src/testing/index.ts";

/** A sink on a clock whose timers may be taken away, held back as in a frozen process, or set back. */
function made(settings: Partial<BatchingSinkSettings<LogRecord>> = {}) {
  const manual = new ManualClock();
  const time = { offsetMs: 0, timersWork: true };
  const clock: Clock = {
    now: () => manual.now(),
    monotonicMs: () => manual.monotonicMs() + time.offsetMs,
    schedule: (callback, delayMs): Timer => manual.schedule(() => time.timersWork && callback(), delayMs),
  };
  const context = new RecordingContext(clock);
  const delivery = new ScriptedDelivery();
  const times: number[] = [];
  const sink = new BatchingSink({
    id: "s",
    ...settings,
    deliver: (batch, given) => {
      times.push(clock.monotonicMs());
      return delivery.deliver(batch, given);
    },
  });
  sink.attach(context);
  const emit = (...bodies: string[]): void => {
    for (const body of bodies) {
      context.ledger.accept();
      sink.emit(testRecord({ body }));
    }
  };
  const delivered = (): unknown[] => delivery.delivered.map(({ body }) => body);
  return { sink, manual, time, context, delivery, times, emit, delivered, ledger: () => context.ledger.snapshot() };
}

const RETRY = { status: "retry" } as const;

afterEach(() => {
  vi.useRealTimers();
});

describe("BatchingSink: an armed timer is never the only way on", () => {
  it("a linger timer that was taken away: the next record after its time sends both", async () => {
    const { manual, time, emit, delivered } = made();
    time.timersWork = false;
    emit("a");
    await manual.advance(5000);
    expect(delivered()).toEqual([]);
    time.timersWork = true;
    emit("b");
    await manual.settle();
    expect(delivered()).toEqual(["a", "b"]);
    emit("c");
    await manual.advance(1000);
    expect(delivered()).toEqual(["a", "b", "c"]);
  });

  it("a back-off timer that was taken away: a later record, or a flush, wakes the batch", async () => {
    for (const wake of ["emit", "flush"] as const) {
      const { sink, manual, time, emit, delivery, delivered } = made({ batchSize: 1 });
      delivery.answer(RETRY);
      time.timersWork = false;
      emit("a");
      await manual.advance(5000);
      time.timersWork = true;
      if (wake === "emit") emit("b");
      else void sink.flush(100);
      await manual.settle();
      expect(delivered()).toEqual(wake === "emit" ? ["a", "b"] : ["a"]);
    }
  });

  it("a pause that the receiver asked for, likewise, and close", async () => {
    const { sink, manual, time, emit, delivery, delivered } = made({ batchSize: 1, retry: { maxAttempts: 1 } });
    delivery.answer({ status: "retry", afterMs: 2000 });
    time.timersWork = false;
    emit("a", "b");
    await manual.advance(5000);
    time.timersWork = true;
    void sink.close(100);
    await manual.settle();
    expect(delivered()).toEqual(["b"]);
  });

  it("also where records wait by the hundreds: within the next 64", async () => {
    const { manual, time, emit, delivered } = made();
    time.timersWork = false;
    emit(...Array.from({ length: 300 }, (_, index) => `r${index}`));
    await manual.advance(5000);
    time.timersWork = true;
    emit(...Array.from({ length: 64 }, (_, index) => `s${index}`));
    await manual.settle();
    expect(delivered()).toHaveLength(364);
  });

  it("fake timers around one record, with the system's clock: the next record sends both", async () => {
    const delivered: unknown[] = [];
    const sink = new BatchingSink({
      id: "s",
      flushIntervalMs: 5,
      deliver: async (batch) => void delivered.push(...batch.map(({ body }) => body)),
    });
    vi.useFakeTimers();
    sink.emit(testRecord({ body: "a" }));
    vi.useRealTimers();
    await vi.waitFor(() => {
      sink.emit(testRecord({ body: "b" }));
      expect(delivered).toContain("a");
    });
    await sink.close();
  });
});

describe("BatchingSink: clocks that jump, and processes that are frozen", () => {
  it("time that passed while nothing ran does not spend the retry budget", async () => {
    const { manual, time, emit, delivery, times, ledger } = made({ batchSize: 1, retry: { budgetMs: 10_000 } });
    delivery.answer(RETRY, RETRY, RETRY);
    emit("a");
    await manual.settle();
    // Frozen for an hour in the first back-off: the timer comes as soon as the process runs again.
    time.offsetMs = 3_600_000;
    await manual.advance(60_000);
    expect(ledger()).toMatchObject({ delivered: 1, dropped: {} });
    expect(times.map((ms) => ms % 3_600_000)).toEqual([0, 750, 2250, 5250]);
  });

  it("no storm afterwards: one attempt for the batch that waited, in order", async () => {
    const { manual, time, emit, delivery, delivered } = made({ batchSize: 1 });
    delivery.answer(RETRY);
    emit("a", "b", "c");
    await manual.settle();
    time.timersWork = false;
    await manual.advance(3_600_000);
    time.timersWork = true;
    emit("d");
    await manual.settle();
    expect(delivered()).toEqual(["a", "b", "c", "d"]);
    expect(delivery.calls).toHaveLength(5);
  });

  it("a clock that starts anew holds nobody longer than the receiver asked for", async () => {
    const { manual, time, emit, delivery, times } = made({ batchSize: 1 });
    time.offsetMs = 1e9;
    delivery.answer({ status: "retry", afterMs: 5000 });
    emit("a", "b");
    await manual.advance(1000);
    time.offsetMs = 0;
    await manual.advance(60_000);
    expect(times).toEqual([1e9, 5000, 5000]);
  });

  it("a clock that starts anew in an attempt costs no budget", async () => {
    const { manual, time, emit, delivery, ledger } = made({ batchSize: 1, retry: { budgetMs: 1000 } });
    time.offsetMs = 1e9;
    delivery.answer(RETRY, RETRY);
    delivery.hold();
    delivery.release(1);
    emit("a");
    await manual.advance(750);
    time.offsetMs = 0;
    delivery.release();
    await manual.advance(10_000);
    expect(ledger()).toMatchObject({ delivered: 1, dropped: {} });
  });
});

describe("BatchingSink: a time limit for each attempt", () => {
  it("aborts the signal and tries again; what the call still does is not counted", async () => {
    const { manual, context, emit, delivery, times, ledger } = made({ batchSize: 1, attemptTimeoutMs: 5000 });
    delivery.hold();
    emit("a");
    await manual.advance(5000);
    expect(delivery.calls[0]?.signal.aborted).toBe(true);
    expect(context.errors).toMatchObject([{ type: "attempt_timeout" }]);
    delivery.release();
    await manual.advance(750);
    expect(times).toEqual([0, 5750]);
    expect(ledger()).toMatchObject({ delivered: 1, pending: 0 });
    expect(manual.pendingTimers).toBe(0);
  });

  it("five minutes unless told otherwise: a call that never settles does not hold the sink for ever", async () => {
    const { manual, emit, delivery, delivered } = made({ batchSize: 1, retry: { maxAttempts: 1 } });
    delivery.hold();
    emit("a", "b");
    await manual.advance(299_999);
    delivery.release(0);
    expect(delivery.calls).toHaveLength(1);
    await manual.advance(1);
    expect(delivery.calls).toHaveLength(2);
    delivery.release();
    await manual.settle();
    expect(delivered()).toContain("b");
  });

  it("spends the budget like any failing attempt", async () => {
    const { manual, emit, delivery, ledger, times } = made({
      batchSize: 1,
      attemptTimeoutMs: 4000,
      retry: { budgetMs: 10_000 },
    });
    delivery.hold();
    emit("a");
    await manual.advance(60_000);
    expect(times).toEqual([0, 4750, 10_250]);
    expect(ledger().dropped).toEqual({ sink_error: 1 });
  });

  it("a timer that comes far too late gives an answer that is there already a second to be read", async () => {
    const { manual, time, context, emit, delivery, ledger } = made({ batchSize: 1, attemptTimeoutMs: 5000 });
    delivery.hold();
    emit("a");
    await manual.advance(4000);
    time.offsetMs = 3_600_000;
    await manual.advance(1000);
    delivery.release();
    await manual.advance(999);
    expect([ledger().delivered, context.errors]).toEqual([1, []]);
    delivery.hold();
    emit("b");
    await manual.advance(4000);
    time.offsetMs *= 2;
    await manual.advance(2000);
    expect(context.errors).toMatchObject([{ type: "attempt_timeout" }]);
  });

  it("a call that rejects after its time ends no process", async () => {
    const unhandled: unknown[] = [];
    const onUnhandled = (error: unknown): void => void unhandled.push(error);
    process.on("unhandledRejection", onUnhandled);
    const { manual, emit, delivery } = made({ batchSize: 1, attemptTimeoutMs: 5000 });
    delivery.answer(new Error("late"));
    delivery.hold();
    emit("a");
    await manual.advance(5000);
    delivery.release();
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", onUnhandled);
    expect(unhandled).toEqual([]);
  });
});
