import { AsyncLocalStorage } from "node:async_hooks";
import { EventEmitter } from "node:events";
import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import type { ConsoleStream, DescriptorWriter } from "../src/index.ts";
import { attached, bodiesOf, CodedError, nextTurn } from "./set-up.ts";

type Write = ConsoleStream["write"];

/** Says that what is stuck got out. */
let stuckDone: (() => void) | undefined;

/** A process whose stdout and stderr are real Node streams above two pipes with so many free bytes. */
function twoPipes(room = Number.POSITIVE_INFINITY) {
  const state = { room, error: undefined as string | undefined, text: ["", "", ""] };
  const descriptors: DescriptorWriter = {
    writeSync(fd, bytes, offset, length) {
      if (state.error !== undefined) throw new CodedError(state.error);
      const taken = Math.min(length, state.room);
      if (taken === 0) throw new CodedError("EAGAIN");
      state.room -= taken;
      state.text[fd] += Buffer.from(bytes.subarray(offset, offset + taken)).toString("latin1");
      return taken;
    },
    sleepSync: () => {},
    isPipe: () => true,
  };
  /** What gets past us into a stream's own queue, from which nothing leaves: it is a pipe that nobody reads. */
  const stuck: string[] = [];
  stuckDone = undefined;
  const standard = (fd: number): Writable & { write: Write } => {
    const stream = new Writable({
      decodeStrings: false,
      write(chunk: string | Buffer, _encoding, done) {
        stuck.push(chunk.toString());
        stuckDone = done;
      },
    });
    return Object.assign(stream, { fd, _isStdio: true }) as never;
  };
  const [stdout, stderr] = [standard(1), standard(2)];
  const process = { stdout, stderr };
  return { state, stuck, stdout, stderr, genuine: stdout.write as Write, seams: { process, descriptors } };
}

const unreadable = (): never => {
  throw new Error("no");
};

const bodies = (text: string | undefined): unknown[] => bodiesOf(text ?? "");

