import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  BatchingSink,
  type DeliveryOutcome,
  FallbackSink,
  type FallbackSinkOptions,
} from "../../../src/delivery/index.ts";
import { ConfigError, FLUSH_SUCCEEDED, type LogRecord, type Sink, type SinkContext } from "../../../src/index.ts";
import { ManualClock, RecordingContext, ScriptedDelivery, testRecord } from "../../../src/testing/index.ts";

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

const RETRY = { status: "retry" } as const;
const retries = (count: number): DeliveryOutcome[] => Array.from({ length: count }, () => RETRY);

/** A sink that a stranger wrote: what it is given lies in `got`, and the test tells through `told`. */
function stranger(id: string, members: Partial<Sink> = {}) {
  const got: unknown[] = [];
  let told: SinkContext | undefined;
  const sink: Sink = {
    id,
    supportsSeverity: () => true,
    emit: ({ body }) => void got.push(body),
    flush: async () => FLUSH_SUCCEEDED,
    close: async () => {},
    attach: (context) => {
      told = context;
    },
    ...members,
  };
  return { sink, got, told: () => told as SinkContext };
}

/** A fallback of two sinks on a clock that the test owns. */
function attached(primary: Sink, secondary: Sink, options: FallbackSinkOptions = { afterMs: 5000 }) {
  const clock = new ManualClock();
  const context = new RecordingContext(clock);
  const sink = new FallbackSink(primary, secondary, options);
  sink.attach(context);
  const emit = (...bodies: unknown[]): void => {
    for (const body of bodies) {
      context.ledger.accept();
      sink.emit(testRecord({ body: body as string }));
    }
  };
  const within = async <T>(promise: Promise<T>, ms: number): Promise<T | "unsettled"> => {
    let result: T | "unsettled" = "unsettled";
    void promise.then((value) => {
      result = value;
    });
    await clock.advance(ms);
    await clock.settle();
    return result;
  };
  return { sink, clock, context, emit, within, ledger: () => context.ledger.snapshot() };
}

/** With a `BatchingSink` as primary that delivers as told. */
function batching(options?: FallbackSinkOptions, settings: object = {}) {
  const delivery = new ScriptedDelivery<LogRecord>();
  const primary = new BatchingSink({ id: "primary", deliver: delivery.deliver, batchSize: 1, ...settings });
  const secondary = stranger("secondary");
  const delivered = (): unknown[] => delivery.delivered.map(({ body }) => body);
  return { ...attached(primary, secondary.sink, options), delivery, secondary, delivered };
}

