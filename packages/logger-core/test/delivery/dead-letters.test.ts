import { AsyncLocalStorage } from "node:async_hooks";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BatchingSink, DeliveryError } from "../../src/delivery/index.ts";
import {
  ConfigError,
  FLUSH_SUCCEEDED,
  type FlushResult,
  type LogRecord,
  type Sink,
  type SinkContext,
} from "../../src/index.ts";
import { ManualClock, RecordingContext, ScriptedDelivery, testRecord } from "../../src/testing/index.ts";
import { rig } from "./batching-sink-rig.ts";

const unhandled: unknown[] = [];
const onUnhandled = (error: unknown): void => void unhandled.push(error);
beforeEach(() => {
  unhandled.length = 0;
  process.on("unhandledRejection", onUnhandled);
});
afterEach(async () => {
  await new Promise((resolve) => setImmediate(resolve));
  process.off("unhandledRejection", onUnhandled);
  expect(unhandled).toEqual([]);
});

/** A dead-letter sink that keeps what it gets; members may be replaced. */
function letterBox(members: Partial<Sink> = {}) {
  const records: LogRecord[] = [];
  const calls: string[] = [];
  const sink: Sink = {
    id: "letters",
    supportsSeverity: () => true,
    emit: (record) => void records.push(record),
    flush: async () => {
      calls.push("flush");
      return FLUSH_SUCCEEDED;
    },
    close: async () => void calls.push("close"),
    ...members,
  };
  const letters = (): unknown[] =>
    records.map(({ body, attributes }) => [body, attributes["dagstack.dead_letter.reason"]]);
  return { sink, records, calls, letters };
}

const FINAL = new DeliveryError("HTTP 400", { retryable: false });

