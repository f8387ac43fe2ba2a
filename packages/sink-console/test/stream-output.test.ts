import { EventEmitter } from "node:events";
import { Writable } from "node:stream";
import { ManualClock, RecordingContext, testRecord } from "@dagstack/logger-core/testing";
import { toDagstackJsonl } from "@dagstack/logger-core/wire";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConsoleSink, type ConsoleStream } from "../src/index.ts";
import { attached, bodiesOf, CodedError, nextTurn, nodeStream } from "./set-up.ts";

const LINE_BYTES =
  toDagstackJsonl(testRecord({ body: "x", observedTimeUnixNano: 1_700_000_000_000_000_000n })).length + 1;

describe("ConsoleSink: gathering (design §5)", () => {
  it("writes what one turn of the event loop brought in one chunk, at the next turn", async () => {
    const { stream, chunks, bodies } = nodeStream();
    const { emit, clock, context } = attached({ stream });
    emit("a", "b", "c");
    expect(chunks).toEqual([]);
    await clock.advance(0);
    expect(chunks).toHaveLength(1);
    expect(bodies()).toEqual(["a", "b", "c"]);
    await nextTurn();
    expect(context.ledger).toMatchObject({ delivered: 3, pending: 0 });
    expect(clock.pendingTimers).toBe(0);
  });

  it("writes inside emit once 64 KiB have gathered, in chunks of whole lines of at most that", () => {
    const { stream, chunks, bodies } = nodeStream();
    const { emit } = attached({ stream });
    emit(..."x".repeat(Math.floor(65_536 / LINE_BYTES)));
    expect(chunks).toEqual([]);
    emit("y");
    expect(chunks).toHaveLength(1);
    expect(chunks[0]?.length).toBeLessThanOrEqual(65_536);
    expect(new Set(bodies())).toEqual(new Set(["x"]));
  });

  it("loses nothing in a burst of any size while the stream takes all at once (design §5)", () => {
    const { stream, bodies } = nodeStream();
    const { sink, emit, context } = attached({ stream, maxBufferBytes: 100_000 });
    for (let i = 0; i < 10_000; i++) emit(i);
    sink.flushSync();
    expect(bodies()).toEqual(Array.from({ length: 10_000 }, (_, i) => i));
    expect(context.ledger).toMatchObject({ delivered: 10_000, droppedTotal: 0 });
  });

  it("writes a line that is larger than the buffer", () => {
    const { stream, bodies } = nodeStream();
    const { emit, context } = attached({ stream, maxBufferBytes: 10 });
    emit("x".repeat(200_000));
    expect(bodies()).toEqual(["x".repeat(200_000)]);
    expect(context.ledger.droppedTotal).toBe(0);
  });

  it("§12: tells the context of a record lost at once while one from before attach still waits", async () => {
    const stream = Object.assign(new EventEmitter(), {
      write: (_chunk: unknown, _done: unknown) => false,
    }) as unknown as ConsoleStream;
    const clock = new ManualClock();
    const sink = new ConsoleSink({ stream, mode: "json" }, { clock });
    sink.emit(testRecord({ body: "before attach" }));
    const context = new RecordingContext(clock);
    sink.attach(context);
    void sink.close();
    context.ledger.accept();
    sink.emit(testRecord({ body: "late" }));
    expect(context.ledger.snapshot()).toEqual({ accepted: 1, delivered: 0, pending: 0, dropped: { closed: 1 } });
  });

  it("writes each record at once to a terminal", () => {
    const { stream, chunks } = nodeStream({ isTTY: true });
    const { emit, clock } = attached({ stream });
    emit("a", "b");
    expect(chunks).toHaveLength(2);
    expect(clock.pendingTimers).toBe(0);
  });

  it("several sinks on one stream keep whole lines", async () => {
    const { stream, bodies, release } = nodeStream({ hold: true });
    const [one, two] = [attached({ id: "1", stream }), attached({ id: "2", stream })];
    for (let i = 0; i < 1000; i++) (i % 2 === 0 ? one : two).emit(i);
    one.sink.flushSync();
    two.sink.flushSync();
    await release();
    expect(
      bodies()
        .map(Number)
        .sort((a, b) => a - b),
    ).toEqual(Array.from({ length: 1000 }, (_, i) => i));
  });

  it("twenty sinks on one stream add no more listeners than one", () => {
    const { stream } = nodeStream();
    attached({ stream });
    const listeners = (): number[] => ["error", "drain", "close"].map((event) => stream.listenerCount(event));
    const before = listeners();
    for (let i = 0; i < 20; i++) attached({ stream, id: `${i}` });
    expect(listeners()).toEqual(before);
  });
});

