import { ConfigError, type LogRecord, type Sink } from "@dagstack/logger-core";
import { ManualClock, RecordingContext, testRecord } from "@dagstack/logger-core/testing";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CallbackSink, type CallbackSinkOptions, type LogCallback } from "../src/index.ts";

function attached(callback: LogCallback, options?: CallbackSinkOptions) {
  const clock = new ManualClock();
  const context = new RecordingContext(clock);
  const sink = new CallbackSink(callback, options);
  sink.attach(context);
  const emit = (...bodies: unknown[]): void => {
    for (const body of bodies) {
      context.ledger.accept();
      sink.emit(testRecord({ body: body as string }));
    }
  };
  return { sink, context, clock, emit };
}

/** A callback whose calls settle when told to. */
function held() {
  const calls: { body: unknown; resolve: (value?: unknown) => void; reject: (error: unknown) => void }[] = [];
  const callback = (record: LogRecord): Promise<unknown> =>
    new Promise((resolve, reject) => {
      calls.push({ body: record.body, resolve, reject });
    });
  const bodies = (): unknown[] => calls.map(({ body }) => body);
  return { calls, callback, bodies };
}

/** A hostile thenable; the name is not spelled out as a member so that no tool takes it for a slip. */
function thenable(member: PropertyDescriptor): object {
  const name = ["th", "en"].join("");
  return Object.defineProperty({}, name, member);
}

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

describe("CallbackSink.emit", () => {
  it("S1 calls the callback inside emit and counts it as delivered when it returns", () => {
    const seen: unknown[] = [];
    const { emit, context } = attached((record) => seen.push(record.body));
    emit("a", "b");
    expect(seen).toEqual(["a", "b"]);
    expect(context.ledger).toMatchObject({ delivered: 2, pending: 0 });
  });

  it.each([undefined, null, 7, "id", {}, thenable({ value: 5 }), () => 0])(
    "counts a returned %s as delivered at once",
    (result) => {
      const { emit, context } = attached(() => result);
      emit("a");
      expect(context.ledger.delivered).toBe(1);
    },
  );

  it("§12: tells the context of a record lost at once while one from before attach still waits", async () => {
    const { calls, callback } = held();
    const sink = new CallbackSink(callback);
    sink.emit(testRecord({ body: "before attach" }));
    const context = new RecordingContext(new ManualClock());
    sink.attach(context);
    const closing = sink.close();
    context.ledger.accept();
    sink.emit(testRecord({ body: "late" }));
    expect(context.ledger.snapshot()).toEqual({ accepted: 1, delivered: 0, pending: 0, dropped: { closed: 1 } });
    calls[0]?.resolve();
    await closing;
    expect(context.ledger.snapshot()).toEqual({ accepted: 1, delivered: 0, pending: 0, dropped: { closed: 1 } });
  });

  it("S2 ignores records below minSeverity without any side effect, after close too", async () => {
    let calls = 0;
    const { sink, context } = attached(() => calls++, { minSeverity: "error" });
    sink.emit(testRecord({ severityNumber: 16 }));
    await sink.close();
    sink.emit(testRecord({ severityNumber: 16 }));
    expect(calls).toBe(0);
    expect(context.ledger.snapshot()).toEqual({ accepted: 0, delivered: 0, pending: 0, dropped: {} });
    expect(sink.supportsSeverity(16)).toBe(false);
  });

  it("S2 takes records at minSeverity", () => {
    let calls = 0;
    const { sink } = attached(() => calls++, { minSeverity: "error" });
    sink.emit(testRecord({ severityNumber: 17 }));
    expect(calls).toBe(1);
    expect(sink.supportsSeverity(17)).toBe(true);
  });

  it("S10 and S11 hands over a copy with the time at which emit took it, not the time of the call (D-14)", async () => {
    const times: unknown[] = [];
    const { calls, callback } = held();
    const { sink, clock } = attached((record) => {
      times.push(record.observedTimeUnixNano);
      return callback(record);
    });
    const record = testRecord();
    const start = clock.now();
    sink.emit(record);
    sink.emit(record);
    await clock.advance(1000);
    calls[0]?.resolve();
    await clock.settle();
    expect(times).toEqual([start, start]);
    expect(record.observedTimeUnixNano).toBeNull();
  });

  it("does not throw for something that is no record; it counts a sink error", () => {
    const { sink, context } = attached(() => {});
    context.ledger.accept();
    sink.emit(null as never);
    expect(context.ledger.snapshot()).toMatchObject({ pending: 0, dropped: { sink_error: 1 } });
    expect(context.errors).toHaveLength(1);
  });

  it("passes masked attributes through unchanged (§10)", () => {
    let seen: unknown;
    const { sink } = attached((record) => {
      seen = record.attributes;
    });
    sink.emit(testRecord({ attributes: { api_key: "***" } }));
    expect(seen).toEqual({ api_key: "***" });
  });
});