describe("BatchingSink: dead letters", () => {
  it("gets what was refused, with the sink and the reason beside the record's own attributes, frozen", async () => {
    const box = letterBox();
    const { sink, clock, context, delivery } = rig({ batchSize: 1, deadLetter: box.sink });
    delivery.answer(FINAL);
    context.ledger.accept();
    const record = testRecord({ body: "r1", attributes: { user: 7 } });
    sink.emit(record);
    await clock.settle();
    expect(context.ledger.snapshot()).toEqual({ accepted: 1, delivered: 0, pending: 0, dropped: { sink_error: 1 } });
    const attributes = {
      user: 7,
      "dagstack.dead_letter.sink": "sink",
      "dagstack.dead_letter.reason": "HTTP 400",
    };
    expect(box.records).toEqual([{ ...record, observedTimeUnixNano: clock.now(), attributes }]);
    expect(Object.isFrozen(box.records[0]) && Object.isFrozen(box.records[0]?.attributes)).toBe(true);
    expect(record.attributes).toEqual({ user: 7 });
  });

  it("gets records that a mixed outcome refuses, each with its reason, and those given up", async () => {
    const box = letterBox();
    const { emit, clock, delivery } = rig({ batchSize: 3, retry: { maxAttempts: 1 }, deadLetter: box.sink });
    delivery.answer({ status: "mixed", retry: [2], rejected: [{ index: 0, reason: "mapping" }], reason: "HTTP 429" });
    emit("r1", "r2", "r3");
    await clock.settle();
    expect(box.letters()).toEqual([
      ["r1", "mapping"],
      ["r3", "given up after 1 attempt: HTTP 429"],
    ]);
  });

  it("gets nothing where only the number of refused records is known, unless that is all of them", async () => {
    const box = letterBox();
    const { emit, clock, delivery, ledger } = rig({ batchSize: 3, deadLetter: box.sink });
    delivery.answer({ status: "rejected", count: 2 }, { status: "rejected", count: 3, reason: "quota" });
    emit("r1", "r2", "r3", "r4", "r5", "r6");
    await clock.settle();
    expect(ledger().dropped).toEqual({ sink_error: 5 });
    expect(box.letters()).toEqual([
      ["r4", "quota"],
      ["r5", "quota"],
      ["r6", "quota"],
    ]);
  });

  it.each([
    ["drop_oldest", ["r1", "r2"]],
    ["drop_newest", ["r4", "r5"]],
  ] as const)("gets what overflows with %s", async (overflow, lost) => {
    const box = letterBox();
    const { emit, clock, delivery, ledger } = rig({ batchSize: 1, queueSize: 2, overflow, deadLetter: box.sink });
    delivery.hold();
    emit("r0");
    await clock.settle();
    emit("r1", "r2", "r3", "r4");
    if (overflow === "drop_newest") emit("r5");
    const expected = overflow === "drop_newest" ? ["r3", "r4", "r5"] : lost;
    expect(box.letters()).toEqual(expected.map((body) => [body, "buffer_overflow"]));
    expect(ledger().dropped).toEqual({ buffer_overflow: expected.length });
  });

  it("gets a record that is too large for the queue, or alone for the receiver", async () => {
    const box = letterBox();
    const { emit, clock, delivery } = rig({ batchSize: 1, queueBytes: 2000, deadLetter: box.sink });
    emit("x".repeat(5000));
    delivery.answer({ status: "split" });
    emit("r2");
    await clock.settle();
    expect(box.letters()).toEqual([
      ["x".repeat(5000), "record_too_large"],
      ["r2", "a single record is too large for the receiver"],
    ]);
  });

  it("gets what waits and what is under way when close runs out of time, oldest first, and what comes while it closes", async () => {
    const box = letterBox();
    const { sink, emit, clock, delivery, ledger } = rig({ batchSize: 2, deadLetter: box.sink });
    delivery.answer({ status: "split" });
    delivery.hold();
    delivery.release(1);
    emit("r1", "r2", "r3");
    await clock.settle();
    void sink.close(1000);
    emit("late");
    await clock.advance(1000);
    expect(box.letters()).toEqual(["late", "r1", "r2", "r3"].map((body) => [body, "closed"]));
    expect(ledger()).toMatchObject({ accepted: 4, pending: 0, dropped: { closed: 4 } });
  });

  it("gets what transform, syncDrain or a throwing source of chance cost", async () => {
    const box = letterBox();
    const clock = new ManualClock();
    const sink = new BatchingSink<string>({
      id: "s",
      queueSize: 1,
      overflow: "block",
      deadLetter: box.sink,
      transform: ({ body }) => {
        if (body === "bad") throw new TypeError("secret");
        return String(body);
      },
      syncDrain: () => {
        throw new Error("secret");
      },
      deliver: async () => {},
    });
    sink.attach(new RecordingContext(clock));
    for (const body of ["bad", "r1", "r2"]) sink.emit(testRecord({ body }));
    expect(box.letters()).toEqual([
      ["bad", "taking a record in threw TypeError"],
      ["r1", "syncDrain threw Error"],
    ]);
    const { emit, clock: time } = rig({ batchSize: 1, deadLetter: box.sink }, () => {
      throw new Error("no luck");
    });
    emit("r3");
    await time.advance(0);
    expect(box.letters()).toHaveLength(2);
  });

  it("gets the records themselves back from a sink that queues encoded ones, and asks the logger for records", async () => {
    const box = letterBox();
    const delivered: string[] = [];
    const sink = new BatchingSink<string>({
      id: "s",
      batchSize: 2,
      queueSize: 2,
      lineFormat: "dagstack",
      transformLine: (line) => String(line),
      transform: ({ body }) => `encoded ${String(body)}`,
      deadLetter: box.sink,
      deliver: async (batch) => {
        delivered.push(...batch);
        return { status: "mixed", retry: [], rejected: [{ index: 1, reason: "no" }] };
      },
    });
    const clock = new ManualClock();
    sink.attach(new RecordingContext(clock));
    expect(sink.lineFormat).toBeUndefined();
    for (const body of ["r1", "r2", "r3"]) sink.emit(testRecord({ body }));
    await clock.settle();
    expect(delivered).toEqual(["encoded r2", "encoded r3"]);
    expect(box.letters()).toEqual([
      ["r1", "buffer_overflow"],
      ["r3", "no"],
    ]);
  });

  it("counts the kept records against queueBytes", () => {
    const box = letterBox();
    const small = { id: "s", queueBytes: 1000, transform: () => "", sizeOf: () => 1, deliver: async () => {} };
    const sink = new BatchingSink<string>({ ...small, deadLetter: box.sink });
    for (let count = 0; count < 10; count++) sink.emit(testRecord({ body: "r" }));
    expect(box.records.length).toBeGreaterThan(5);
  });

  it("a record that came encoded all the same is counted, and has no letter", () => {
    const box = letterBox();
    const context = new RecordingContext();
    const sink = new BatchingSink<string>({
      id: "s",
      queueSize: 1,
      lineFormat: "dagstack",
      transformLine: String,
      transform: String,
      deadLetter: box.sink,
      deliver: async () => {},
    });
    sink.attach(context);
    for (let count = 0; count < 3; count++) sink.emitLine(9, new Uint8Array(3));
    expect(context.ledger.dropped("buffer_overflow")).toBe(2);
    expect(box.records).toEqual([]);
  });

  it("a sink without losses hands nothing over, and one without a dead letter keeps no records", async () => {
    const box = letterBox();
    const { sink, emit, clock, delivered } = rig({ batchSize: 1, deadLetter: box.sink });
    emit("r1");
    await clock.settle();
    expect([delivered(), box.records]).toEqual([["r1"], []]);
    const lines = new BatchingSink({
      id: "s",
      lineFormat: "dagstack",
      transformLine: String as never,
      deliver: async () => {},
    });
    expect([sink.lineFormat, lines.lineFormat]).toEqual([undefined, "dagstack"]);
  });

  it("respects what the dead-letter sink supports", async () => {
    const box = letterBox({ supportsSeverity: (severity) => severity >= 17 });
    const { sink, clock, delivery } = rig({ batchSize: 1, deadLetter: box.sink });
    delivery.answer(FINAL, FINAL);
    sink.emit(testRecord({ body: "info", severityNumber: 9 }));
    sink.emit(testRecord({ body: "error", severityNumber: 17 }));
    await clock.settle();
    expect(box.letters()).toEqual([["error", "HTTP 400"]]);
  });

  it("runs in the asynchronous context of the creation", async () => {
    const user = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    const box = letterBox({ emit: () => void seen.push(user.getStore()) });
    const { emit, clock } = user.run("maker", () => rig({ queueSize: 1, batchSize: 1, deadLetter: box.sink }));
    user.run("alice", () => emit("r1", "r2"));
    await clock.settle();
    expect(seen).toEqual(["maker"]);
  });

  it("refuses what is no sink", () => {
    const make = (deadLetter: unknown) => () => rig({ deadLetter: deadLetter as Sink });
    expect(make({ id: "x", emit: () => {} })).toThrow(ConfigError);
    expect(make({ id: "x", emit: () => {} })).toThrow(/deadLetter.*\n?.*flush, close, supportsSeverity/);
    expect(make("file")).toThrow(ConfigError);
  });
});