describe("FallbackSink", () => {
  it("sends records to the secondary once the primary has failed for afterMs, and back when it delivers", async () => {
    const { emit, clock, delivery, delivered, secondary } = batching();
    delivery.answer(...retries(4)); // attempts at 0, 0.75 s, 2.25 s, 5.25 s, 11.25 s
    emit("r1");
    await clock.advance(4999);
    emit("r2");
    await clock.advance(1);
    emit("r3");
    await clock.advance(6000);
    emit("r4");
    expect([delivered(), secondary.got]).toEqual([[], ["r3", "r4"]]);
    await clock.advance(250);
    expect(delivered()).toEqual(["r1", "r2"]);
    emit("r5");
    await clock.settle();
    expect([delivered(), secondary.got]).toEqual([
      ["r1", "r2", "r5"],
      ["r3", "r4"],
    ]);
  });

  it("says so once when records take the other way, and when they come back", async () => {
    const { emit, clock, delivery, context } = batching();
    delivery.answer(...retries(4));
    emit("r1");
    await clock.advance(7000);
    emit("r2", "r3");
    await clock.advance(60_000);
    expect(context.errors.map(({ type, error }) => [type, (error as Error).message])).toEqual([
      ["delivery_retry", "delivery will be tried again: no reason given"],
      ["fallback", "primary has failed for 7000 ms: records go to secondary"],
    ]);
    expect(context.diagnostics.map(({ event, sinkId }) => [event, sinkId])).toEqual([
      ["sink_recovered", "primary"],
      ["sink_recovered", "fallback:primary"],
    ]);
  });

  it("the ledger is exact: each record is accepted once and settled by the sink that got it", async () => {
    const { sink, emit, clock, delivery, secondary, ledger } = batching(undefined, { retry: { budgetMs: 8000 } });
    delivery.answer(...retries(20));
    emit("r1", "r2");
    await clock.advance(5000);
    emit("r3", "r4");
    secondary.told().onDelivered(1);
    expect(ledger()).toEqual({ accepted: 4, delivered: 1, pending: 3, dropped: {} });
    await clock.advance(60_000);
    expect(ledger()).toEqual({ accepted: 4, delivered: 1, pending: 1, dropped: { sink_error: 2 } });
    secondary.told().onDrop(1, "buffer_overflow");
    // What a sink tells beyond what it was given is not believed.
    secondary.told().onDelivered(5);
    secondary.told().onDrop(Number.NaN, "closed");
    expect(ledger()).toEqual({
      accepted: 4,
      delivered: 1,
      pending: 0,
      dropped: { sink_error: 2, buffer_overflow: 1 },
    });
    expect(await sink.flush(0)).toMatchObject({ success: false, droppedCount: 3 });
  });

  it("an outage shorter than afterMs moves nothing", async () => {
    const { emit, clock, delivery, delivered, secondary } = batching();
    for (let count = 0; count < 10; count++) {
      delivery.answer(...retries(2));
      emit(`r${count}`);
      await clock.advance(4000);
    }
    expect([delivered().length, secondary.got]).toEqual([10, []]);
  });

  it("a primary that refuses everything is tried with one record each afterMs", async () => {
    const primary = stranger("primary", { emit: () => {} });
    const secondary = stranger("secondary");
    let tried = 0;
    primary.sink.emit = () => {
      tried += 1;
      primary.told().onDrop(1, "sink_error");
    };
    const { emit, clock } = attached(primary.sink, secondary.sink, { afterMs: 5000 });
    for (let second = 0; second < 60; second++) {
      emit(second);
      await clock.advance(1000);
    }
    // The first five seconds go to the primary, then one record in five seconds.
    expect(tried).toBe(5 + 11);
    expect(secondary.got).toHaveLength(60 - tried);
    primary.sink.emit = () => primary.told().onDelivered(1);
    await clock.advance(5000);
    emit("probe", "after");
    expect(secondary.got).not.toContain("after");
  });

  it("afterMs 0 moves from the first failure on, and tries the primary once a second at most", async () => {
    const primary = stranger("primary", { emit: () => {} });
    const secondary = stranger("secondary");
    let tried = 0;
    primary.sink.emit = () => {
      tried += 1;
      primary.told().onDrop(1, "sink_error");
    };
    const { emit, clock } = attached(primary.sink, secondary.sink, { afterMs: 0 });
    emit("r1", "r2", "r3");
    expect([tried, secondary.got]).toEqual([1, ["r2", "r3"]]);
    await clock.advance(999);
    emit("r4");
    await clock.advance(1);
    emit("r5", "r6");
    expect([tried, secondary.got]).toEqual([2, ["r2", "r3", "r4", "r6"]]);
  });

  it("refused records among delivered ones are no failure of the primary", async () => {
    const { emit, clock, delivery, secondary } = batching({ afterMs: 0 }, { batchSize: 2 });
    delivery.answer({ status: "rejected", count: 1 }, { status: "mixed", retry: [], rejected: [{ index: 0 }] });
    emit("r1", "r2");
    await clock.settle();
    emit("r3", "r4");
    await clock.settle();
    emit("r5", "r6");
    expect(secondary.got).toEqual([]);
  });

  it("onError means a failure only while the primary has records, and expected losses mean none", async () => {
    const primary = stranger("primary");
    const secondary = stranger("secondary");
    const { emit, ledger } = attached(primary.sink, secondary.sink, { afterMs: 0 });
    primary.told().onError(new Error("a variable was ignored"));
    emit("r1");
    primary.told().onDrop(1, "buffer_overflow", true);
    emit("r2");
    expect(secondary.got).toEqual([]);
    primary.told().onError(new Error("will be tried again"));
    emit("r3");
    expect([primary.got, secondary.got]).toEqual([["r1", "r2"], ["r3"]]);
    expect(ledger().dropped).toEqual({ buffer_overflow: 1 });
  });

  it("what the secondary does not want stays with the primary; what the primary does not want goes nowhere", async () => {
    const primary = stranger("primary", { supportsSeverity: (severity) => severity >= 9 });
    const secondary = stranger("secondary", { supportsSeverity: (severity) => severity >= 17 });
    const { sink, context } = attached(primary.sink, secondary.sink, { afterMs: 0 });
    sink.emit(testRecord({ body: "info", severityNumber: 9 }));
    primary.told().onError(new Error("down"));
    for (const severityNumber of [5, 9, 17]) sink.emit(testRecord({ body: severityNumber, severityNumber }));
    expect([primary.got, secondary.got]).toEqual([["info", 9], [17]]);
    expect([sink.supportsSeverity(5), sink.supportsSeverity(9)]).toEqual([false, true]);
    expect(context.errors.length).toBe(2);
  });

  it("takes lines when both sinks take the same, and gives each record to one of them", () => {
    const lines: string[] = [];
    const taking = (id: string, lineFormat: "dagstack" | "otlp_json" | undefined) =>
      stranger(id, { lineFormat, emitLine: (_, line) => void lines.push(`${id} ${line.length}`) });
    const primary = taking("primary", "dagstack");
    const secondary = taking("secondary", "dagstack");
    const sink = new FallbackSink(primary.sink, secondary.sink, { afterMs: 0 });
    expect(sink.lineFormat).toBe("dagstack");
    sink.emitLine(9, new Uint8Array(1));
    primary.told().onDrop(1, "buffer_overflow");
    sink.emitLine(9, new Uint8Array(2));
    expect(lines).toEqual(["primary 1", "secondary 2"]);
    expect(new FallbackSink(primary.sink, taking("x", "otlp_json").sink).lineFormat).toBeUndefined();
    expect(new FallbackSink(primary.sink, taking("x", undefined).sink).lineFormat).toBeUndefined();
  });

  it("refuses what is no sink, one sink twice, and options it does not know", () => {
    const { sink } = stranger("a");
    const make =
      (...given: unknown[]) =>
      () =>
        new FallbackSink(...(given as [Sink, Sink]));
    expect(make(sink)).toThrow(ConfigError);
    expect(make({ id: "x" }, sink)).toThrow(/primary.*\n?.*emit, flush, close, supportsSeverity/);
    expect(make(sink, sink)).toThrow(ConfigError);
    expect(make(sink, stranger("b").sink, { afterMS: 1 })).toThrow(ConfigError);
    expect(make(sink, stranger("b").sink, { afterMs: -1 })).toThrow(ConfigError);
    expect(new FallbackSink(sink, stranger("b").sink, { id: "both" }).id).toBe("both");
  });
});