describe("CallbackSink: waiting for a running call", () => {
  it("calls one at a time and in order by default", async () => {
    const { calls, callback, bodies } = held();
    const { emit, context, clock } = attached(callback);
    emit("a", "b", "c");
    expect(bodies()).toEqual(["a"]);
    expect(context.ledger).toMatchObject({ delivered: 0, pending: 3 });
    calls[0]?.resolve();
    await clock.settle();
    expect(bodies()).toEqual(["a", "b"]);
    expect(context.ledger.delivered).toBe(1);
  });

  it("runs as many at a time as concurrency says", async () => {
    const { calls, callback, bodies } = held();
    const { emit, clock } = attached(callback, { concurrency: 2 });
    emit("a", "b", "c");
    expect(bodies()).toEqual(["a", "b"]);
    calls[1]?.resolve();
    await clock.settle();
    expect(bodies()).toEqual(["a", "b", "c"]);
  });

  it("a record does not overtake those that wait, though a call has just ended", async () => {
    const { calls, callback, bodies } = held();
    const { emit, clock } = attached(callback, { concurrency: 1 });
    emit("a", "b");
    calls[0]?.resolve();
    emit("c");
    await clock.settle();
    calls[1]?.resolve();
    await clock.settle();
    expect(bodies()).toEqual(["a", "b", "c"]);
  });

  it("nor while a failed call is being reported", async () => {
    const { calls, callback, bodies } = held();
    const { sink, emit, context, clock } = attached(callback);
    context.onError = () => sink.emit(testRecord({ body: "from the report" }));
    emit("a", "b");
    calls[0]?.reject(new Error("boom"));
    await clock.settle();
    calls[1]?.resolve();
    await clock.settle();
    expect(bodies()).toEqual(["a", "b", "from the report"]);
  });

  it("S5 drops the oldest waiting record when the queue is full, never a running one, and counts each", async () => {
    const { calls, callback, bodies } = held();
    const { emit, context, clock } = attached(callback, { queueSize: 2 });
    emit("run", "a", "b", "c", "d");
    expect(context.ledger.snapshot()).toEqual({
      accepted: 5,
      delivered: 0,
      pending: 3,
      dropped: { buffer_overflow: 2 },
    });
    for (let i = 0; i < 3; i++) {
      calls[i]?.resolve();
      await clock.settle();
    }
    expect(bodies()).toEqual(["run", "c", "d"]);
  });

  it("holds 10 000 waiting records by default", () => {
    const { emit, context } = attached(held().callback);
    for (let i = 0; i < 10_001; i++) emit(i);
    expect(context.ledger.droppedTotal).toBe(0);
    emit("one more");
    expect(context.ledger.dropped("buffer_overflow")).toBe(1);
  });

  it("works off a long queue of synchronous calls without recursion", async () => {
    const { calls, callback } = held();
    let first = true;
    const { emit, context, clock } = attached(
      (record) => {
        if (!first) return undefined;
        first = false;
        return callback(record);
      },
      { queueSize: 50_000 },
    );
    for (let i = 0; i < 50_001; i++) emit(i);
    calls[0]?.resolve();
    await clock.settle();
    expect(context.ledger).toMatchObject({ delivered: 50_001, pending: 0 });
  });
});