describe("BatchingSink: who looks after the dead-letter sink", () => {
  it("this sink flushes it after its own deliveries, and closes it after them", async () => {
    const box = letterBox();
    const { sink, emit, delivery, within, calls } = { ...rig({ deadLetter: box.sink }), calls: box.calls };
    emit("r1");
    delivery.hold();
    const flush = sink.flush(1000);
    expect(await within(flush, 10)).toBe("unsettled");
    expect(calls).toEqual([]);
    delivery.release();
    expect(await within(flush, 0)).toEqual(FLUSH_SUCCEEDED);
    expect(calls).toEqual(["flush"]);
    expect(await within(sink.close(1000), 0)).toBeUndefined();
    expect(calls).toEqual(["flush", "close"]);
  });

  it("keeps a fifth of close's time for it, when deliveries take all they can get", async () => {
    const times: unknown[] = [];
    const box = letterBox({ close: async (timeoutMs?: number) => void times.push(timeoutMs) });
    const { sink, emit, clock, delivery } = rig({ deadLetter: box.sink });
    delivery.hold();
    emit("r1");
    void sink.close(1000);
    await clock.advance(800);
    expect([times, box.records.length]).toEqual([[200], 1]);
  });

  it("gives it a context: it gets the clock, and what goes wrong with it is told under its own id", async () => {
    let given: SinkContext | undefined;
    const box = letterBox({
      attach: (context) => {
        given = context;
      },
    });
    const { context, clock, ledger } = rig({ deadLetter: box.sink });
    expect([given?.clock.monotonicMs(), given?.clock.now(), given?.random()]).toEqual([0, clock.now(), 0.5]);
    given?.onDelivered(3);
    given?.onDrop(2, "buffer_overflow");
    given?.onDrop(1, "closed");
    given?.onDrop(9, "buffer_overflow", true);
    given?.onError(new Error("disk full"), "ENOSPC");
    given?.onError(Object.assign(new Error("y".repeat(5_000_000)), { name: "z".repeat(5_000_000) }));
    given?.diagnostic({ event: "sink_recovered", sinkId: "letters" });
    expect(context.diagnostics).toMatchObject([
      { event: "buffer_overflow", sinkId: "letters", droppedCount: 2 },
      { event: "sink_error", sinkId: "letters", droppedCount: 1, errorType: "dead_letter" },
      { event: "sink_error", sinkId: "letters", errorType: "ENOSPC", errorMessage: "disk full" },
      { event: "sink_error", sinkId: "letters" },
      { event: "sink_recovered", sinkId: "letters" },
    ]);
    expect(JSON.stringify(context.diagnostics).length).toBeLessThan(1500);
    expect(ledger()).toEqual({ accepted: 0, delivered: 0, pending: 0, dropped: {} });
  });

  it("has flushSync where the dead-letter sink has it, which leaves what waits here alone", () => {
    const synced: string[] = [];
    const box = letterBox({ flushSync: () => void synced.push("letters") });
    const { sink, emit, ledger } = rig({ deadLetter: box.sink });
    emit("r1");
    sink.flushSync?.();
    expect([synced, ledger().pending]).toEqual([["letters"], 1]);
    expect(rig({ deadLetter: letterBox().sink }).sink.flushSync).toBeUndefined();
  });
});