describe("ConsoleSink: a stream that asks to wait", () => {
  it("writes nothing more until drain, then everything, in order", async () => {
    const { stream, chunks, bodies, release } = nodeStream({ hold: true });
    const { emit, clock } = attached({ stream });
    emit("x".repeat(20_000));
    await clock.advance(0);
    emit("b", "c");
    expect(clock.pendingTimers).toBe(0);
    await clock.advance(0);
    expect(chunks).toHaveLength(1);
    await release();
    expect(bodies().slice(1)).toEqual(["b", "c"]);
  });

  it.each([
    ["took everything at once", { writableLength: 0 }, 2],
    ["holds something", { writableLength: 1 }, 1],
    ["does not say what it holds", {}, 1],
    ["failed", { writableLength: 0, errored: null }, 1],
  ])("after write answered false and the stream %s", async (what, state, expected) => {
    let writes = 0;
    const stream = Object.assign(new EventEmitter(), state, {
      write(_chunk: unknown, _callback?: (error?: Error | null) => void): boolean {
        writes++;
        if (what === "failed") Object.assign(stream, { errored: new CodedError("EIO") });
        return false;
      },
    });
    const { emit, clock } = attached({ stream });
    for (const body of ["a", "b"]) {
      emit(body);
      await clock.advance(0);
    }
    expect(writes).toBe(expected);
  });

  it("S5 drops the oldest whole lines beyond maxBufferBytes and counts each", async () => {
    const { stream, bodies, release } = nodeStream({ hold: true });
    const { sink, emit, clock, context } = attached({ stream, maxBufferBytes: LINE_BYTES * 3 });
    emit("x".repeat(20_000));
    await clock.advance(0);
    emit(..."abcde");
    expect(context.ledger.snapshot()).toEqual({
      accepted: 6,
      delivered: 0,
      pending: 4,
      dropped: { buffer_overflow: 2 },
    });
    await release();
    expect(bodies().slice(1)).toEqual(["c", "d", "e"]);
    await nextTurn();
    expect(await sink.flush()).toMatchObject({ success: false, partial: true, droppedCount: 2 });
  });

  it("keeps every line that is left whole while blocks of dropped lines are used again", async () => {
    const { stream, bodies, release } = nodeStream({ hold: true });
    const { emit, clock, context } = attached({ stream, maxBufferBytes: 200_000 });
    emit("x".repeat(20_000));
    await clock.advance(0);
    const all = Array.from({ length: 3000 }, (_, n) => `${n} ${"y".repeat(n % 700)}`);
    emit(...all);
    emit("z".repeat(150_000)); // a block that is too large to be kept
    emit(...all);
    const dropped = context.ledger.dropped("buffer_overflow");
    await release();
    await nextTurn();
    const left = bodies().slice(1);
    expect(left).toEqual([...all, "z".repeat(150_000), ...all].slice(-left.length));
    expect(dropped).toBe(6001 + 1 - bodies().length);
  });

  it("drops across chunks, oldest first, exactly", async () => {
    const { stream, bodies, release } = nodeStream({ hold: true });
    const { emit, clock, context } = attached({ stream, maxBufferBytes: 150_000 });
    emit("x".repeat(20_000));
    await clock.advance(0);
    for (let i = 0; i < 5000; i++) emit(i);
    const lost = context.ledger.dropped("buffer_overflow");
    expect(context.ledger.pending).toBe(5001 - lost);
    await release();
    for (let turn = 0; turn < 10; turn++) await nextTurn();
    expect(bodies().slice(1)).toEqual(Array.from({ length: 5000 - lost }, (_, i) => lost + i));
    expect(context.ledger).toMatchObject({ delivered: 5001 - lost, pending: 0 });
    expect(lost).toBeGreaterThan(0);
  });

  it("drops a line that alone is larger than what may wait", async () => {
    const { stream } = nodeStream({ hold: true });
    const { emit, clock, context } = attached({ stream, maxBufferBytes: 1000 });
    emit("x".repeat(20_000));
    await clock.advance(0);
    emit("y".repeat(2000));
    expect(context.ledger.dropped("buffer_overflow")).toBe(1);
  });
});