describe("CallbackSink: a callback that fails (§7.2)", () => {
  it("a throw is a sink error and does not reach the caller", () => {
    const failure = new Error("boom");
    const { emit, context } = attached(() => {
      throw failure;
    });
    emit("a");
    expect(context.ledger.snapshot()).toMatchObject({ pending: 0, dropped: { sink_error: 1 } });
    expect(context.errors.map(({ error }) => error)).toEqual([failure]);
  });

  it("a rejection is a sink error, and the next record is called", async () => {
    const { calls, callback, bodies } = held();
    const { emit, context, clock } = attached(callback);
    emit("a", "b");
    calls[0]?.reject(new Error("boom"));
    await clock.settle();
    expect(context.ledger.snapshot()).toMatchObject({ delivered: 0, pending: 1, dropped: { sink_error: 1 } });
    expect(context.errors).toHaveLength(1);
    expect(bodies()).toEqual(["a", "b"]);
  });

  it("a throw in a waiting record's call does not stop the queue", async () => {
    const { calls, callback } = held();
    const seen: unknown[] = [];
    const { emit, context, clock } = attached((record) => {
      seen.push(record.body);
      if (record.body === "first") return callback(record);
      throw new Error("boom");
    });
    emit("first", "b", "c");
    calls[0]?.resolve();
    await clock.settle();
    expect(seen).toEqual(["first", "b", "c"]);
    expect(context.ledger.snapshot()).toMatchObject({ delivered: 1, pending: 0, dropped: { sink_error: 2 } });
  });

  it.each<[string, () => unknown]>([
    [
      "a then that cannot be read",
      () =>
        thenable({
          get(): never {
            throw new Error("getter");
          },
        }),
    ],
    [
      "a then that throws",
      () =>
        thenable({
          value(): never {
            throw new Error("then");
          },
        }),
    ],
    [
      "a rejection after which it resolves",
      () =>
        thenable({
          value(resolve: () => void, reject: (error: Error) => void): void {
            reject(new Error("first"));
            resolve();
          },
        }),
    ],
    ["a promise that rejects with nothing", () => Promise.reject()],
  ])("counts one sink error for %s", async (_, hostile) => {
    const { emit, context, clock } = attached(hostile);
    emit("a");
    await clock.settle();
    expect(context.ledger.snapshot()).toEqual({ accepted: 1, delivered: 0, pending: 0, dropped: { sink_error: 1 } });
  });

  it("counts one delivery for a thenable that resolves, rejects and throws", async () => {
    const { emit, context, clock } = attached(() =>
      thenable({
        value(resolve: () => void, reject: (error: Error) => void): void {
          resolve();
          reject(new Error("late"));
          throw new Error("later");
        },
      }),
    );
    emit("a");
    await clock.settle();
    expect(context.ledger.snapshot()).toEqual({ accepted: 1, delivered: 1, pending: 0, dropped: {} });
  });

  it("waits for a function that has a then, too", () => {
    const { emit, context } = attached(() => Object.defineProperty(() => {}, "th".concat("en"), { value: () => {} }));
    emit("a");
    expect(context.ledger).toMatchObject({ delivered: 0, pending: 1 });
  });

  it("reads then once", async () => {
    let reads = 0;
    const { emit, clock } = attached(() =>
      thenable({
        get(): undefined {
          reads++;
          return undefined;
        },
      }),
    );
    emit("a");
    await clock.settle();
    expect(reads).toBe(1);
  });
});

