import { describe, expect, it } from "vitest";
import { BatchingSink, type DeliveryContext, type DeliveryOutcome } from "../../src/delivery/index.ts";
import type { LogRecord, SinkContext } from "../../src/index.ts";
import { ManualClock, RecordingContext, ScriptedDelivery, testRecord } from "../../src/testing/index.ts";
import { bodies, rig, SUCCEEDED } from "./batching-sink-rig.ts";

describe("BatchingSink.emit (§7.1)", () => {
  it("never starts a delivery; the microtask after it does", async () => {
    const { emit, delivery } = rig({ batchSize: 2 });
    emit("r1", "r2");
    expect(delivery.calls).toHaveLength(0);
    await Promise.resolve();
    expect(delivery.calls).toHaveLength(1);
  });

  it("S10 and S11 delivers a copy with the time at which emit took the record (D-14)", async () => {
    const { sink, clock, delivery } = rig({ flushIntervalMs: 500 });
    const record = testRecord();
    const start = clock.now();
    sink.emit(record);
    await clock.advance(500);
    expect(delivery.delivered[0]?.observedTimeUnixNano).toBe(start);
    expect(record.observedTimeUnixNano).toBeNull();
  });

  it("S2 ignores records below minSeverity without a trace, after close too", async () => {
    const { sink, context, clock } = rig({ minSeverity: "error" });
    sink.emit(testRecord({ severityNumber: 16 }));
    expect(clock.pendingTimers).toBe(0);
    await sink.close();
    sink.emit(testRecord({ severityNumber: 16 }));
    expect(context.ledger.snapshot()).toEqual({ accepted: 0, delivered: 0, pending: 0, dropped: {} });
    expect([sink.supportsSeverity(16), sink.supportsSeverity(17)]).toEqual([false, true]);
  });

  it("does not throw for something that is no record; it counts a sink error", () => {
    const { sink, context, ledger } = rig();
    context.ledger.accept(2);
    sink.emit(null as never);
    sink.emit(
      new Proxy(testRecord(), {
        get() {
          throw new Error("secret");
        },
      }),
    );
    expect(ledger()).toEqual({ accepted: 2, delivered: 0, pending: 0, dropped: { sink_error: 2 } });
  });

  it("passes masked attributes through unchanged (§10)", async () => {
    const { sink, delivery } = rig({ batchSize: 1 });
    sink.emit(testRecord({ attributes: { api_key: "***" } }));
    await sink.flush();
    expect(delivery.delivered[0]?.attributes).toEqual({ api_key: "***" });
  });

  it("D-63: a record emitted from within emit is dropped as sink_error, and reported once", async () => {
    const emitting = { sink: undefined as BatchingSink | undefined };
    const { sink, context, ledger, errorTypes, delivery } = rig({
      sizeOf: () => {
        context.ledger.accept(2);
        emitting.sink?.emit(testRecord());
        emitting.sink?.emit(testRecord());
        return 1;
      },
    });
    emitting.sink = sink;
    context.ledger.accept();
    sink.emit(testRecord({ body: "outer" }));
    expect(errorTypes()).toEqual(["reentrant_emit"]);
    expect(ledger()).toMatchObject({ pending: 1, dropped: { sink_error: 2 } });
    await sink.flush();
    expect(delivery.delivered.map(({ body }) => body)).toEqual(["outer"]);
  });

  it("what deliver logs into its own sink is queued like anything else", async () => {
    const seen: unknown[] = [];
    const { sink, clock, emit } = rig({
      batchSize: 1,
      deliver: async ([record]) => {
        seen.push(record?.body);
        if (seen.length === 1) sink.emit(testRecord({ body: "inner" }));
      },
    });
    emit("outer");
    await clock.settle();
    expect(seen).toEqual(["outer", "inner"]);
  });

  it("a record refused after attach is told, though records from before it still wait", async () => {
    const context = new RecordingContext();
    const sink = new BatchingSink({ id: "s", queueSize: 2, overflow: "drop_newest", deliver: async () => undefined });
    sink.emit(testRecord());
    sink.emit(testRecord());
    sink.attach(context);
    sink.emit(testRecord());
    expect(context.ledger.snapshot().dropped).toEqual({ buffer_overflow: 1 });
    await sink.close();
    sink.emit(testRecord());
    expect(context.ledger.snapshot()).toMatchObject({ delivered: 0, dropped: { buffer_overflow: 1, closed: 1 } });
  });

  it("works without attach, and with a context that throws", async () => {
    const delivery = new ScriptedDelivery();
    const sink = new BatchingSink({ id: "s", batchSize: 1, queueSize: 1, deliver: delivery.deliver });
    sink.emit(testRecord());
    const fail = (): never => {
      throw new Error("context");
    };
    sink.attach({ clock: new ManualClock(), onDrop: fail, onDelivered: fail, onError: fail } as unknown as SinkContext);
    sink.emit(testRecord());
    expect(await sink.flush(1000)).toMatchObject({ success: false, partial: true, droppedCount: 1 });
  });
});

