import { EventEmitter } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "@dagstack/logger-core";
import { ManualClock, RecordingContext, testRecord } from "@dagstack/logger-core/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConsoleSink, type DescriptorWriter } from "../src/index.ts";
import { attached, bodiesOf, CodedError } from "./set-up.ts";

/** A standard stream with a descriptor, and an operating system with a pipe of so many free bytes. */
function pipe(room = Number.POSITIVE_INFINITY) {
  const state = {
    room,
    error: undefined as string | undefined,
    text: "",
    writes: 0,
    slept: 0,
    /** How much longer each sleep takes than was asked for. */
    oversleptMs: 0,
    onSleep: (): void => {},
  };
  const descriptors: DescriptorWriter = {
    writeSync(fd, bytes, offset, length) {
      expect(fd).toBe(2);
      state.writes++;
      if (state.error !== undefined) throw new CodedError(state.error);
      const taken = Math.min(length, state.room);
      if (taken === 0) throw new CodedError("EAGAIN");
      state.room -= taken;
      state.text += Buffer.from(bytes.subarray(offset, offset + taken)).toString("latin1");
      return taken;
    },
    sleepSync(ms) {
      state.slept += ms + state.oversleptMs;
      state.onSleep();
    },
  };
  const streamWrites: string[] = [];
  // As Node's classes have it: `write` beside the number of bytes that it left in the stream.
  const platform = { write: (text: unknown) => streamWrites.push(String(text)), writableLength: 0 };
  const stderr = Object.assign(Object.create(platform), { on: () => {}, fd: 2, _isStdio: true }) as {
    write(text: unknown): unknown;
    writableLength: number;
  };
  const seams = { process: { stderr }, descriptors };
  return { state, seams, stderr, streamWrites, descriptors };
}

/** A clock for code that stops the thread: sleeping moves it. */
function sleepingClock(state: { slept: number }, inner: Clock): Clock {
  return { now: () => inner.now(), monotonicMs: () => state.slept, schedule: (call, ms) => inner.schedule(call, ms) };
}