describe("CallbackSink: a callback that logs into its own sink (S12, D-63)", () => {
  it("drops those records as sink_error and reports them once per call, from emit", () => {
    const seen: unknown[] = [];
    let sink: Sink | undefined;
    const set = attached((record) => {
      seen.push(record.body);
      sink?.emit(testRecord({ body: "inner 1" }));
      sink?.emit(testRecord({ body: "inner 2" }));
    });
    sink = set.sink;
    set.emit("outer");
    expect(seen).toEqual(["outer"]);
    expect(set.context.ledger).toMatchObject({ delivered: 1 });
    expect(set.context.ledger.dropped("sink_error")).toBe(2);
    expect(set.context.errors.map(({ type }) => type)).toEqual(["reentrant_emit"]);
    set.emit("outer again");
    expect(set.context.errors).toHaveLength(2);
  });

  it("and from the queue", async () => {
    const { calls, callback, bodies } = held();
    let sink: Sink | undefined;
    const set = attached((record) => {
      const result = callback(record);
      if (record.body === "b") sink?.emit(testRecord({ body: "inner" }));
      return result;
    });
    sink = set.sink;
    set.emit("a", "b");
    calls[0]?.resolve();
    await set.clock.settle();
    calls[1]?.resolve();
    await set.clock.settle();
    expect(bodies()).toEqual(["a", "b"]);
    expect(set.context.ledger.dropped("sink_error")).toBe(1);
  });

  it("and from a thenable's then", async () => {
    let calls = 0;
    let sink: Sink | undefined;
    const set = attached(() =>
      thenable({
        value(resolve: () => void): void {
          calls++;
          sink?.emit(testRecord());
          resolve();
        },
      }),
    );
    sink = set.sink;
    set.emit("a");
    await set.clock.settle();
    expect(calls).toBe(1);
    expect(set.context.ledger.dropped("sink_error")).toBe(1);
  });

  it("takes records again after a callback that threw", () => {
    let calls = 0;
    const { emit } = attached(() => {
      calls++;
      throw new Error("boom");
    });
    emit("a", "b");
    expect(calls).toBe(2);
  });
});