describe("ConsoleSink: a stream that fails", () => {
  it("counts the lines of the failed chunk and of what waits, and never crashes", async () => {
    const { stream, release } = nodeStream({ hold: true });
    const { sink, emit, clock, context } = attached({ stream });
    emit("x".repeat(20_000), "b");
    await clock.advance(0);
    emit("c");
    await release(new CodedError("EPIPE"));
    expect(context.ledger.snapshot()).toMatchObject({ delivered: 0, pending: 0, dropped: { sink_error: 3 } });
    expect(context.errors.map(({ type }) => type)).toEqual(["EPIPE"]);
    expect(await sink.flush(0)).toMatchObject({ success: false, partial: false, droppedCount: 3 });
  });

  it("reports one error for several chunks that fail together", async () => {
    const { stream, release } = nodeStream({ hold: true });
    const { sink, emit, context } = attached({ stream });
    emit(...["x".repeat(40_000), "y".repeat(40_000)]);
    sink.flushSync();
    await release(new CodedError("EPIPE"));
    expect(context.ledger.dropped("sink_error")).toBe(2);
    expect(context.errors).toHaveLength(1);
  });

  it("a flushSync from inside its own write does not count as delivered what then fails", async () => {
    let flushSync = (): void => {};
    const stream = Object.assign(new EventEmitter(), {
      writableLength: 0,
      write(_chunk: unknown, callback?: (error?: Error | null) => void): boolean {
        flushSync();
        callback?.(new CodedError("EIO"));
        return true;
      },
    });
    const { sink, emit, clock, context } = attached({ stream });
    flushSync = () => sink.flushSync();
    emit("a");
    await clock.advance(0);
    expect(context.ledger.snapshot()).toMatchObject({ delivered: 0, dropped: { sink_error: 1 } });
  });

  it("tries again at most once a second, and counts everything meanwhile", async () => {
    let attempts = 0;
    const stream = Object.assign(new EventEmitter(), {
      write(_chunk: unknown, callback?: (error?: Error | null) => void): boolean {
        attempts++;
        setImmediate(() => callback?.(new CodedError("EPIPE")));
        return true;
      },
    });
    const { emit, clock, context } = attached({ stream });
    for (let tenth = 0; tenth < 30; tenth++) {
      emit(tenth);
      await clock.advance(0);
      await nextTurn();
      await clock.advance(100);
    }
    expect(attempts).toBe(3);
    expect(context.errors).toHaveLength(3);
    expect(context.ledger).toMatchObject({ accepted: 30, pending: 0 });
    expect(context.ledger.dropped("sink_error")).toBe(30);
  });

  it("delivers again once the stream works", async () => {
    let isBroken = true;
    const seen: string[] = [];
    const stream = Object.assign(new EventEmitter(), {
      write(chunk: string | Uint8Array, callback?: (error?: Error | null) => void): boolean {
        if (!isBroken) seen.push(String(chunk));
        callback?.(isBroken ? new CodedError("EIO") : null);
        return true;
      },
    });
    const { emit, clock } = attached({ stream });
    emit("lost");
    await clock.advance(0);
    await nextTurn();
    isBroken = false;
    await clock.advance(999);
    emit("lost too");
    await clock.advance(1);
    emit("back");
    await clock.advance(0);
    expect(bodiesOf(seen.join(""))).toEqual(["back"]);
  });

  it.each(["end", "destroy"] as const)("survives writes after %s", async (end) => {
    const { stream } = nodeStream();
    const { emit, clock, context } = attached({ stream });
    if (end === "end") stream.end();
    else stream.destroy();
    emit("a");
    await clock.advance(0);
    await nextTurn();
    expect(context.ledger.snapshot()).toMatchObject({ pending: 0, dropped: { sink_error: 1 } });
  });

  it("counts what comes after a failure that Node leaves the stream in, where no callback ever comes", async () => {
    const stream = new Writable({
      autoDestroy: false,
      write: (_chunk, _encoding, callback) => callback(new CodedError("EIO")),
    });
    const { emit, clock, context } = attached({ stream });
    for (const body of ["a", "b"]) {
      emit(body);
      await clock.advance(0);
      await nextTurn();
      await clock.advance(1000);
    }
    expect(context.ledger.snapshot()).toMatchObject({ pending: 0, dropped: { sink_error: 2 } });
    expect(context.errors.map(({ type }) => type)).toEqual(["EIO", "EIO"]);
  });

  it("survives an error event out of nowhere", () => {
    const { stream } = nodeStream();
    attached({ stream });
    expect(() => stream.emit("error", new CodedError("ECONNRESET"))).not.toThrow();
  });

  it("counts a write that throws as a sink error", async () => {
    const stream = {
      write(): never {
        throw new CodedError("EBADF");
      },
    };
    const { emit, clock, context } = attached({ stream });
    emit("a");
    await clock.advance(0);
    expect(context.ledger.snapshot()).toMatchObject({ pending: 0, dropped: { sink_error: 1 } });
    expect(context.errors.map(({ type }) => type)).toEqual(["EBADF"]);
  });

  it("goes on after a failure of a stream that never says drain", async () => {
    const calls: ((error?: Error | null) => void)[] = [];
    const stream: ConsoleStream = {
      on: () => {},
      write(_chunk, callback) {
        if (callback !== undefined) calls.push(callback);
        return false;
      },
    };
    const { emit, clock } = attached({ stream });
    emit("a");
    await clock.advance(0);
    calls[0]?.(new CodedError("EIO"));
    await clock.advance(1000);
    emit("b");
    await clock.advance(0);
    expect(calls).toHaveLength(2);
  });

  it("a callback that comes twice counts once", async () => {
    const stream = Object.assign(new EventEmitter(), {
      write(_chunk: unknown, callback?: (error?: Error | null) => void): boolean {
        callback?.();
        callback?.(new CodedError("EIO"));
        return true;
      },
    });
    const { emit, clock, context } = attached({ stream });
    emit("a");
    await clock.advance(0);
    expect(context.ledger.snapshot()).toEqual({ accepted: 1, delivered: 1, pending: 0, dropped: {} });
  });
});