describe("FallbackSink: flush, close, open, flushSync of both", () => {
  it("flush is a success when both are, and says which failed", async () => {
    const failed = { success: false, partial: true, failedSinks: [{ sinkId: "x", error: "disk full" }] };
    const primary = stranger("primary");
    const secondary = stranger("secondary", { flush: async () => failed });
    const { sink, emit } = attached(primary.sink, secondary.sink);
    emit("r1");
    primary.told().onDelivered(1);
    expect(await sink.flush(10)).toMatchObject({
      success: false,
      partial: true,
      failedSinks: [{ sinkId: "fallback:primary", error: "secondary: disk full" }],
    });
    secondary.sink.flush = (async () => undefined) as never;
    expect(await sink.flush(10)).toEqual(FLUSH_SUCCEEDED);
  });

  it("a loss that a foreign sink's flush does not mention fails it all the same, once", async () => {
    const primary = stranger("primary");
    const { sink, emit } = attached(primary.sink, stranger("secondary").sink);
    emit("r1");
    primary.told().onDrop(1, "sink_error");
    expect(await sink.flush(10)).toMatchObject({ success: false, droppedCount: 1 });
    expect(await sink.flush(10)).toEqual(FLUSH_SUCCEEDED);
  });

  it("keeps its deadline while one of them hangs", async () => {
    const hanging = { flush: () => new Promise<never>(() => {}), close: () => new Promise<never>(() => {}) };
    const { sink, emit, within, ledger } = attached(stranger("primary", hanging).sink, stranger("secondary").sink);
    emit("r1");
    expect(await within(sink.flush(100), 100)).toMatchObject({
      failedSinks: [{ error: "primary: timeout: flush did not end" }],
    });
    const close = sink.close(100);
    expect(sink.close()).toBe(close);
    expect(await within(close, 100)).toBeUndefined();
    expect(ledger()).toMatchObject({ pending: 0, dropped: { closed: 1 } });
    emit("late");
    expect(ledger().dropped).toEqual({ closed: 2 });
  });

  it("close counts what a batching primary could not deliver, once", async () => {
    const { sink, emit, clock, delivery, ledger } = batching();
    delivery.hold();
    emit("r1", "r2");
    await clock.settle();
    const close = sink.close(100);
    await clock.advance(100);
    await close;
    expect(ledger()).toEqual({ accepted: 2, delivered: 0, pending: 0, dropped: { closed: 2 } });
  });

  it("opens when one of them opens", async () => {
    const shut = async (): Promise<never> => {
      throw new Error("refused");
    };
    const made = (first: Partial<Sink>, second: Partial<Sink>): Sink =>
      new FallbackSink(stranger("a", first).sink, stranger("b", second).sink);
    await expect(made({ open: shut }, {}).open?.()).resolves.toBeUndefined();
    await expect(made({ open: shut }, { open: shut }).open?.()).rejects.toThrow("refused");
  });

  it("has flushSync where one of them has it, and calls both, whatever one does", () => {
    const synced: string[] = [];
    const throwing = stranger("a", {
      flushSync: () => {
        throw new Error("x");
      },
    });
    const writing = stranger("b", { flushSync: () => void synced.push("b") });
    new FallbackSink(throwing.sink, writing.sink).flushSync?.();
    expect(synced).toEqual(["b"]);
    expect(new FallbackSink(stranger("a").sink, stranger("b").sink).flushSync).toBeUndefined();
  });
});