describe("a replaced write of a standard stream", () => {
  const forwards: Record<string, (genuine: Write, stream: ConsoleStream) => Write> = {
    "passes all arguments on":
      (genuine, stream) =>
      (...all) =>
        genuine.apply(stream, all),
    "forgets the callback": (genuine, stream) => (chunk) => genuine.call(stream, chunk),
    "forgets the answer as well": (genuine, stream) => (chunk) => void genuine.call(stream, chunk),
    "calls back before the time": (genuine, stream) => (chunk, callback) => {
      genuine.call(stream, chunk);
      callback?.();
      return true;
    },
    "is asynchronous": (genuine, stream) => async (chunk) => genuine.call(stream, chunk),
    "writes text in pieces": (genuine, stream) => (chunk) => {
      for (const piece of String(chunk).match(/.{1,7}|\n/gs) ?? []) genuine.call(stream, piece);
      return true;
    },
    "adds something of its own": (genuine, stream) => (chunk) => {
      genuine.call(stream, " ");
      return genuine.call(stream, chunk);
    },
    "throws afterwards": (genuine, stream) => (chunk) => {
      genuine.call(stream, chunk);
      throw new CodedError("EOOPS");
    },
  };

  it.each(Object.entries(forwards))("that %s: delivered when the system has it, not before", async (_, make) => {
    const { state, stuck, stdout, genuine, seams } = twoPipes(0);
    stdout.write = make(genuine, stdout) as typeof stdout.write;
    const { sink, emit, clock, context } = attached({ stream: "stdout" }, seams);
    emit("a");
    await clock.advance(50);
    expect(context.ledger).toMatchObject({ delivered: 0, pending: 1 });
    expect(await Promise.race([sink.flush(0), clock.advance(1)])).toMatchObject({ success: false });
    state.room = Number.POSITIVE_INFINITY;
    await clock.advance(200);
    expect(context.ledger).toMatchObject({ delivered: 1, pending: 0 });
    expect(bodies(state.text[1])).toEqual(["a"]);
    expect(stuck).toEqual([]);
  });

  it.each(Object.entries(forwards))("that %s: written at exit, in order", (_, make) => {
    const { state, stuck, stdout, genuine, seams } = twoPipes();
    stdout.write = make(genuine, stdout) as typeof stdout.write;
    const { sink, emit, context } = attached({ stream: "stdout" }, seams);
    const all = Array.from({ length: 700 }, (_, n) => `${n} ${"x".repeat(n)}`);
    emit(...all);
    sink.flushSync();
    expect(bodies(state.text[1])).toEqual(all);
    expect(context.ledger).toMatchObject({ delivered: 700, pending: 0 });
    expect(stuck).toEqual([]);
  });

  it("counts the very lines that got out as delivered when the reader stops in the middle of a chunk", () => {
    const { state, stdout, genuine, seams } = twoPipes(10_000);
    stdout.write = ((...all: Parameters<Write>) => genuine.apply(stdout, all)) as typeof stdout.write;
    const { sink, emit, context } = attached({ stream: "stdout" }, seams);
    for (let n = 0; n < 500; n++) emit(n);
    sink.flushSync();
    const whole = state.text[1]?.split("\n").length ?? 0;
    expect(whole).toBeGreaterThan(1);
    expect(context.ledger.delivered).toBe(whole - 1);
    expect(context.ledger.pending).toBe(500 - (whole - 1));
  });

  it("redirects to the other standard stream: delivered when that is out", async () => {
    const { state, stdout, stderr, genuine, seams } = twoPipes(0);
    stdout.write = genuine.bind(stderr) as typeof stdout.write;
    const { sink, emit, clock, context } = attached({ stream: "stdout" }, seams);
    emit("a", "b");
    await clock.advance(50);
    expect(context.ledger.delivered).toBe(0);
    state.room = Number.POSITIVE_INFINITY;
    sink.flushSync();
    expect(bodies(state.text[2])).toEqual(["a", "b"]);
    expect(context.ledger.delivered).toBe(2);
  });

  it.each([
    ["before the sink was made", true],
    ["afterwards", false],
  ])("gets the lines, whether it was put there %s", async (_, isBefore) => {
    const { state, stdout, seams } = twoPipes();
    const captured: string[] = [];
    const replace = (): void => {
      stdout.write = ((chunk: unknown) => captured.push(String(chunk)) > 0) as typeof stdout.write;
    };
    if (isBefore) replace();
    const { emit, clock, context } = attached({ stream: "stdout" }, seams);
    if (!isBefore) replace();
    emit("a");
    await clock.advance(0);
    expect(bodiesOf(captured.join(""))).toEqual(["a"]);
    expect(state.text[1]).toBe("");
    expect(context.ledger).toMatchObject({ delivered: 1, pending: 0 }); // it cannot call back
  });

  it("that is the platform's again writes by descriptor, though it is a property of the stream itself", async () => {
    const { state, stdout, genuine, seams } = twoPipes();
    stdout.write = genuine as typeof stdout.write;
    const { emit, clock } = attached({ stream: "stdout" }, seams);
    emit("a");
    await clock.advance(0);
    expect(bodies(state.text[1])).toEqual(["a"]);
  });

  it("that can call back and does not: the record waits, and flush says so", async () => {
    const { stdout, seams } = twoPipes();
    stdout.write = ((_chunk: unknown, _encoding: unknown, _callback: unknown) => true) as typeof stdout.write;
    const { sink, emit, clock, context } = attached({ stream: "stdout" }, seams);
    emit("a");
    await clock.advance(0);
    sink.flushSync();
    expect(context.ledger).toMatchObject({ delivered: 0, pending: 1 });
    const flush = sink.flush(100);
    await clock.advance(100);
    expect((await flush).failedSinks).toEqual([{ sinkId: sink.id, error: "timeout: 1 record still waiting" }]);
  });

  it.each([
    ["twice", [undefined, new CodedError("EIO")], { delivered: 1, dropped: {} }],
    ["with an error", [new CodedError("EIO")], { delivered: 0, dropped: { sink_error: 1 } }],
    [
      "with an error and then without",
      [new CodedError("EIO"), undefined],
      { delivered: 0, dropped: { sink_error: 1 } },
    ],
  ])("that calls back %s: the first time counts", async (_, answers, expected) => {
    const { stdout, seams } = twoPipes();
    stdout.write = ((_chunk: unknown, callback: (error?: Error) => void) => {
      for (const answer of answers) setImmediate(callback, answer);
      return true;
    }) as typeof stdout.write;
    const { emit, clock, context } = attached({ stream: "stdout" }, seams);
    emit("a");
    await clock.advance(0);
    await nextTurn();
    await nextTurn();
    expect(context.ledger.snapshot()).toMatchObject({ ...expected, pending: 0 });
  });

  it.each<[string, (callbacks: unknown[]) => Write]>([
    [
      "takes whatever comes",
      (callbacks) =>
        (...all) =>
          callbacks.push(all.at(-1)) > 0,
    ],
    [
      "looks at its arguments",
      (callbacks) =>
        function (): boolean {
          // biome-ignore lint/complexity/noArguments: that is what is tried
          return callbacks.push([...arguments].at(-1)) > 0;
        },
    ],
  ])("that %s is given a callback, and waited for", async (_, make) => {
    const { stdout, seams } = twoPipes();
    const callbacks: unknown[] = [];
    stdout.write = make(callbacks) as typeof stdout.write;
    const { emit, clock, context } = attached({ stream: "stdout" }, seams);
    emit("a");
    await clock.advance(0);
    expect(context.ledger.pending).toBe(1);
    (callbacks[0] as () => void)();
    expect(context.ledger.delivered).toBe(1);
  });

  it("that logs into a sink whose chunk waited in the port does not go on for ever either", async () => {
    const { state, stdout, genuine, seams } = twoPipes(10);
    const one = attached({ id: "1", stream: "stdout" }, seams);
    const two = attached({ id: "2", stream: "stdout" }, seams);
    one.emit("one");
    await one.clock.advance(0);
    two.emit("two");
    await two.clock.advance(0);
    stdout.write = ((...all: Parameters<Write>) => {
      two.emit("inner");
      return genuine.apply(stdout, all);
    }) as typeof stdout.write;
    state.room = Number.POSITIVE_INFINITY;
    for (const { clock } of [one, two, one, two]) await clock.advance(200);
    expect(bodies(state.text[1])).toEqual(["one", "two"]);
    expect(two.context.ledger.snapshot()).toEqual({
      accepted: 2,
      delivered: 1,
      pending: 0,
      dropped: { sink_error: 1 },
    });
  });

  it("that answers false is given nothing more until it calls back", async () => {
    const { stdout, seams } = twoPipes();
    const callbacks: (() => void)[] = [];
    stdout.write = ((_chunk: unknown, callback: () => void) => callbacks.push(callback) < 0) as typeof stdout.write;
    const { emit, clock } = attached({ stream: "stdout" }, seams);
    emit("a");
    await clock.advance(0);
    emit("b");
    await clock.advance(500);
    expect(callbacks).toHaveLength(1);
    callbacks[0]?.();
    expect(callbacks).toHaveLength(2);
  });

  it("that fails below: the loss is counted once, and the error event ends nothing", async () => {
    const { state, stdout, genuine, seams } = twoPipes();
    stdout.write = ((...all: Parameters<Write>) => genuine.apply(stdout, all)) as typeof stdout.write;
    state.error = "EPIPE";
    const { emit, clock, context } = attached({ stream: "stdout" }, seams);
    emit("a", "b");
    await clock.advance(0);
    await nextTurn();
    expect(context.ledger.snapshot()).toMatchObject({ delivered: 0, pending: 0, dropped: { sink_error: 2 } });
    expect(context.errors.map(({ type }) => type)).toEqual(["EPIPE"]);
  });

  it("that meets a full disk below: the trouble is reported and the lines wait", async () => {
    const { state, stdout, genuine, seams } = twoPipes();
    stdout.write = ((chunk: string) => genuine.call(stdout, chunk)) as typeof stdout.write;
    state.error = "ENOSPC";
    const { emit, clock, context } = attached({ stream: "stdout" }, seams);
    emit("a");
    await clock.advance(0);
    expect(context.errors.map(({ type }) => type)).toEqual(["ENOSPC"]);
    expect(context.ledger.pending).toBe(1);
    state.error = undefined;
    await clock.advance(1000);
    expect(bodies(state.text[1])).toEqual(["a"]);
  });

  it("leaves the stream as it was, once everything is out", async () => {
    const { stdout, stderr, genuine, seams } = twoPipes();
    stdout.write = ((...all: Parameters<Write>) => genuine.apply(stdout, all)) as typeof stdout.write;
    const { emit, clock } = attached({ stream: "stdout" }, seams);
    const before = [stdout, stderr].map((stream) => Object.getOwnPropertyDescriptor(stream, "_write")?.value);
    emit("a");
    await clock.advance(0);
    const after = [stdout, stderr].map((stream) => Object.getOwnPropertyDescriptor(stream, "_write")?.value);
    expect(after).toEqual(before);
  });

  it("lets text of others that queued up behind it out, in order", async () => {
    const { state, stdout, genuine, seams } = twoPipes(0);
    stdout.write = ((...all: Parameters<Write>) => genuine.apply(stdout, all)) as typeof stdout.write;
    const { emit, clock, context } = attached({ stream: "stdout" }, seams);
    emit("a");
    await clock.advance(0);
    genuine.call(stdout, "others\n");
    state.room = Number.POSITIVE_INFINITY;
    await clock.advance(200);
    const [first, second] = (state.text[1] ?? "").split("\n");
    expect(bodiesOf(`${first}\n`)).toEqual(["a"]);
    expect(second).toBe("others");
    expect(context.ledger.delivered).toBe(1);
  });

  it("that logs into its sink, from a retry as well, does not go on for ever (D-63)", async () => {
    const { state, stdout, genuine, seams } = twoPipes(0);
    const { emit, clock, context } = attached({ stream: "stdout" }, seams);
    stdout.write = ((...all: Parameters<Write>) => {
      emit("inner");
      return genuine.apply(stdout, all);
    }) as typeof stdout.write;
    emit("x".repeat(60_000), "y".repeat(60_000));
    await clock.advance(0);
    state.room = Number.POSITIVE_INFINITY;
    await clock.advance(1000);
    expect(bodies(state.text[1])).toHaveLength(2);
    expect(context.ledger.snapshot()).toEqual({ accepted: 4, delivered: 2, pending: 0, dropped: { sink_error: 2 } });
  });
});