describe("ConsoleSink: objects that are no Node streams", () => {
  it("get text, and a record is delivered when write returns", async () => {
    const chunks: unknown[] = [];
    const stream = { write: (text: string): void => void chunks.push(text) };
    const { emit, clock, context } = attached({ stream });
    emit("a", "b");
    await clock.advance(0);
    expect(bodiesOf(String(chunks[0]))).toEqual(["a", "b"]);
    expect(typeof chunks[0]).toBe("string");
    expect(context.ledger).toMatchObject({ delivered: 2, pending: 0 });
  });

  it("are not waited for when write answers false, since nothing would say drain", async () => {
    const chunks: string[] = [];
    const stream = { write: (text: string): boolean => chunks.push(text) < 0 };
    const { emit, clock } = attached({ stream });
    emit("a");
    await clock.advance(0);
    emit("b");
    await clock.advance(0);
    expect(chunks).toHaveLength(2);
  });

  it("a Node stream whose write was replaced by a function of one parameter is done when that returns", async () => {
    const { stream } = nodeStream();
    const seen: string[] = [];
    stream.write = (chunk: unknown): boolean => seen.push(String(chunk)) > 0;
    const { emit, clock, context } = attached({ stream });
    emit("a");
    await clock.advance(0);
    expect(bodiesOf(seen.join(""))).toEqual(["a"]);
    expect(context.ledger.delivered).toBe(1);
  });

  it.each([
    [0, 2],
    [1, 1],
  ])("a replaced write that answers false is waited for if the stream holds %i bytes", async (held, writes) => {
    const chunks: unknown[] = [];
    const stream = Object.assign(new EventEmitter(), {
      writableLength: held,
      write: (chunk: unknown): boolean => chunks.push(chunk) < 0,
    });
    const { emit, clock } = attached({ stream });
    for (const body of ["a", "b"]) {
      emit(body);
      await clock.advance(0);
    }
    expect(chunks).toHaveLength(writes);
  });

  it("an asynchronous write is waited for, and its rejection is a sink error, not an unhandled one", async () => {
    const outcomes: ((error?: Error) => void)[] = [];
    const stream = {
      write: (_text: string): Promise<void> =>
        new Promise((resolve, reject) => {
          outcomes.push((error) => (error === undefined ? resolve() : reject(error)));
        }),
    };
    const { sink, emit, clock, context } = attached({ stream });
    emit("a");
    await clock.advance(0);
    emit("b");
    await clock.advance(0);
    expect(context.ledger.pending).toBe(2);
    outcomes[0]?.();
    outcomes[1]?.(new CodedError("ECONNRESET"));
    expect(await sink.flush()).toMatchObject({ success: false, partial: true, droppedCount: 1 });
  });

  it("S12 a stream that logs into the sink does not recurse (D-63)", async () => {
    let log = (): void => {};
    let writes = 0;
    const stream = {
      write(_text: string): void {
        writes++;
        log();
      },
    };
    const { emit, clock, context } = attached({ stream });
    log = () => emit("inner", "inner");
    emit("outer");
    await clock.advance(0);
    await clock.advance(0);
    expect(writes).toBe(1);
    expect(context.ledger.snapshot()).toEqual({ accepted: 3, delivered: 1, pending: 0, dropped: { sink_error: 2 } });
    expect(context.errors.map(({ type }) => type)).toEqual(["reentrant_emit"]);
    emit("next");
    await clock.advance(0);
    expect(context.errors).toHaveLength(2);
  });

  it("S12 a logger that logs what it is told of does not recurse either (D-63)", async () => {
    const stream = {
      write(_text: string): void {
        throw new CodedError("EPIPE");
      },
    };
    const { sink, clock } = attached({ stream });
    const told: string[] = [];
    const onError = (_error: unknown, type?: string): void => {
      told.push(type ?? "");
      if (told.length < 10) sink.emit(testRecord({ body: "told" }));
    };
    sink.attach(Object.assign(new RecordingContext(clock), { onError }));
    sink.emit(testRecord({ body: "outer" }));
    await clock.advance(0);
    expect(told).toEqual(["", "reentrant_emit"]);
  });
});