const never = (): Promise<never> => new Promise(() => {});
const throws = (): never => {
  throw new Error("secret");
};
const rejects = async (): Promise<never> => throws();

describe("BatchingSink: a dead-letter sink never harms", () => {
  it.each<[string, Partial<Sink>]>([
    ["throws", { emit: throws, flush: throws, close: throws, flushSync: throws, attach: throws }],
    [
      "rejects",
      { emit: rejects as never, flush: rejects, close: rejects, flushSync: rejects as never, attach: rejects as never },
    ],
    ["throws when it is asked", { supportsSeverity: throws }],
    ["hangs", { emit: never as never, flush: never, close: never }],
    ["answers nonsense", { emit: (() => 7) as never, flush: (async () => 7) as never, close: (() => 7) as never }],
  ])("one that %s", async (_, members) => {
    const box = letterBox(members);
    const { sink, emit, clock, delivery, ledger, delivered, errorTexts, within } = rig({
      batchSize: 1,
      deadLetter: box.sink,
    });
    delivery.answer(FINAL, FINAL, FINAL);
    emit("r1", "r2", "r3", "r4");
    await clock.settle();
    sink.flushSync?.();
    expect(ledger()).toEqual({ accepted: 4, delivered: 1, pending: 0, dropped: { sink_error: 3 } });
    expect(delivered()).toEqual(["r4"]);
    expect(await within(sink.flush(100), 100)).toMatchObject({ success: false, droppedCount: 3 });
    const flush = sink.flush();
    expect(await within(flush, 5000)).not.toBe("unsettled");
    expect(
      await within(
        sink.close(100).then(() => "closed"),
        100,
      ),
    ).toBe("closed");
    expect(errorTexts().join()).not.toContain("secret");
    // Three losses and, at most, a complaint about each kind of call.
    expect(errorTexts().length).toBeLessThanOrEqual(6);
  });

  it("a flush that it fails is no success, and says why", async () => {
    const failed: FlushResult = { success: false, partial: false, failedSinks: [{ sinkId: "l", error: "disk full" }] };
    const { sink, within } = rig({ deadLetter: letterBox({ flush: async () => failed }).sink });
    expect(await within(sink.flush(100), 0)).toMatchObject({
      success: false,
      failedSinks: [{ sinkId: "sink", error: "dead letters: disk full" }],
    });
    const hanging = rig({ deadLetter: letterBox({ flush: never }).sink });
    expect(await hanging.within(hanging.sink.flush(100), 100)).toMatchObject({
      failedSinks: [{ error: "dead letters: timeout: flush did not end" }],
    });
  });

  it("one that is closed counts what it gets, and this sink tells of it", async () => {
    const box = new BatchingSink({ id: "letters", deliver: async () => {} });
    const { emit, clock, context, delivery } = rig({ batchSize: 1, deadLetter: box });
    await box.close();
    delivery.answer(FINAL);
    emit("r1");
    await clock.settle();
    expect(context.ledger.dropped("sink_error")).toBe(1);
    expect(context.diagnostics).toMatchObject([
      { event: "sink_error", sinkId: "letters", droppedCount: 1 },
      { event: "sink_error", sinkId: "letters", errorType: "closed" },
    ]);
  });

  it("its own loss goes nowhere: a circle of sinks ends, and so do its flush, flushSync and close", async () => {
    const clock = new ManualClock();
    const deliveries = [new ScriptedDelivery(), new ScriptedDelivery()] as const;
    for (const delivery of deliveries) delivery.answer(...Array.from({ length: 50 }, () => FINAL));
    let second: BatchingSink | undefined;
    const toSecond: Sink = {
      id: "to second",
      supportsSeverity: () => true,
      emit: (record) => second?.emit(record),
      flush: (ms) => second?.flush(ms) ?? Promise.resolve(FLUSH_SUCCEEDED),
      close: async (ms) => second?.close(ms),
      flushSync: () => second?.flushSync?.(),
      attach: (context) => second?.attach(context),
    };
    const settings = { batchSize: 1, queueSize: 1 };
    const first = new BatchingSink({ id: "a", deliver: deliveries[0].deliver, deadLetter: toSecond, ...settings });
    second = new BatchingSink({ id: "b", deliver: deliveries[1].deliver, deadLetter: first, ...settings });
    const contexts = [new RecordingContext(clock), new RecordingContext(clock)] as const;
    first.attach(contexts[0]);
    second.attach(contexts[1]);
    for (let count = 0; count < 5; count++) first.emit(testRecord({ body: count }));
    await clock.settle();
    first.flushSync?.();
    // Each record is lost by the one, then by the other (three of them for want of room), and that is that.
    expect(deliveries.map(({ calls }) => calls.length)).toEqual([1, 2]);
    expect(contexts.map(({ ledger }) => ledger.droppedTotal)).toEqual([5, 5]);
    const flush = first.flush(1000);
    await clock.advance(1000);
    expect(await flush).toMatchObject({ success: false });
    const close = first.close(1000);
    await clock.advance(1000);
    expect(await close).toBeUndefined();
  });

  it("the sink itself, in disguise", async () => {
    let self: BatchingSink | undefined;
    const disguise: Sink = {
      id: "disguise",
      supportsSeverity: () => true,
      emit: (record) => self?.emit(record),
      flush: (ms) => self?.flush(ms) ?? Promise.resolve(FLUSH_SUCCEEDED),
      close: async (ms) => self?.close(ms),
      attach: (context) => self?.attach(context),
    };
    const { sink, emit, clock, delivery, context, within } = rig({ batchSize: 1, deadLetter: disguise });
    self = sink;
    delivery.answer(FINAL, FINAL, FINAL);
    emit("r1");
    await clock.settle();
    // The letter came back, was accepted, refused again, and not handed over again.
    expect(delivery.calls).toHaveLength(2);
    expect(context.ledger.dropped("sink_error")).toBe(2);
    expect(await within(sink.flush(100), 100)).not.toBe("unsettled");
    expect(
      await within(
        sink.close(100).then(() => "closed"),
        100,
      ),
    ).toBe("closed");
  });

  it("one that logs into this sink again cannot make it recurse", async () => {
    let sink: BatchingSink | undefined;
    const box = letterBox({ emit: () => sink?.emit(testRecord({ body: "about the loss" })) });
    const made = rig({ batchSize: 1, queueSize: 1, deadLetter: box.sink });
    sink = made.sink;
    made.delivery.answer(FINAL);
    made.emit("r1", "r2", "r3");
    await made.clock.settle();
    expect(made.context.ledger.droppedTotal).toBeLessThan(10);
  });
});