describe("a standard stream that is not what it was", () => {
  it.each([
    ["has no write any more", (stdout: object) => Reflect.set(stdout, "write", undefined)],
    [
      "has a write that cannot be read",
      (stdout: object) => Object.defineProperty(stdout, "write", { get: unreadable }),
    ],
  ])("%s: what it was given is lost and counted, nothing throws, from a timer neither", async (_, change) => {
    const { state, stdout, seams } = twoPipes(10);
    const { sink, emit, clock, context } = attached({ stream: "stdout" }, seams);
    emit("a");
    await clock.advance(0);
    change(stdout);
    emit("x".repeat(70_000));
    await clock.advance(500);
    state.room = Number.POSITIVE_INFINITY;
    await clock.advance(500);
    sink.flushSync();
    expect(bodies(state.text[1])).toEqual(["a"]); // it had begun
    expect(context.ledger.snapshot()).toMatchObject({ delivered: 1, pending: 0, dropped: { sink_error: 1 } });
  });

  it("does not say how much it holds: it is written by descriptor all the same", async () => {
    const { state, stdout, seams } = twoPipes();
    Object.defineProperty(stdout, "writableLength", { get: unreadable });
    const { emit, clock } = attached({ stream: "stdout" }, seams);
    emit("a");
    await clock.advance(0);
    expect(bodies(state.text[1])).toEqual(["a"]);
  });
});