describe("ConsoleSink on a standard stream that is no terminal (design §5, §8 row 1)", () => {
  it("writes by descriptor, and a record is delivered when the write returns", async () => {
    const { state, seams, streamWrites } = pipe();
    const { emit, clock, context } = attached({}, seams);
    emit("a", "b");
    expect(state.writes).toBe(0);
    await clock.advance(0);
    expect(state.writes).toBe(1);
    expect(bodiesOf(state.text)).toEqual(["a", "b"]);
    expect(context.ledger).toMatchObject({ delivered: 2, pending: 0 });
    expect(streamWrites).toEqual([]);
  });

  it("does so for stdout and for the stream object itself", async () => {
    for (const by of ["stdout", "object"] as const) {
      const { state, seams, stderr: stdout } = pipe();
      const process = by === "stdout" ? { stdout } : { stderr: stdout };
      const { emit, clock } = attached({ stream: by === "stdout" ? by : stdout }, { ...seams, process });
      emit("a");
      await clock.advance(0);
      expect(bodiesOf(state.text)).toEqual(["a"]);
    }
  });

  it("writes to a stream of the application through the stream, though it has a descriptor", async () => {
    const { state, seams, streamWrites, stderr: own } = pipe();
    const { emit, clock } = attached({ stream: own }, { ...seams, process: {} });
    emit("a");
    await clock.advance(0);
    expect(state.writes).toBe(0);
    expect(streamWrites).toHaveLength(1);
  });

  it("writes to a terminal through its stream", () => {
    const { state, seams, stderr, streamWrites } = pipe();
    Object.assign(stderr, { isTTY: true });
    attached({}, seams).emit("a");
    expect(state.writes).toBe(0);
    expect(streamWrites).toHaveLength(1);
  });

  it("gives the lines to whoever replaced write, to capture the stream", async () => {
    const { state, seams, stderr } = pipe();
    const { emit, clock, context } = attached({}, seams);
    const captured: string[] = [];
    stderr.write = (text) => captured.push(String(text));
    emit("a");
    await clock.advance(0);
    expect(bodiesOf(captured.join(""))).toEqual(["a"]);
    expect(state.writes).toBe(0);
    expect(context.ledger.delivered).toBe(1);
  });

  it("finishes a torn line by descriptor though write was replaced meanwhile", async () => {
    const { state, seams, stderr } = pipe(10);
    const { emit, clock } = attached({}, seams);
    emit("a");
    await clock.advance(0);
    const captured: unknown[] = [];
    stderr.write = (text) => captured.push(text);
    state.room = Number.POSITIVE_INFINITY;
    await clock.advance(100);
    expect(bodiesOf(state.text)).toEqual(["a"]);
    expect(captured).toEqual([]);
  });

  it("writes each line once, though a replaced write logs into another sink of the stream", async () => {
    const { seams, stderr } = pipe();
    const [one, two] = [attached({}, seams), attached({ id: "2" }, seams)];
    const captured: string[] = [];
    stderr.write = (text) => {
      if (captured.push(String(text)) === 1) two.emit("x".repeat(70_000));
    };
    one.emit("one");
    await one.clock.advance(0);
    await one.clock.advance(100);
    expect(bodiesOf(captured.join(""))).toEqual(["one", "x".repeat(70_000)]);
  });

  it("waits for text that others wrote to the stream and that is still there", async () => {
    const { state, seams, stderr } = pipe();
    const { emit, clock } = attached({}, seams);
    stderr.writableLength = 1;
    emit("a");
    await clock.advance(50);
    expect(state.writes).toBe(0);
    stderr.writableLength = 0;
    await clock.advance(100);
    expect(bodiesOf(state.text)).toEqual(["a"]);
  });

  it("finishes a torn line before anything else goes out, other sinks' lines included", async () => {
    const { state, seams } = pipe(10);
    const one = attached({}, seams);
    const two = attached({ id: "2" }, seams);
    one.emit("one");
    await one.clock.advance(0);
    expect(state.text).toHaveLength(10);
    two.emit("two");
    two.sink.flushSync();
    state.room = Number.POSITIVE_INFINITY;
    await one.clock.advance(100);
    expect(bodiesOf(state.text)).toEqual(["one", "two"]);
    expect([one.context.ledger.delivered, two.context.ledger.delivered]).toEqual([1, 1]);
  });

  it("tries a full pipe again, sooner at first than later, and goes on when there is room", async () => {
    const { state, seams } = pipe(0);
    const { emit, clock, context } = attached({}, seams);
    emit("a");
    await clock.advance(0);
    await clock.advance(1000);
    expect(state.writes).toBeGreaterThan(8);
    expect(state.writes).toBeLessThan(25);
    expect(context.errors).toEqual([]);
    state.room = Number.POSITIVE_INFINITY;
    emit("b");
    await clock.advance(100);
    expect(bodiesOf(state.text)).toEqual(["a", "b"]);
    expect(context.ledger).toMatchObject({ delivered: 2, pending: 0 });
    expect(clock.pendingTimers).toBe(0);
  });

  it("tries soon again after the reader took something", async () => {
    const { state, seams } = pipe(0);
    const { emit, clock } = attached({}, seams);
    emit("a");
    await clock.advance(1000);
    state.room = 1;
    for (let ms = 0; ms < 100 && state.text === ""; ms++) await clock.advance(1);
    expect(state.text).toHaveLength(1);
    const before = state.writes;
    await clock.advance(20);
    expect(state.writes - before).toBeGreaterThan(1);
  });

  it("repeats an interrupted write at once", async () => {
    const { state, seams, descriptors } = pipe();
    let interrupted = false;
    const writeSync: DescriptorWriter["writeSync"] = (...args) => {
      if (interrupted) return descriptors.writeSync(...args);
      interrupted = true;
      throw new CodedError("EINTR");
    };
    const { emit, clock } = attached({}, { ...seams, descriptors: { ...descriptors, writeSync } });
    emit("a");
    await clock.advance(0);
    expect(bodiesOf(state.text)).toEqual(["a"]);
  });

  it("keeps what a full disk does not take, reports it at most once a second, and writes again within one", async () => {
    const { state, seams } = pipe();
    const { emit, clock, context } = attached({}, seams);
    state.error = "ENOSPC";
    emit("a", "b");
    await clock.advance(0);
    await clock.advance(3500);
    expect(context.errors.map(({ type }) => type)).toEqual(["ENOSPC", "ENOSPC", "ENOSPC", "ENOSPC"]);
    expect(context.ledger).toMatchObject({ pending: 2, droppedTotal: 0 });
    state.error = undefined;
    await clock.advance(1000);
    expect(bodiesOf(state.text)).toEqual(["a", "b"]);
  });

  it("counts lines as sink_error when the reader is gone, and tries at most once a second", async () => {
    const { state, seams } = pipe();
    const { emit, clock, context } = attached({}, seams);
    state.error = "EPIPE";
    for (let tenth = 0; tenth < 20; tenth++) {
      emit(tenth);
      await clock.advance(100);
    }
    expect(state.writes).toBe(2);
    expect(context.errors).toHaveLength(2);
    expect(context.ledger.snapshot()).toMatchObject({ pending: 0, dropped: { sink_error: 20 } });
  });

  it("does not spin when a write takes nothing", async () => {
    const { seams, descriptors } = pipe();
    const { emit, clock, context } = attached({}, { ...seams, descriptors: { ...descriptors, writeSync: () => 0 } });
    emit("a");
    await clock.advance(10);
    expect(context.ledger.pending).toBe(1);
  });

  it("gives a pipe whole lines of at most 4096 bytes, which other processes' lines cannot come into", async () => {
    const lengths: number[] = [];
    const { seams, state, descriptors } = pipe();
    const observed: DescriptorWriter = {
      ...descriptors,
      isPipe: (fd) => fd === 2,
      writeSync(fd, bytes, offset, length) {
        lengths.push(length);
        expect(bytes[offset + length - 1]).toBe(10);
        return descriptors.writeSync(fd, bytes, offset, length);
      },
    };
    const { emit, clock } = attached({}, { ...seams, descriptors: observed });
    const bodies = Array.from({ length: 40 }, (_, i) => `${i} ${"x".repeat((i * 37) % 600)}`);
    bodies.push("y".repeat(6000), "z", "y".repeat(9000)); // a longer line goes whole, by itself if it comes first
    emit(...bodies);
    await clock.advance(0);
    expect(bodiesOf(state.text)).toEqual(bodies);
    expect(lengths.filter((length) => length > 4096)).toHaveLength(2);
    expect(lengths.length).toBeLessThan(12);
  });

  it("gives anything else all there is at once", async () => {
    const { seams, state, descriptors } = pipe();
    const { emit, clock } = attached({}, { ...seams, descriptors: { ...descriptors, isPipe: () => false } });
    emit(...Array.from({ length: 40 }, () => "x".repeat(500)));
    await clock.advance(0);
    expect(state.writes).toBe(1);
  });

  it("cuts the bytes anywhere, and every line comes out whole", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 30 }), async (rooms) => {
        const { state, seams } = pipe(0);
        const { emit, clock, context } = attached({}, seams);
        for (let i = 0; i < rooms.length; i++) {
          emit(i);
          state.room = rooms[i] ?? 0;
          await clock.advance(7);
        }
        state.room = Number.POSITIVE_INFINITY;
        await clock.advance(200);
        expect(bodiesOf(rooms.length === 0 ? "" : state.text)).toEqual(rooms.map((_, i) => i));
        expect(context.ledger.delivered).toBe(rooms.length);
      }),
      { numRuns: 50 },
    );
  });
});