describe("CallbackSink.flush", () => {
  it("S7 waits for running and waiting records, and not for later ones", async () => {
    const { calls, callback } = held();
    const { sink, emit, clock } = attached(callback);
    emit("a", "b");
    let done = false;
    const flush = sink.flush(1000).then((result) => {
      done = true;
      return result;
    });
    emit("later");
    calls[0]?.resolve();
    await clock.settle();
    expect(done).toBe(false);
    calls[1]?.resolve();
    await clock.settle();
    expect(done).toBe(true);
    expect(await flush).toEqual({ success: true, partial: false, failedSinks: [], droppedCount: 0 });
    expect(clock.pendingTimers).toBe(0);
  });

  it("waits for the slowest of several running calls", async () => {
    const { calls, callback } = held();
    const { sink, emit, clock } = attached(callback, { concurrency: 2 });
    emit("slow", "quick");
    let done = false;
    void sink.flush().then(() => {
      done = true;
    });
    calls[1]?.resolve();
    await clock.settle();
    expect(done).toBe(false);
    calls[0]?.resolve();
    await clock.settle();
    expect(done).toBe(true);
  });

  it("S7 resolves when the time is over, says how many wait, and keeps them (D-52)", async () => {
    const { calls, callback } = held();
    const { sink, emit, clock, context } = attached(callback, { concurrency: 2 });
    emit("a", "b", "c");
    const flush = sink.flush(50);
    emit("later");
    await clock.advance(50);
    expect(await flush).toEqual({
      success: false,
      partial: false,
      failedSinks: [{ sinkId: sink.id, error: "timeout: 3 records still waiting" }],
      droppedCount: 0,
    });
    for (let i = 0; i < 4; i++) {
      calls[i]?.resolve();
      await clock.settle();
    }
    expect(context.ledger).toMatchObject({ delivered: 4, droppedTotal: 0 });
    expect((await sink.flush(50)).success).toBe(true);
  });

  it("does not count later records that run already among those that wait", async () => {
    const { calls, callback } = held();
    const { sink, emit, clock } = attached(callback, { concurrency: 2 });
    emit("hangs", "b");
    const flush = sink.flush(50);
    emit("later");
    calls[1]?.resolve();
    await clock.advance(50);
    expect((await flush).failedSinks[0]?.error).toBe("timeout: 1 record still waiting");
  });

  it("reports losses since the previous flush, once (D-51, D-53)", async () => {
    const { sink, emit } = attached((record) => {
      if (record.body === "bad") throw new Error("boom");
    });
    emit("good", "bad");
    expect(await sink.flush()).toEqual({
      success: false,
      partial: true,
      failedSinks: [{ sinkId: sink.id, error: "1 record dropped: sink_error" }],
      droppedCount: 1,
    });
    expect(await sink.flush()).toMatchObject({ success: true, droppedCount: 0 });
  });

  it("ends when the records it waits for are evicted, and says so", async () => {
    const { calls, callback } = held();
    const { sink, emit, clock } = attached(callback, { queueSize: 1 });
    emit("a", "b");
    const flush = sink.flush();
    calls[0]?.resolve();
    await clock.settle();
    emit("c", "d");
    calls[1]?.resolve();
    expect(await flush).toMatchObject({ success: false, partial: true, droppedCount: 1 });
  });

  it("lets concurrent flushes all wait and all report the loss (design §8 row 4)", async () => {
    const { calls, callback } = held();
    const { sink, emit, clock } = attached(callback);
    emit("a");
    const ended: number[] = [];
    const flushes = [0, 1, 2].map(async (i) => {
      const result = await sink.flush(1000);
      ended.push(i);
      return result;
    });
    await clock.settle();
    expect(ended).toEqual([]);
    calls[0]?.reject(new Error("boom"));
    expect((await Promise.all(flushes)).map(({ droppedCount }) => droppedCount)).toEqual([1, 1, 1]);
  });

  it("resolves at once when nothing runs", async () => {
    const { sink, emit } = attached(() => {});
    emit("a");
    expect((await sink.flush(0)).success).toBe(true);
  });
});

describe("CallbackSink.close", () => {
  it("S8 delivers what was accepted and takes nothing more (S4)", async () => {
    const { calls, callback, bodies } = held();
    const { sink, emit, context, clock } = attached(callback);
    emit("a", "b");
    const close = sink.close();
    emit("late");
    for (let i = 0; i < 2; i++) {
      calls[i]?.resolve();
      await clock.settle();
    }
    await close;
    expect(bodies()).toEqual(["a", "b"]);
    expect(context.ledger.snapshot()).toEqual({ accepted: 3, delivered: 2, pending: 0, dropped: { closed: 1 } });
    expect(clock.pendingTimers).toBe(0);
  });

  it("counts what waits and what runs as closed when the time is over, and a late settlement changes nothing", async () => {
    const { calls, callback, bodies } = held();
    const { sink, emit, context, clock } = attached(callback, { concurrency: 2 });
    emit("a", "b", "c");
    const close = sink.close(50);
    await clock.advance(50);
    await close;
    const after = { accepted: 3, delivered: 0, pending: 0, dropped: { closed: 3 } };
    expect(context.ledger.snapshot()).toEqual(after);
    calls[0]?.resolve();
    calls[1]?.reject(new Error("late"));
    await clock.settle();
    expect(context.ledger.snapshot()).toEqual(after);
    expect(context.errors).toEqual([]);
    expect(bodies()).toEqual(["a", "b"]);
  });

  it("waits 5000 ms by default", async () => {
    const { sink, emit, context, clock } = attached(held().callback);
    emit("a");
    void sink.close();
    await clock.advance(4999);
    expect(context.ledger.pending).toBe(1);
    await clock.advance(1);
    expect(context.ledger.dropped("closed")).toBe(1);
  });

  it("waits closeTimeoutMs when it is given no time", async () => {
    const { sink, emit, context, clock } = attached(held().callback, { closeTimeoutMs: 10 });
    emit("a");
    void sink.close();
    await clock.advance(10);
    expect(context.ledger.dropped("closed")).toBe(1);
  });

  it("ends a flush that still waits when its time is over, as a loss", async () => {
    const { sink, emit, clock } = attached(held().callback);
    emit("a");
    const flush = sink.flush();
    void sink.close(10);
    await clock.advance(10);
    expect(await flush).toMatchObject({ success: false, partial: false, droppedCount: 1 });
  });

  it("S3 closes twice with one promise", async () => {
    const { sink } = attached(() => {});
    const first = sink.close();
    expect(sink.close(1)).toBe(first);
    await first;
  });

  it("S13 sets no timer but for a flush or close that waits", () => {
    const { sink, emit, clock } = attached(held().callback);
    emit("a", "b");
    expect(clock.pendingTimers).toBe(0);
    void sink.flush(10);
    expect(clock.pendingTimers).toBe(1);
  });
});