describe("FallbackSink: foreign sinks", () => {
  it("one without attach: what its emit took is delivered, a throw is a loss and a failure", () => {
    const primary = stranger("primary", { attach: undefined as never });
    const secondary = stranger("secondary", { attach: undefined as never });
    const { emit, ledger } = attached(primary.sink, secondary.sink, { afterMs: 0 });
    emit("r1");
    primary.sink.emit = () => {
      throw new Error("down");
    };
    emit("r2", "r3");
    expect([primary.got, secondary.got]).toEqual([["r1"], ["r3"]]);
    expect(ledger()).toEqual({ accepted: 3, delivered: 2, pending: 0, dropped: { sink_error: 1 } });
  });

  it("one that tells no deliveries is settled by a flush or close that succeeds", async () => {
    const primary = stranger("primary");
    const { sink, emit, ledger } = attached(primary.sink, stranger("secondary").sink);
    emit("r1", "r2");
    primary.told().onDrop(1, "sink_error");
    expect(ledger()).toMatchObject({ delivered: 0, pending: 1 });
    await sink.flush(10);
    expect(ledger()).toMatchObject({ delivered: 1, pending: 0 });
    emit("r3");
    await sink.close(10);
    expect(ledger()).toMatchObject({ delivered: 2, pending: 0 });
  });

  it("one whose emit throws after it has told of the record counts it once", () => {
    const primary = stranger("primary");
    primary.sink.emit = () => {
      primary.told().onDrop(1, "buffer_overflow");
      throw new Error("x");
    };
    const { emit, ledger } = attached(primary.sink, stranger("secondary").sink);
    const { emit: throwing } = primary.sink;
    primary.sink.emit = () => {};
    emit("r1");
    primary.sink.emit = throwing;
    emit("r2");
    expect(ledger()).toEqual({ accepted: 2, delivered: 0, pending: 1, dropped: { buffer_overflow: 1 } });
  });

  it("one whose emit is async ends no process", async () => {
    const primary = stranger("primary", {
      attach: undefined as never,
      emit: (async () => {
        throw new Error("x");
      }) as never,
    });
    const { emit, clock, ledger } = attached(primary.sink, stranger("secondary").sink);
    emit("r1");
    await clock.settle();
    expect(ledger()).toMatchObject({ pending: 0, dropped: { sink_error: 1 } });
  });

  it("one that throws wherever it can harms nobody", async () => {
    const throws = (): never => {
      throw new Error("secret");
    };
    const primary = stranger("primary", {
      attach: throws,
      supportsSeverity: throws,
      emit: throws,
      flush: throws,
      close: throws,
    });
    const { sink, emit, ledger, context } = attached(primary.sink, stranger("secondary").sink);
    emit("r1");
    expect(await sink.flush(10)).toMatchObject({ success: false });
    await sink.close(10);
    expect(ledger()).toMatchObject({ pending: 0, dropped: { sink_error: 1 } });
    expect(context.errors.length).toBeGreaterThan(0);
  });

  it("one that logs into this sink while it takes a record cannot make it recurse", () => {
    let sink: FallbackSink | undefined;
    const primary = stranger("primary", { emit: () => sink?.emit(testRecord({ body: "again" })) });
    const made = attached(primary.sink, stranger("secondary").sink);
    sink = made.sink;
    made.emit("r1");
    expect(made.context.ledger.dropped("sink_error")).toBe(1);
  });

  it("works without a logger: nothing needs attach", async () => {
    const primary = stranger("primary");
    const sink = new FallbackSink(primary.sink, stranger("secondary").sink, { afterMs: 0 });
    sink.emit(testRecord({ body: "r1" }));
    primary.told().onDelivered(1);
    expect(await sink.flush(10)).toEqual(FLUSH_SUCCEEDED);
  });

  it("can be nested, and be a dead-letter sink", async () => {
    const third = stranger("third");
    const failing = (id: string) =>
      new BatchingSink({ id, batchSize: 1, retry: { maxAttempts: 1 }, deliver: async () => RETRY });
    const inner = new FallbackSink(failing("second"), third.sink, { afterMs: 0 });
    const { emit, clock, ledger } = attached(failing("first"), inner, { afterMs: 0 });
    emit("r1");
    await clock.settle();
    emit("r2");
    await clock.settle();
    emit("r3");
    expect(third.got).toEqual(["r3"]);
    third.told().onDelivered(1);
    expect(ledger()).toEqual({ accepted: 3, delivered: 1, pending: 0, dropped: { sink_error: 2 } });
  });
});