describe("ConsoleSink: what is out of a chunk is delivered, the rest is not (field: the ledger at the end)", () => {
  const lines = (text: string): number => text.split("\n").length - 1;

  it("counts the very lines that are out when the reader is given up", () => {
    const { state, seams } = pipe(10_000);
    const { sink, emit, context } = attached({}, seams);
    for (let n = 0; n < 500; n++) emit(n);
    sink.flushSync();
    expect(lines(state.text)).toBeGreaterThan(1);
    expect(context.ledger).toMatchObject({ delivered: lines(state.text), pending: 500 - lines(state.text) });
    state.room = Number.POSITIVE_INFINITY;
    sink.flushSync();
    expect(bodiesOf(state.text)).toEqual(Array.from({ length: 500 }, (_, n) => n));
    expect(context.ledger).toMatchObject({ delivered: 500, pending: 0 });
  });

  it("counts the lines that were out before the reader was gone", async () => {
    const { state, seams, descriptors } = pipe(10_000);
    const writeSync: DescriptorWriter["writeSync"] = (...args) => {
      if (state.room === 0) throw new CodedError("EPIPE");
      return descriptors.writeSync(...args);
    };
    const { sink, emit, clock, context } = attached({}, { ...seams, descriptors: { ...descriptors, writeSync } });
    for (let n = 0; n < 100; n++) emit(n);
    const flush = sink.flush();
    await clock.advance(0);
    const out = lines(state.text);
    expect(context.ledger.snapshot()).toEqual({
      accepted: 100,
      delivered: out,
      pending: 0,
      dropped: { sink_error: 100 - out },
    });
    expect(await flush).toMatchObject({ success: false, partial: true, droppedCount: 100 - out });
  });

  it("a flush of lines that are out does not wait for the rest of the chunk", async () => {
    const { state, seams } = pipe(0);
    const { sink, emit, clock } = attached({}, seams);
    emit("a");
    const flush = sink.flush(1000);
    emit("b");
    state.room = 10_000;
    await clock.advance(5);
    expect(await flush).toMatchObject({ success: true });
  });
});