describe("BatchingSink: bounds (§7.1)", () => {
  it("evicts the oldest for want of bytes, as many as it takes", async () => {
    const { sink, emit, clock, ledger, delivered } = rig({
      queueBytes: 10,
      batchBytes: 100,
      sizeOf: ({ body }) => String(body).length,
    });
    emit("1", "22", "333", "4444", "55555");
    expect(ledger()).toMatchObject({ pending: 2, dropped: { buffer_overflow: 3 } });
    void sink.flush();
    await clock.settle();
    expect(delivered()).toEqual(["4444", "55555"]);
  });

  it("drops a record that is larger than the whole queue, says so, and evicts nothing for it", () => {
    const { emit, ledger, errorTypes, errorTexts } = rig({ queueBytes: 10, sizeOf: ({ body }) => String(body).length });
    emit("aaa", "x".repeat(11), "bbb");
    expect(ledger()).toMatchObject({ pending: 2, dropped: { buffer_overflow: 1 } });
    expect(errorTypes()).toEqual(["record_too_large"]);
    expect(errorTexts()[0]).toBe("a record of 11 bytes was dropped: it is larger than queueBytes (10)");
  });

  it("takes a record that is exactly as large as the queue", () => {
    const { emit, ledger } = rig({ queueBytes: 10, sizeOf: ({ body }) => String(body).length });
    emit("x".repeat(10));
    expect(ledger()).toMatchObject({ pending: 1, dropped: {} });
  });

  it("cuts batches by bytes and keeps their order", async () => {
    const { sink, emit, batches } = rig({ batchBytes: 5, sizeOf: ({ body }) => String(body).length });
    emit("aa", "bbb", "cccccccc", "d", "ee");
    await sink.flush();
    expect(batches()).toEqual([["aa", "bbb"], ["cccccccc"], ["d", "ee"]]);
  });

  it("bounds what waits by the memory it takes, when there is no sizeOf", () => {
    const { emit, ledger } = rig({ queueBytes: 100_000 });
    emit(...Array.from({ length: 40 }, () => "x".repeat(10_000)));
    expect(ledger().pending).toBeGreaterThanOrEqual(8);
    expect(ledger().pending).toBeLessThanOrEqual(10);
  });

  it.each([Number.NaN, -1, Number.POSITIVE_INFINITY, "7", undefined])(
    "estimates the size, and says so, when sizeOf answers %s",
    async (size) => {
      const { sink, emit, errorTypes, delivered } = rig({ sizeOf: () => size as number });
      emit("r1");
      await sink.flush();
      expect(errorTypes()).toEqual(["size_of"]);
      expect(delivered()).toEqual(["r1"]);
    },
  );

  it("estimates the size when sizeOf throws, and loses nothing", async () => {
    const { sink, emit, errorTypes, delivered } = rig({
      sizeOf: () => {
        throw new Error("secret");
      },
    });
    emit("r1");
    await sink.flush();
    expect(errorTypes()).toEqual(["size_of"]);
    expect(delivered()).toEqual(["r1"]);
  });

  it("a queue smaller than a batch is delivered when it is full, before anything is lost", async () => {
    const { emit, clock, ledger, batches } = rig({ queueSize: 3, batchSize: 512 });
    emit("r1", "r2", "r3");
    await clock.settle();
    emit("r4");
    expect(batches()).toEqual([["r1", "r2", "r3"]]);
    expect(ledger().dropped).toEqual({});
  });
});