describe("a standard stream that the application put in the place of the platform's", () => {
  it("is written to itself, though it has a descriptor", async () => {
    const { seams, state } = twoPipes();
    const seen: string[] = [];
    const own = new Writable({ write: (chunk, _encoding, done) => done(void seen.push(String(chunk)) as never) });
    const stdout = Object.assign(own, { fd: 1 });
    const { emit, clock } = attached({ stream: "stdout" }, { ...seams, process: { ...seams.process, stdout } });
    emit("a");
    await clock.advance(0);
    expect(bodiesOf(seen.join(""))).toEqual(["a"]);
    expect(state.text[1]).toBe("");
  });

  it("is not delivered when it is a proxy, until the stream below is out", async () => {
    const { state, stdout, seams } = twoPipes(0);
    const proxy = new Proxy(stdout, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    const { emit, clock, context } = attached({ stream: proxy as ConsoleStream }, seams);
    emit("a");
    await clock.advance(50);
    expect(context.ledger.delivered).toBe(0);
    state.room = Number.POSITIVE_INFINITY;
    await clock.advance(200);
    expect(bodies(state.text[1])).toEqual(["a"]);
    expect(context.ledger.delivered).toBe(1);
  });
});

describe("an object that writes to a standard stream", () => {
  it.each([
    ["answers what the stream answers", (stdout: ConsoleStream) => (text: string | Uint8Array) => stdout.write(text)],
    ["answers nothing", (stdout: ConsoleStream) => (text: string | Uint8Array) => void stdout.write(text)],
  ])("and %s: delivered when that is out, and out at exit", (_, make) => {
    const { state, stdout, seams } = twoPipes(0);
    const { sink, emit, context } = attached({ stream: { write: make(stdout as ConsoleStream) } }, seams);
    emit("a", "b");
    sink.flushSync();
    expect(context.ledger).toMatchObject({ delivered: 0, pending: 2 });
    state.room = Number.POSITIVE_INFINITY;
    sink.flushSync();
    expect(bodies(state.text[1])).toEqual(["a", "b"]);
    expect(context.ledger).toMatchObject({ delivered: 2, pending: 0 });
  });

  it("behind text of others that is stuck there: delivered when it got out after that", async () => {
    const { state, stuck, stdout, genuine, seams } = twoPipes();
    const { emit, clock, context } = attached({ stream: { write: (text) => stdout.write(text) } }, seams);
    genuine.call(stdout, "others\n"); // in the stream's own hands
    emit("a");
    await clock.advance(0);
    expect(stuck).toEqual(["others\n"]);
    expect(context.ledger).toMatchObject({ delivered: 0, pending: 1 });
    stuckDone?.();
    await nextTurn();
    expect(bodies(state.text[1])).toEqual(["a"]);
    expect(context.ledger.delivered).toBe(1);
  });

  it("while a torn line of ours is there: that is finished first", async () => {
    const { state, stdout, seams } = twoPipes(10);
    const direct = attached({ stream: "stdout" }, seams);
    const through = attached({ id: "2", stream: { write: (text) => stdout.write(text) } }, seams);
    direct.emit("direct");
    await direct.clock.advance(0);
    through.emit("through");
    await through.clock.advance(0);
    state.room = Number.POSITIVE_INFINITY;
    await direct.clock.advance(200);
    expect(bodies(state.text[1])).toEqual(["direct", "through"]);
    expect([direct.context.ledger.delivered, through.context.ledger.delivered]).toEqual([1, 1]);
  });
});

describe("a stream of the application", () => {
  it("that writes to stdout: at exit exactly those lines are delivered that got out", () => {
    const { state, stdout, seams } = twoPipes(0);
    const stream = new Writable({ write: (chunk, encoding, done) => void stdout.write(chunk, encoding, done) });
    const { sink, emit, context } = attached({ stream }, seams);
    for (let n = 0; n < 5; n++) emit(`${n} ${"x".repeat(40_000)}`);
    sink.flushSync();
    state.room = Number.POSITIVE_INFINITY;
    sink.flushSync();
    const out = bodies(state.text[1]).length;
    expect(out).toBeGreaterThan(1);
    expect(context.ledger).toMatchObject({ delivered: out, pending: 5 - out });
  });

  it("that says something on stdout and keeps the record is not done by that", async () => {
    const { state, stdout, seams } = twoPipes();
    const stream = new Writable({ write: () => void stdout.write("sending\n") });
    const { emit, clock, context } = attached({ stream }, seams);
    emit("a");
    await clock.advance(0);
    expect(state.text[1]).toBe("sending\n");
    expect(context.ledger).toMatchObject({ delivered: 0, pending: 1 });
  });

  it("in object mode is delivered when it calls back", async () => {
    const callbacks: (() => void)[] = [];
    const stream = new Writable({ objectMode: true, write: (_chunk, _encoding, done) => void callbacks.push(done) });
    const { emit, clock, context } = attached({ stream });
    emit("a");
    await clock.advance(0);
    expect(context.ledger.pending).toBe(1);
    callbacks[0]?.();
    await nextTurn();
    expect(context.ledger.delivered).toBe(1);
  });

  it("is out at exit when its class says that nothing waits, and not when its own write keeps the bytes", () => {
    class Keeps extends Writable {
      override write(_chunk: unknown, _encoding?: unknown, _callback?: unknown): boolean {
        return true;
      }
    }
    const lets = attached({ stream: new Writable({ write: (_chunk, _encoding, done) => done() }) });
    const keeps = attached({ stream: new Keeps() });
    for (const { sink, emit } of [lets, keeps]) {
      emit("a");
      sink.flushSync();
    }
    expect(lets.context.ledger.delivered).toBe(1);
    expect(keeps.context.ledger).toMatchObject({ delivered: 0, pending: 1 });
  });

  it("that was destroyed has not delivered what it was given, at exit either", () => {
    const stream = new Writable({ write: () => {} });
    const { sink, emit, context } = attached({ stream });
    stream.destroy();
    emit("a");
    sink.flushSync();
    expect(context.ledger.snapshot()).toMatchObject({ delivered: 0, dropped: { sink_error: 1 } });
  });

  it("whose replaced write leaves the bytes in the stream is not done when it returns", async () => {
    const callbacks: (() => void)[] = [];
    const stream = new Writable({ write: (_chunk, _encoding, done) => void callbacks.push(done) });
    const genuine = stream.write as Write;
    stream.write = ((chunk: string) => genuine.call(stream, chunk)) as typeof stream.write;
    const { emit, clock, context } = attached({ stream });
    emit("a");
    await clock.advance(0);
    expect(context.ledger.delivered).toBe(0);
    callbacks[0]?.();
    await nextTurn();
    expect(context.ledger.delivered).toBe(1);
  });

  it.each([
    ["a thenable that cannot be read", new Proxy({}, { get: unreadable })],
    ["a symbol", Symbol("nonsense")],
    ["NaN", Number.NaN],
  ])("may answer %s", async (_, answer) => {
    const { emit, clock, context } = attached({ stream: { write: () => answer } });
    emit("a");
    await clock.advance(0);
    expect(context.ledger.snapshot()).toMatchObject({ delivered: 1, dropped: {} });
  });

  it("whose promise rejects beside a callback that never comes has lost the record, and nobody hears an unhandled one", async () => {
    const stream = Object.assign(new EventEmitter(), {
      write: async (_chunk: unknown, _callback: unknown): Promise<boolean> => {
        throw new CodedError("ECONNRESET");
      },
    });
    const { emit, clock, context } = attached({ stream: stream as ConsoleStream });
    emit("a");
    await clock.advance(0);
    await nextTurn();
    expect(context.ledger.snapshot()).toMatchObject({ pending: 0, dropped: { sink_error: 1 } });
  });

  it("is written to in the asynchronous context in which the sink was made, not in that of a record (field C)", async () => {
    const user = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    const stream = { write: (): void => void seen.push(user.getStore()) };
    const { emit, clock, sink } = user.run("start", () => attached({ stream }));
    user.run("alice", () => emit("a"));
    await user.run("bob", () => clock.advance(0));
    user.run("alice", () => emit("b"));
    user.run("carol", () => sink.flushSync());
    expect(seen).toEqual(["start", "start"]);
  });
});