describe("ConsoleSink on stdout and stderr that are one pipe", () => {
  function onePipe(room = Number.POSITIVE_INFINITY) {
    const { state, seams, stderr, descriptors } = pipe(room);
    const stdout = Object.assign(Object.create(Object.getPrototypeOf(stderr) as object), {
      on: () => {},
      fd: 1,
      _isStdio: true,
    });
    const one: DescriptorWriter = {
      ...descriptors,
      writeSync: (_fd, ...rest) => descriptors.writeSync(2, ...rest),
      isPipe: () => true,
      identity: () => `pipe ${pipes}`,
    };
    pipes += 1;
    const both = { process: { ...seams.process, stdout }, descriptors: one };
    return { state, stderr, stdout: stdout as { writableLength: number }, both };
  }
  let pipes = 0;

  it("finishes the torn line of one before the other writes, at exit as well", async () => {
    for (const isAtExit of [false, true]) {
      const { state, both } = onePipe(10);
      const err = attached({}, both);
      const out = attached({ id: "2", stream: "stdout" }, both);
      err.emit("x".repeat(5000));
      await err.clock.advance(0);
      out.emit("out");
      if (!isAtExit) await out.clock.advance(0);
      expect(state.text).toHaveLength(10);
      state.room = Number.POSITIVE_INFINITY;
      if (isAtExit) out.sink.flushSync();
      else for (const { clock } of [out, err, out]) await clock.advance(200);
      expect(bodiesOf(state.text)).toEqual(["x".repeat(5000), "out"]);
    }
  });

  it("waits for text that others wrote to the other stream", async () => {
    const { state, stdout, both } = onePipe();
    const { emit, clock } = attached({}, both);
    stdout.writableLength = 5;
    emit("a");
    await clock.advance(50);
    expect(state.text).toBe("");
    stdout.writableLength = 0;
    await clock.advance(100);
    expect(bodiesOf(state.text)).toEqual(["a"]);
  });

  it("leaves streams alone that lead elsewhere", async () => {
    const { state, stdout, both } = onePipe();
    const descriptors = { ...both.descriptors, identity: (fd: number) => `another ${fd}` };
    const { emit, clock } = attached({}, { ...both, descriptors });
    stdout.writableLength = 5;
    emit("a");
    await clock.advance(0);
    expect(bodiesOf(state.text)).toEqual(["a"]);
  });
});