describe("CallbackSink: the ledger (§12)", () => {
  it("adds up after every step of any schedule", async () => {
    const step = fc.oneof(
      { weight: 5, arbitrary: fc.constant("emit" as const) },
      { weight: 3, arbitrary: fc.constant("resolve" as const) },
      { weight: 1, arbitrary: fc.constant("reject" as const) },
    );
    const schedules = fc.asyncProperty(
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 4 }),
      fc.array(step, { maxLength: 40 }),
      fc.integer({ min: 0, max: 7 }),
      async (concurrency, queueSize, steps, pick) => {
        const open: ReturnType<typeof held>["calls"] = [];
        const { calls, callback, bodies } = held();
        const { sink, emit, context, clock } = attached(callback, { concurrency, queueSize });
        let taken = 0;
        let emitted = 0;
        for (const what of steps) {
          open.push(...calls.slice(taken));
          taken = calls.length;
          if (what === "emit") emit(emitted++);
          else open.splice(pick % Math.max(1, open.length), 1)[0]?.[what](new Error("boom"));
          await clock.settle();
          const { pending, delivered, droppedTotal } = context.ledger;
          expect(pending).toBeGreaterThanOrEqual(0);
          expect(pending).toBeLessThanOrEqual(concurrency + queueSize);
          expect(delivered + droppedTotal + pending).toBe(emitted);
        }
        expect(bodies()).toEqual([...bodies()].sort((a, b) => Number(a) - Number(b)));
        void sink.close(1);
        await clock.advance(1);
        expect(context.ledger.pending).toBe(0);
      },
    );
    await fc.assert(schedules, { numRuns: 100 });
  });
});

describe("CallbackSink: configuration", () => {
  it("S6 is called after the function (D-50)", () => {
    const toSentry = (): void => {};
    expect(new CallbackSink(toSentry).id).toBe("callback:toSentry");
    expect(new CallbackSink(() => {}).id).toBe("callback:anonymous");
    expect(new CallbackSink(toSentry, { id: "mine" }).id).toBe("mine");
  });

  it("is called anonymous when the name cannot be read", () => {
    const hostile = new Proxy(() => {}, {
      get: () => {
        throw new Error("name");
      },
    });
    expect(new CallbackSink(hostile).id).toBe("callback:anonymous");
  });

  it.each([undefined, null, "x", {}])("refuses %s as a callback", (callback) => {
    expect(() => new CallbackSink(callback as unknown as LogCallback)).toThrow(/callback: got/);
  });

  it.each([
    { queueSize: 0 },
    { queueSize: 1.5 },
    { queueSize: Number.NaN },
    { concurrency: 0 },
    { concurrency: "2" },
    { closeTimeoutMs: -1 },
    { minSeverity: 25 },
    { id: "" },
    { queue: 5 },
    "options",
  ])("refuses %j (D-69)", (options) => {
    expect(() => new CallbackSink(() => {}, options as CallbackSinkOptions)).toThrow(ConfigError);
  });
});