describe("BatchingSink: overflow block (D-56)", () => {
  it("loses a batch that syncDrain throws for, counted and reported, and goes on", () => {
    let calls = 0;
    const { emit, ledger, errorTexts } = rig({
      queueSize: 2,
      overflow: "block",
      syncDrain: () => {
        calls += 1;
        if (calls === 1) throw new Error("secret");
      },
    });
    emit("r1", "r2", "r3", "r4", "r5");
    expect(ledger()).toMatchObject({ delivered: 2, pending: 1, dropped: { sink_error: 2 } });
    expect(errorTexts()).toEqual(["2 records lost: syncDrain threw Error"]);
  });

  it("does not believe an async syncDrain, and its rejection reaches nobody", async () => {
    const { emit, ledger, errorTypes, clock } = rig({
      queueSize: 1,
      overflow: "block",
      syncDrain: (async () => {
        throw new Error("x");
      }) as never,
    });
    emit("r1", "r2");
    await clock.settle();
    expect(ledger().dropped).toEqual({ sink_error: 1 });
    expect(errorTypes()).toEqual(["sync_drain"]);
  });

  it("a syncDrain that logs into its own sink cannot recurse", () => {
    const inner = { sink: undefined as BatchingSink | undefined };
    const { sink, context, emit, ledger } = rig({
      queueSize: 1,
      overflow: "block",
      syncDrain: () => {
        context.ledger.accept();
        inner.sink?.emit(testRecord());
      },
    });
    inner.sink = sink;
    emit("r1", "r2");
    expect(ledger()).toMatchObject({ delivered: 1, pending: 1, dropped: { sink_error: 1 } });
    sink.flushSync?.();
    expect(ledger()).toMatchObject({ delivered: 2, pending: 0, dropped: { sink_error: 2 } });
  });

  it("flushSync writes what waits in batches, and a flush that waited for it ends", async () => {
    const drained: number[] = [];
    const { sink, emit, clock, delivery, within } = rig({
      batchSize: 2,
      syncDrain: (batch) => void drained.push(batch.length),
    });
    delivery.hold();
    emit("r1", "r2");
    await clock.settle();
    emit("r3", "r4", "r5");
    const flush = sink.flush(1000);
    sink.flushSync?.();
    expect(drained).toEqual([2, 1]);
    delivery.release();
    expect(await within(flush, 0)).toMatchObject(SUCCEEDED);
    expect(delivery.delivered).toHaveLength(2);
  });

  it("there is no flushSync without syncDrain: the logger would not flush the sink at the end of the process", () => {
    expect(rig().sink.flushSync).toBeUndefined();
    expect(rig({ syncDrain: () => {} }).sink.flushSync).toBeTypeOf("function");
  });
});

describe("BatchingSink: transform", () => {
  it("queues, measures and delivers what transform makes of a record", async () => {
    const delivery = new ScriptedDelivery<Uint8Array>();
    const sizes: number[] = [];
    const sink = new BatchingSink<Uint8Array>({
      id: "s",
      deliver: delivery.deliver,
      transform: (record) => new TextEncoder().encode(String(record.body)),
      sizeOf: (bytes) => {
        sizes.push(bytes.length);
        return bytes.length;
      },
    });
    sink.emit(testRecord({ body: "four" }));
    await sink.flush();
    expect(sizes).toEqual([4]);
    expect(delivery.delivered).toEqual([new TextEncoder().encode("four")]);
  });

  it("estimates the size of what transform made", () => {
    const context = new RecordingContext();
    const sink = new BatchingSink<Uint8Array>({
      id: "s",
      queueBytes: 1000,
      deliver: async () => undefined,
      transform: () => new Uint8Array(900),
    });
    sink.attach(context);
    sink.emit(testRecord());
    sink.emit(testRecord());
    expect(context.ledger.dropped("buffer_overflow")).toBe(1);
  });

  it("loses the record, counted, when transform throws; the message stays here", () => {
    const context = new RecordingContext();
    const throwing = new BatchingSink<number>({
      id: "s",
      deliver: async () => undefined,
      transform: () => {
        throw new RangeError("secret");
      },
    });
    throwing.attach(context);
    context.ledger.accept();
    throwing.emit(testRecord());
    expect(context.ledger.snapshot()).toMatchObject({ pending: 0, dropped: { sink_error: 1 } });
    expect(String(context.errors[0]?.error)).toBe("Error: 1 record lost: taking a record in threw RangeError");
  });
});

