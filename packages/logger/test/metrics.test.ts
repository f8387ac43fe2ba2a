import type { SinkContext } from "@dagstack/logger-core";
import { InMemorySink } from "@dagstack/sink-memory";
import { describe, expect, it } from "vitest";
import { configure, Logger } from "../src/index.ts";
import { AttachedProbe, brokenSink, configureWithDiagnostics, ProbeSink, resetAfterEach } from "./probe-sinks.ts";

const boom = (): never => {
  throw new TypeError("boom");
};
const contextOf = (sink: AttachedProbe): SinkContext => sink.context as SinkContext;
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("§12 Logger.metrics.snapshot()", () => {
  resetAfterEach();

  it("design §13: has this shape, and JSON can hold it", async () => {
    configureWithDiagnostics({ sinks: [brokenSink("broken", { emit: boom }), new ProbeSink("good")] });
    Logger.get("m.a").info("1");
    Logger.get("m.a").error("2");
    Logger.get().warn("3");
    await Logger.flush();
    const snapshot = Logger.metrics.snapshot();
    const { activeLoggers, sinks, ...rest } = JSON.parse(JSON.stringify(snapshot)) as typeof snapshot;
    expect({ activeLoggers, sinks, ...rest }).toEqual(snapshot);
    expect(activeLoggers).toBeGreaterThanOrEqual(2);
    expect(rest).toEqual({
      emitted: { "m.a": { INFO: 1, ERROR: 1 }, root: { WARN: 1 } },
      reconfigure: { ok: 0, rejected: 0, error: 0 },
    });
    expect(sinks.broken).toEqual({
      accepted: 3,
      delivered: 0,
      pending: 0,
      dropped: { sink_error: 3 },
      errors: { TypeError: 3 },
      flushes: { count: 1, seconds: expect.any(Number) as number },
    });
    expect(sinks.good).toMatchObject({ accepted: 3, delivered: 3, pending: 0, dropped: {}, errors: {} });
  });

  it("emitted counts each record once, however many sinks it has, and none below the level", () => {
    configure({ sinks: [new ProbeSink("1"), new ProbeSink("2")] });
    const log = Logger.get("m.b");
    log.info("x");
    log.debug("y");
    expect(Logger.metrics.snapshot().emitted).toEqual({ "m.b": { INFO: 1 } });
  });

  it("the severity label is the text, for intermediate numbers too (D-84)", () => {
    configure({ sinks: [new ProbeSink()] });
    Logger.get("m.c").log(11, "x");
    expect(Logger.metrics.snapshot().emitted).toEqual({ "m.c": { INFO: 1 } });
  });

  it("counts by name, not by handle: children and versions together", () => {
    configure({ sinks: [new ProbeSink()] });
    Logger.get("m.d", "1").child({ a: 1 }).info("x");
    Logger.get("m.d", "2").info("y");
    expect(Logger.metrics.snapshot().emitted["m.d"]).toEqual({ INFO: 2 });
  });

  it("a name such as __proto__ is counted like any other", () => {
    configure({ sinks: [new ProbeSink("__proto__")] });
    Logger.get("__proto__").info("x");
    const { emitted, sinks } = Logger.metrics.snapshot();
    expect([Object.keys(emitted), Object.keys(sinks)]).toEqual([["__proto__"], expect.arrayContaining(["__proto__"])]);
  });

  it("activeLoggers counts names that have a logger, not those that a configuration or a look-up mentions", () => {
    const before = Logger.metrics.snapshot().activeLoggers;
    const logging = configure({ sinks: [], loggers: { "m.mentioned": "debug" } });
    logging.explain("m.looked.up");
    expect(Logger.metrics.snapshot().activeLoggers).toBe(before);
    Logger.get("m.new", "1");
    Logger.get("m.new", "2");
    expect(Logger.metrics.snapshot().activeLoggers).toBe(before + 1);
  });

  it("is a copy: later records do not change it", () => {
    configure({ sinks: [new ProbeSink("s")] });
    const snapshot = Logger.metrics.snapshot();
    const text = JSON.stringify(snapshot);
    Logger.get("m.e").info("x");
    expect(JSON.stringify(snapshot)).toBe(text);
  });

  it("Logger.reset() zeroes the counters; what is pending then is counted no more", () => {
    const sink = new AttachedProbe("attached");
    configure({ sinks: [sink] });
    Logger.get("m.f").info("1");
    Logger.get("m.f").info("2");
    contextOf(sink).onDelivered(1);
    Logger.reset();
    expect(Logger.metrics.snapshot().emitted).toEqual({});
    expect(Logger.metrics.snapshot().sinks).toEqual({});
    configure({ sinks: [sink] });
    Logger.get("m.f").info("3");
    contextOf(sink).onDelivered(1);
    expect(Logger.metrics.ledger("attached")).toEqual({ accepted: 1, delivered: 0, pending: 1, dropped: {} });
    contextOf(sink).onDrop(1, "sink_error");
    expect(Logger.metrics.ledger("attached")).toEqual({
      accepted: 1,
      delivered: 0,
      pending: 0,
      dropped: { sink_error: 1 },
    });
  });
});