describe("ConsoleSink holding emit for a slow reader (design §13)", () => {
  function slow(room: number, maxBufferBytes = 1000) {
    const set = pipe(room);
    const inner = new ManualClock();
    const clock = sleepingClock(set.state, inner);
    const sink = new ConsoleSink({ maxBufferBytes }, { ...set.seams, clock });
    const own = new RecordingContext(clock);
    sink.attach(own);
    const emit = (body: string): void => {
      own.ledger.accept();
      sink.emit(testRecord({ body }));
    };
    return { ...set, sink, emit, inner, context: own };
  }

  it("waits rather than drop while the reader makes room", () => {
    const { state, sink, emit, context } = slow(10);
    state.onSleep = () => {
      state.room += 500;
    };
    for (let i = 0; i < 50; i++) emit(`${i}`);
    sink.flushSync();
    expect(context.ledger).toMatchObject({ delivered: 50, droppedTotal: 0 });
    expect(bodiesOf(state.text)).toHaveLength(50);
  });

  it("waits at most 100 ms at a time and a second in all, then drops the oldest", () => {
    const { state, emit, context } = slow(0);
    let longest = 0;
    for (let i = 0; i < 100; i++) {
      const before = state.slept;
      emit(`${i}`);
      longest = Math.max(longest, state.slept - before);
    }
    expect(longest).toBe(100);
    expect(state.slept).toBe(1000);
    expect(context.ledger.dropped("buffer_overflow")).toBeGreaterThan(50);
  });

  it("keeps to these times though the machine sleeps longer than it was asked to", () => {
    const { state, emit } = slow(0);
    state.oversleptMs = 6;
    let longest = 0;
    for (let i = 0; i < 100; i++) {
      const before = state.slept;
      emit(`${i}`);
      longest = Math.max(longest, state.slept - before);
    }
    expect(longest).toBeLessThan(110);
    expect(state.slept).toBeLessThan(1010);
  });

  it("waits at most 100 ms for one record, though that needs the room of several", () => {
    const { state, emit } = slow(0, 200_000);
    for (let i = 0; i < 4; i++) emit(`${i}`.repeat(65_000));
    state.onSleep = () => {
      if (state.slept % 60 === 0) state.room += 66_000;
    };
    emit("x".repeat(190_000));
    expect(state.slept).toBe(100);
  });

  it("waits again after the reader caught up: a burst has ended", async () => {
    const { state, emit, inner } = slow(0);
    for (let i = 0; i < 100; i++) emit(`${i}`);
    state.room = 100_000;
    await inner.advance(100);
    state.room = 0;
    for (let i = 0; i < 100; i++) emit(`${i}`);
    expect(state.slept).toBe(2000);
  });

  it("does not wait for a full disk, or for text of others that cannot leave meanwhile", () => {
    const disk = slow(0);
    disk.state.error = "ENOSPC";
    for (let i = 0; i < 100; i++) disk.emit(`${i}`);
    expect(disk.state.slept).toBe(0);
    const others = slow(0);
    others.stderr.writableLength = 5;
    for (let i = 0; i < 100; i++) others.emit(`${i}`);
    expect(others.state.slept).toBe(0);
  });
});