describe("BatchingSink: subclass", () => {
  class LokiSink extends BatchingSink {
    readonly pushed: unknown[] = [];
    constructor() {
      super({ id: "loki:https://u:p@logs.example/push?x=1", batchSize: 2 });
    }
    override async deliver(
      batch: readonly LogRecord[],
      { attempt }: DeliveryContext,
    ): Promise<DeliveryOutcome | undefined> {
      if (attempt === 1) return { status: "retry" };
      this.pushed.push(...batch.map(({ body }) => body));
      return undefined;
    }
  }

  it("overrides deliver, with this", async () => {
    const sink = new LokiSink();
    const context = new RecordingContext();
    sink.attach(context);
    sink.emit(testRecord({ body: "a" }));
    sink.emit(testRecord({ body: "b" }));
    await (context.clock as ManualClock).advance(1000);
    expect(sink.pushed).toEqual(["a", "b"]);
    expect(sink.id).toBe("loki:https://logs.example/push");
  });
});

describe("BatchingSink: concurrency", () => {
  it("delivers one batch at a time by default, in order", async () => {
    const { emit, clock, delivery, batches } = rig({ batchSize: 1 });
    delivery.hold();
    emit("r1", "r2");
    await clock.settle();
    expect(batches()).toEqual([["r1"]]);
    delivery.release();
    await clock.settle();
    expect(batches()).toEqual([["r1"], ["r2"]]);
  });

  it("delivers as many at a time as allowed", async () => {
    const { emit, clock, delivery, batches } = rig({ batchSize: 1, concurrency: 2 });
    delivery.hold();
    emit("r1", "r2", "r3");
    await clock.settle();
    expect(batches()).toEqual([["r1"], ["r2"]]);
    delivery.release(1);
    await clock.settle();
    expect(batches()).toEqual([["r1"], ["r2"], ["r3"]]);
  });

  it("a flush waits for the older batch when the newer one is first", async () => {
    const { sink, emit, clock, within } = rig({
      batchSize: 1,
      concurrency: 2,
      deliver: ({ 0: record }) => pending(record),
    });
    const open = new Map<unknown, () => void>();
    const pending = (record: LogRecord | undefined) =>
      new Promise<void>((resolve) => void open.set(record?.body, resolve));
    emit("r1", "r2");
    await clock.settle();
    const flush = sink.flush();
    open.get("r2")?.();
    expect(await within(flush, 0)).toBe("unsettled");
    open.get("r1")?.();
    expect(await within(flush, 0)).toMatchObject(SUCCEEDED);
  });
});

describe("BatchingSink: speed", () => {
  it("takes a burst of 200 000 records on one stack and delivers all, in order, without a timer or promise for each", async () => {
    const { sink, clock, delivery, delivered, ledger } = rig({ queueSize: 200_000, queueBytes: 1e9 });
    const record = testRecord();
    const started = performance.now();
    for (let index = 0; index < 200_000; index++) sink.emit(record);
    const perRecordUs = ((performance.now() - started) * 1000) / 200_000;
    expect(clock.pendingTimers).toBe(1);
    const flush = sink.flush(10_000);
    await clock.advance(0);
    while (delivery.delivered.length < 200_000) await clock.settle();
    expect(await flush).toMatchObject(SUCCEEDED);
    expect(delivery.calls).toHaveLength(Math.ceil(200_000 / 512));
    expect(delivered()).toHaveLength(200_000);
    expect(ledger().pending).toBeLessThanOrEqual(0);
    // Generous: a machine under load. An array shifted at each eviction or a promise for each record is far above.
    expect(perRecordUs).toBeLessThan(20);
  });

  it("evicts in constant time: a million records into a stalled queue of 10 000", () => {
    const { sink, delivery, context } = rig();
    delivery.hold();
    const record = testRecord();
    const started = performance.now();
    for (let index = 0; index < 1_000_000; index++) sink.emit(record);
    expect(context.ledger.dropped("buffer_overflow")).toBe(990_000);
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  it("delivers 5 000 records of one tick", async () => {
    const { sink, emit, clock, ledger } = rig();
    emit(...bodies(5000));
    void sink.flush();
    await clock.settle();
    expect(ledger()).toEqual({ accepted: 5000, delivered: 5000, pending: 0, dropped: {} });
  });
});