describe("the ledger: accepted = delivered + dropped + pending", () => {
  resetAfterEach();

  it("a sink without attach is counted by what its calls show", () => {
    let calls = 0;
    const sink = brokenSink("s", {
      emit: () => {
        calls += 1;
        if (calls % 3 === 0) boom();
      },
    });
    configureWithDiagnostics({ sinks: [sink] });
    for (let n = 0; n < 10; n++) Logger.get("a").info(n);
    expect(Logger.metrics.ledger("s")).toEqual({ accepted: 10, delivered: 7, pending: 0, dropped: { sink_error: 3 } });
  });

  it("a sink with attach is counted by what it tells, when it tells it", () => {
    const sink = new AttachedProbe("s");
    configureWithDiagnostics({ sinks: [sink] });
    for (let n = 0; n < 10; n++) Logger.get("a").info(n);
    expect(Logger.metrics.ledger("s")).toMatchObject({ accepted: 10, pending: 10 });
    contextOf(sink).onDelivered(4);
    contextOf(sink).onDrop(3, "buffer_overflow");
    contextOf(sink).onDrop(1, "sink_error");
    expect(Logger.metrics.ledger("s")).toEqual({
      accepted: 10,
      delivered: 4,
      pending: 2,
      dropped: { buffer_overflow: 3, sink_error: 1 },
    });
    expect(Logger.metrics.droppedTotal("s")).toBe(4);
  });

  it("a sink that tells during emit is exact at every instant", () => {
    const sink = new AttachedProbe("s");
    const pending: number[] = [];
    sink.emit = () => {
      pending.push(Logger.metrics.ledger("s").pending);
      contextOf(sink).onDelivered(1);
      pending.push(Logger.metrics.ledger("s").pending);
    };
    configure({ sinks: [sink] });
    Logger.get("a").info("x");
    expect(pending).toEqual([1, 0]);
  });

  it("a sink that attaches but never tells is settled by its flush", async () => {
    configure({ sinks: [new AttachedProbe("s")] });
    Logger.get("a").info("1");
    expect(Logger.metrics.ledger("s").pending).toBe(1);
    await Logger.flush();
    expect(Logger.metrics.ledger("s")).toEqual({ accepted: 1, delivered: 1, pending: 0, dropped: {} });
  });

  it("a flush settles only what was accepted before it, and nothing when it fails", async () => {
    const sink = new AttachedProbe("s");
    sink.flush = () => {
      Logger.get("a").info("during");
      return Promise.resolve({ success: true, partial: false, failedSinks: [] });
    };
    configure({ sinks: [sink] });
    Logger.get("a").info("before");
    await Logger.flush();
    expect(Logger.metrics.ledger("s")).toMatchObject({ delivered: 1, pending: 1 });
    sink.flush = () => Promise.resolve({ success: false, partial: false, failedSinks: [] });
    await Logger.flush();
    expect(Logger.metrics.ledger("s")).toMatchObject({ delivered: 1, pending: 1 });
  });

  it("a flush does not settle for a sink that tells", async () => {
    const sink = new AttachedProbe("s");
    configure({ sinks: [sink] });
    Logger.get("a").info("1");
    Logger.get("a").info("2");
    contextOf(sink).onDelivered(1);
    await Logger.flush();
    expect(Logger.metrics.ledger("s")).toMatchObject({ delivered: 1, pending: 1 });
  });

  it("a sink that throws after it told of the record does not count it twice", () => {
    const sink = new AttachedProbe("s");
    sink.emit = () => {
      contextOf(sink).onDelivered(1);
      boom();
    };
    configureWithDiagnostics({ sinks: [sink] });
    Logger.get("a").info("x");
    expect(Logger.metrics.ledger("s")).toEqual({ accepted: 1, delivered: 1, pending: 0, dropped: {} });
    expect(Logger.metrics.snapshot().sinks.s?.errors).toEqual({ TypeError: 1 });
  });

  it("a sink cannot tell of more records than it was given, nor of numbers that are none", () => {
    const sink = new AttachedProbe("s");
    const { diagnostics } = configureWithDiagnostics({ sinks: [sink] });
    Logger.get("a").info("1");
    for (const count of [-1, 0, 0.5, Number.NaN, Infinity, "1" as never]) contextOf(sink).onDelivered(count);
    expect(Logger.metrics.ledger("s").pending).toBe(1);
    contextOf(sink).onDelivered(5);
    contextOf(sink).onDrop(5, "buffer_overflow");
    expect(diagnostics.records).toEqual([]);
    expect(Logger.metrics.ledger("s")).toEqual({ accepted: 1, delivered: 1, pending: 0, dropped: {} });
  });

  it("an emit that is async is pending until it settles, also across a flush", async () => {
    const settle: { resolve: () => void; reject: (error: unknown) => void }[] = [];
    const sink = brokenSink("s", {
      emit: () => new Promise<void>((resolve, reject) => settle.push({ resolve, reject })),
    });
    configureWithDiagnostics({ sinks: [sink] });
    for (let n = 0; n < 3; n++) Logger.get("a").info(n);
    await Logger.flush();
    expect(Logger.metrics.ledger("s")).toMatchObject({ delivered: 0, pending: 3 });
    settle[0]?.resolve();
    settle[1]?.reject(new TypeError("boom"));
    await settled();
    expect(Logger.metrics.ledger("s")).toEqual({ accepted: 3, delivered: 1, pending: 1, dropped: { sink_error: 1 } });
  });

  it("an async emit that settles after the close ran out of time changes nothing", async () => {
    let resolve = (): void => {};
    const sink = brokenSink("s", {
      emit: () =>
        new Promise<void>((done) => {
          resolve = done;
        }),
    });
    configureWithDiagnostics({ sinks: [sink] });
    Logger.get("a").info("x");
    await Logger.close(10);
    resolve();
    await settled();
    expect(Logger.metrics.ledger("s")).toEqual({ accepted: 1, delivered: 0, pending: 0, dropped: { closed: 1 } });
  });

  it("D-59: evictions of a ring are drops, the same in its own count and in ours", () => {
    const sink = new InMemorySink({ id: "ring", capacity: 3 });
    const { diagnostics } = configureWithDiagnostics({ sinks: [sink] });
    for (let n = 0; n < 5; n++) Logger.get("a").info(n);
    expect(Logger.metrics.ledger("ring")).toEqual({
      accepted: 5,
      delivered: 3,
      pending: 0,
      dropped: { buffer_overflow: 2 },
    });
    expect(sink.droppedCount).toBe(2);
    expect(diagnostics.records).toEqual([]); // that is how a ring works
  });

  it("successive sinks of one id share the counters of the id, and each keeps its own books", async () => {
    const first = new AttachedProbe("s");
    configureWithDiagnostics({ sinks: [first] });
    Logger.get("a").info("1");
    const second = new AttachedProbe("s");
    configureWithDiagnostics({ sinks: [second] });
    Logger.get("a").info("2");
    contextOf(first).onDrop(1, "buffer_overflow");
    expect(Logger.metrics.ledger("s")).toEqual({
      accepted: 2,
      delivered: 0,
      pending: 1,
      dropped: { buffer_overflow: 1 },
    });
    contextOf(second).onDelivered(1);
    expect(Logger.metrics.ledger("s")).toMatchObject({ accepted: 2, delivered: 1, pending: 0 });
    await Logger.flush(50);
  });

  it("droppedTotal and ledger of an unknown sink are zero and make no entry", () => {
    configure({ sinks: [] });
    const ids = Object.keys(Logger.metrics.snapshot().sinks);
    expect(Logger.metrics.droppedTotal("nobody")).toBe(0);
    expect(Logger.metrics.ledger("nobody")).toEqual({ accepted: 0, delivered: 0, pending: 0, dropped: {} });
    expect(Object.keys(Logger.metrics.snapshot().sinks)).toEqual(ids);
  });

  it("D-48: records of an ended scope count under the sink *", async () => {
    configureWithDiagnostics({ sinks: [] });
    let ended: Logger | undefined;
    await Logger.get("a").withScopedSinks([], (scoped) => {
      ended = scoped;
    });
    ended?.info("x");
    ended?.info("y");
    expect(Logger.metrics.ledger("*")).toEqual({ accepted: 2, delivered: 0, pending: 0, dropped: { scope_ended: 2 } });
  });
});