describe("ConsoleSink.flushSync on a standard stream (design §8 row 1)", () => {
  it("waits for a slow reader until everything is out", () => {
    const { state, seams } = pipe(0);
    state.onSleep = () => {
      state.room += 100;
    };
    const { sink, emit, context } = attached({}, seams);
    for (let i = 0; i < 100; i++) emit(i);
    sink.flushSync();
    expect(bodiesOf(state.text)).toHaveLength(100);
    expect(context.ledger).toMatchObject({ delivered: 100, pending: 0 });
  });

  it("writes past text of others that will never leave, on a line of its own: half a line of theirs may be out", () => {
    const { state, seams, stderr } = pipe(0);
    stderr.writableLength = 5;
    const { sink, emit } = attached({}, seams);
    state.onSleep = () => {
      state.room += 1;
    };
    emit("a");
    sink.flushSync();
    emit("b");
    sink.flushSync();
    expect(state.text[0]).toBe("\n");
    expect(bodiesOf(state.text.slice(1))).toEqual(["a", "b"]);
  });

  it("is patient with a reader that takes something now and then", () => {
    const { state, seams } = pipe(0);
    state.onSleep = () => {
      if (state.slept % 900 === 0) state.room += 100;
    };
    const { sink, emit, context } = attached({}, seams);
    emit("a", "b");
    sink.flushSync();
    expect(context.ledger.delivered).toBe(2);
    expect(state.slept).toBeGreaterThan(2000);
  });

  it("gives up after a second in which the reader took nothing, and the rest stays pending", () => {
    const { state, seams } = pipe(0);
    const inner = new ManualClock();
    const context = new RecordingContext(sleepingClock(state, inner));
    const sink = new ConsoleSink({}, seams);
    sink.attach(context);
    context.ledger.accept();
    sink.emit(testRecord());
    sink.flushSync();
    expect(state.slept).toBe(1000);
    expect(context.ledger.pending).toBe(1);
  });

  it("has no patience left for a reader that it gave up, until that takes something", () => {
    const { state, seams } = pipe(0);
    const { sink, emit } = attached({}, seams);
    for (let i = 0; i < 10; i++) {
      emit(i); // as handlers of the exit event do
      sink.flushSync();
    }
    expect(state.slept).toBe(1000);
    state.room = 10;
    sink.flushSync();
    expect(state.slept).toBe(2000);
  });

  it("is patient anew once everything was out", () => {
    const { state, seams } = pipe(0);
    const { sink, emit } = attached({}, seams);
    emit("a");
    sink.flushSync();
    state.room = 10_000;
    sink.flushSync();
    state.room = 0;
    emit("b");
    sink.flushSync();
    expect(state.slept).toBe(2000);
  });

  it("waits ten seconds in all, however often the reader takes a little", () => {
    const { state, seams } = pipe(0);
    state.onSleep = () => {
      if (state.slept % 10 === 0) state.room += 1;
    };
    const { sink, emit, context } = attached({}, seams);
    emit("x".repeat(50_000));
    sink.flushSync();
    sink.flushSync();
    expect(state.slept).toBe(10_000);
    expect(context.ledger.pending).toBe(1);
    state.room = 100_000;
    sink.flushSync(); // all out: what comes now has its own ten seconds
    expect(context.ledger.pending).toBe(0);
    state.room = 0;
    emit("x".repeat(50_000));
    sink.flushSync();
    expect(state.slept).toBe(20_000);
  });

  it("keeps to these times though the machine sleeps longer than it was asked to", () => {
    const { state, seams } = pipe(0);
    state.oversleptMs = 6;
    const sink = new ConsoleSink({}, { ...seams, clock: sleepingClock(state, new ManualClock()) });
    sink.emit(testRecord());
    sink.flushSync();
    expect(state.slept).toBeLessThan(1010);
  });

  it("does not wait for a full disk", () => {
    const { state, seams } = pipe();
    state.error = "ENOSPC";
    const { sink, emit } = attached({}, seams);
    emit("a");
    sink.flushSync();
    expect(state.slept).toBe(0);
  });

  it("smoke: node:fs and a real descriptor", () => {
    const directory = mkdtempSync(join(tmpdir(), "sink-console-"));
    const path = join(directory, "out");
    const fd = openSync(path, "w");
    try {
      const stderr = Object.assign(new EventEmitter(), { fd, _isStdio: true });
      Object.setPrototypeOf(stderr, { ...EventEmitter.prototype, write: () => true, writableLength: 0 });
      const { sink, emit } = attached(
        {},
        { process: { stderr, getBuiltinModule: (id) => process.getBuiltinModule(id) } },
      );
      for (let i = 0; i < 1000; i++) emit(`äöü ${i}`);
      sink.flushSync();
      expect(bodiesOf(readFileSync(path, "utf8"))).toEqual(Array.from({ length: 1000 }, (_, i) => `äöü ${i}`));
    } finally {
      closeSync(fd);
      rmSync(directory, { recursive: true });
    }
  });

  it("uses the stream where there is no node:fs", async () => {
    const { seams, streamWrites } = pipe();
    const { emit, clock } = attached({}, { process: seams.process });
    emit("a");
    await clock.advance(0);
    expect(streamWrites).toHaveLength(1);
  });
});