describe("ConsoleSink.flush, flushSync and close", () => {
  it("S7 flush writes at once and waits for the write callbacks, not for later records", async () => {
    const { stream, chunks, release } = nodeStream({ hold: true });
    const { sink, emit } = attached({ stream });
    emit("a");
    let done = false;
    const flush = sink.flush(1000).then((result) => {
      done = true;
      return result;
    });
    expect(chunks).toHaveLength(1);
    emit("later");
    await nextTurn();
    expect(done).toBe(false);
    await release();
    expect(await flush).toEqual({ success: true, partial: false, failedSinks: [], droppedCount: 0 });
  });

  it("S7 flush resolves when the time is over and says how many wait, written or not (D-52)", async () => {
    const { stream } = nodeStream({ hold: true });
    const { sink, emit, clock } = attached({ stream });
    emit("x".repeat(20_000));
    await clock.advance(0);
    emit("b", "c");
    const flush = sink.flush(50);
    emit("later");
    await clock.advance(50);
    expect((await flush).failedSinks).toEqual([{ sinkId: sink.id, error: "timeout: 3 records still waiting" }]);
  });

  it("flush is not ended early by drops of later records", async () => {
    const { stream } = nodeStream({ hold: true });
    const { sink, emit, clock } = attached({ stream, maxBufferBytes: LINE_BYTES });
    emit("x".repeat(20_000));
    await clock.advance(0);
    let done = false;
    void sink.flush().then(() => {
      done = true;
    });
    emit("b", "c");
    await nextTurn();
    expect(done).toBe(false);
  });

  it("concurrent flushes all wait and all report a loss (design §8 row 4)", async () => {
    const { stream, release } = nodeStream({ hold: true });
    const { sink, emit } = attached({ stream });
    emit("a");
    const flushes = [sink.flush(1000), sink.flush(1000)];
    await release(new CodedError("EPIPE"));
    expect((await Promise.all(flushes)).map(({ droppedCount }) => droppedCount)).toEqual([1, 1]);
  });

  it("flushSync hands over everything that waits, though the stream asked to wait", async () => {
    const { stream, bodies, release } = nodeStream({ hold: true });
    const { sink, emit, clock, context } = attached({ stream });
    emit("x".repeat(20_000));
    await clock.advance(0);
    emit("b", "c");
    sink.flushSync();
    expect(stream.writableLength).toBeGreaterThan(20_000);
    expect(context.ledger.delivered).toBe(0);
    await release();
    expect(bodies().slice(1)).toEqual(["b", "c"]);
    expect(context.ledger.delivered).toBe(3);
  });

  it("flushSync counts as delivered what the stream took at once: no callback comes after exit", () => {
    const { stream } = nodeStream();
    const { sink, emit, context } = attached({ stream });
    emit("a", "b");
    sink.flushSync();
    expect(context.ledger).toMatchObject({ delivered: 2, pending: 0 });
  });

  it("flushSync does not count as delivered what failed at once", async () => {
    const stream = new Writable({ write: (_chunk, _encoding, callback) => callback(new CodedError("EPIPE")) });
    const { sink, emit, context } = attached({ stream });
    emit("a");
    sink.flushSync();
    expect(context.ledger.delivered).toBe(0);
    await nextTurn();
    expect(context.ledger.dropped("sink_error")).toBe(1);
  });

  it("S8 close writes what was accepted, takes nothing more (S4) and leaves the stream open", async () => {
    const { stream, bodies, release } = nodeStream({ hold: true });
    const { sink, emit, context, clock } = attached({ stream });
    emit("a");
    const close = sink.close();
    emit("late");
    sink.emitLine(9, new Uint8Array(1));
    await release();
    await close;
    expect(bodies()).toEqual(["a"]);
    expect(context.ledger).toMatchObject({ delivered: 1, droppedTotal: 2 });
    expect(context.ledger.dropped("closed")).toBe(2);
    expect(stream.writableEnded).toBe(false);
    expect(stream.destroyed).toBe(false);
    await clock.advance(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it("close counts what is left as closed after 5000 ms; what the stream says later changes nothing", async () => {
    const { stream, chunks, release } = nodeStream({ hold: true });
    const { sink, emit, context, clock } = attached({ stream });
    emit("x".repeat(20_000));
    await clock.advance(0);
    emit("b");
    const close = sink.close();
    await clock.advance(4999);
    expect(context.ledger.pending).toBe(2);
    await clock.advance(1);
    await close;
    const after = { accepted: 2, delivered: 0, pending: 0, dropped: { closed: 2 } };
    expect(context.ledger.snapshot()).toEqual(after);
    await release();
    expect(context.ledger.snapshot()).toEqual(after);
    expect(chunks).toHaveLength(1);
  });

  it("close waits as long as it is told", async () => {
    const { stream } = nodeStream({ hold: true });
    const { sink, emit, context, clock } = attached({ stream });
    emit("a");
    void sink.close(10);
    await clock.advance(10);
    expect(context.ledger.dropped("closed")).toBe(1);
  });

  it("S3 closes twice with one promise", async () => {
    const sink = new ConsoleSink({ stream: nodeStream().stream });
    const first = sink.close();
    expect(sink.close(1)).toBe(first);
    await first;
  });
});

describe("ConsoleSink: the ledger (§12)", () => {
  const step = fc.oneof(
    { weight: 8, arbitrary: fc.record({ emit: fc.integer({ min: 0, max: 900 }) }) },
    { weight: 4, arbitrary: fc.constantFrom("turn" as const, "finish" as const, "flushSync" as const) },
    { weight: 1, arbitrary: fc.constantFrom("fail" as const, "second" as const) },
  );

  it("adds up after every step, and what is delivered is whole and in order", async () => {
    const schedules = fc.asyncProperty(
      fc.integer({ min: 200, max: 4000 }),
      fc.array(step, { maxLength: 60 }),
      async (maxBufferBytes, steps) => {
        const held: { text: string; callback: (error?: Error | null) => void }[] = [];
        const delivered: string[] = [];
        const stream = Object.assign(new EventEmitter(), {
          write(chunk: string | Uint8Array, callback?: (error?: Error | null) => void): boolean {
            held.push({ text: String(chunk), callback: callback ?? (() => {}) });
            return held.length < 2;
          },
        });
        const { sink, emit, context, clock } = attached({ stream, maxBufferBytes });
        let emitted = 0;
        for (const what of steps) {
          if (typeof what === "object") emit(`${emitted++} ${"x".repeat(what.emit)}`);
          else if (what === "turn") await clock.advance(0);
          else if (what === "second") await clock.advance(1000);
          else if (what === "flushSync") sink.flushSync();
          else {
            const next = held.shift();
            if (what === "finish" && next !== undefined) delivered.push(next.text);
            next?.callback(what === "fail" ? new CodedError("EIO") : null);
            if (held.length === 0) stream.emit("drain");
          }
          const { pending, delivered: count, droppedTotal } = context.ledger;
          expect(count + droppedTotal + pending).toBe(emitted);
          expect(pending).toBeGreaterThanOrEqual(0);
        }
        const order = bodiesOf(delivered.join("")).map((body) => Number(String(body).split(" ")[0]));
        expect(order).toEqual([...order].sort((a, b) => a - b));
        expect(context.ledger.delivered).toBe(order.length);
        void sink.close(1);
        await clock.advance(1);
        expect(context.ledger.pending).toBe(0);
      },
    );
    await fc.assert(schedules, { numRuns: 200 });
  });
});