describe("D-94 sinks that are gone", () => {
  resetAfterEach();

  const sums = (): number[] => {
    const all = Object.values(Logger.metrics.snapshot().sinks);
    return (["accepted", "delivered", "pending"] as const).map((key) => all.reduce((sum, one) => sum + one[key], 0));
  };
  /** An id that some other sink still bears is not gone, so each test has ids of its own. */
  let run = 0;
  const replaced = async (): Promise<Logger> => {
    run += 1;
    configureWithDiagnostics({ sinks: [brokenSink(`old-${run}`, { emit: boom })] });
    const log = Logger.get("a");
    const scoped = log.scoped({ appendSinks: [new ProbeSink(`scoped-${run}`)] });
    scoped.info("1");
    await log.flush();
    configureWithDiagnostics({ sinks: [new ProbeSink(`new-${run}`)] });
    await scoped.close();
    await Logger.flush();
    log.info("2");
    return scoped;
  };

  it("are told once after they are closed, then summed up as retired; totals stay exact", async () => {
    await replaced();
    expect(Object.keys(Logger.metrics.snapshot().sinks)).toEqual(
      expect.arrayContaining(["old-1", "scoped-1", "new-1"]),
    );
    const { "old-1": old, "scoped-1": scoped, retired, "new-1": current } = Logger.metrics.snapshot().sinks;
    expect([old, scoped]).toEqual([undefined, undefined]);
    expect(retired).toMatchObject({ accepted: 2, delivered: 1, dropped: { sink_error: 1 }, errors: { TypeError: 1 } });
    expect(retired?.flushes.count).toBeGreaterThanOrEqual(3);
    expect(current).toMatchObject({ accepted: 1, delivered: 1 });
    expect(Logger.metrics.droppedTotal("retired")).toBe(1);
    expect(Logger.metrics.ledger("old-1")).toMatchObject({ accepted: 0 });
  });

  it("what is counted of one later counts under its id anew", async () => {
    const scoped = await replaced();
    const before = [sums(), sums()].at(-1) as number[];
    scoped.info("late");
    expect(Logger.metrics.snapshot().sinks[`scoped-${run}`]).toMatchObject({ accepted: 1, dropped: { closed: 1 } });
    expect(sums()[0]).toBe((before[0] ?? 0) + 2);
  });

  it("one that is configured again is not gone", async () => {
    const sink = new ProbeSink("gone-again");
    configureWithDiagnostics({ sinks: [sink] });
    Logger.get("a").info("1");
    await Logger.close();
    for (let n = 0; n < 3; n++) expect(Logger.metrics.snapshot().sinks["gone-again"]?.delivered).toBe(1);
    configureWithDiagnostics({ sinks: [] });
    await Logger.flush();
    for (let n = 0; n < 3; n++) Logger.metrics.snapshot();
    configureWithDiagnostics({ sinks: [sink] });
    Logger.get("a").info("2");
    for (let n = 0; n < 3; n++) expect(Logger.metrics.snapshot().sinks["gone-again"]?.delivered).toBe(1);
  });

  it("one whose records are open is not gone", async () => {
    const sink = new AttachedProbe("gone-slow");
    configureWithDiagnostics({ sinks: [sink] });
    Logger.get("a").info("1");
    sink.flush = () => new Promise(() => {});
    configureWithDiagnostics({ sinks: [] });
    for (let n = 0; n < 3; n++) expect(Logger.metrics.snapshot().sinks["gone-slow"]?.pending).toBe(1);
  });

  it("a sink for each request: what is kept is bounded though nobody looks, and all is counted", async () => {
    configureWithDiagnostics({ sinks: [] });
    const log = Logger.get("a");
    for (let n = 0; n < 2000; n++) {
      const scoped = log.scoped({ sinks: [new ProbeSink(`gone-request-${n}`)] });
      scoped.info("x");
      await scoped.close();
    }
    const { sinks } = Logger.metrics.snapshot();
    expect(Object.keys(sinks).length).toBeLessThan(600);
    expect(sums().slice(0, 2)).toEqual([2000, 2000]);
  });
});
