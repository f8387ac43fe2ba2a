import type { FlushResult, SinkContext } from "@dagstack/logger-core";
import { ManualClock } from "@dagstack/logger-core/testing";
import { CallbackSink } from "@dagstack/sink-callback";
import { InMemorySink } from "@dagstack/sink-memory";
import { describe, expect, it } from "vitest";
import { configure, Logger } from "../src/index.ts";
import { endsAt } from "./ends-at.ts";
import { readFixture } from "./fixtures.ts";
import {
  AttachedProbe,
  brokenSink,
  configureWithDiagnostics,
  configureWithoutDiagnostics,
  eventsNamed,
  never,
  ProbeSink,
  resetAfterEach,
} from "./probe-sinks.ts";

interface MergeCase {
  readonly sinks: readonly { readonly id: string; readonly answer: object | string }[];
  readonly timeout_ms?: number;
  readonly result: {
    readonly success: boolean;
    readonly partial: boolean;
    readonly failed?: readonly string[];
    readonly settles_within_ms?: number;
  };
}

const { flush_merge: mergeCases } = readFixture<{ flush_merge: readonly MergeCase[] }>("sinks/queue.json");

const boom = (): never => {
  throw new TypeError("boom");
};

function answering(answer: object | string): () => unknown {
  switch (answer) {
    case "undefined":
      return () => undefined;
    case "throws":
      return boom;
    case "rejects":
      return () => Promise.reject(new TypeError("boom"));
    case "never settles":
      return () => never;
    default:
      return () => answer;
  }
}

const contextOf = (sink: AttachedProbe): SinkContext => sink.context as SinkContext;

describe("§13 flush", () => {
  resetAfterEach();

  describe.each(["at once", "as a promise"])("queue.json flush_merge, answers %s", (how) => {
    it.each(mergeCases)("$sinks", async ({ sinks, timeout_ms, result }) => {
      const clock = new ManualClock();
      configureWithoutDiagnostics({
        sinks: sinks.map(({ id, answer }) => {
          const flush = answering(answer);
          return brokenSink(id, { flush: how === "at once" ? flush : async () => flush() });
        }),
        clock,
      });
      const merged = await endsAt(clock, timeout_ms ?? 0, Logger.flush(timeout_ms));
      expect(merged).toMatchObject({ success: result.success, partial: result.partial });
      expect(merged.failedSinks.map((failed) => failed.sinkId)).toEqual(result.failed ?? []);
    });
  });

  it("D-51: the result is complete: success, partial, failedSinks, droppedCount", async () => {
    configure({ sinks: [new ProbeSink()] });
    expect(await Logger.flush()).toEqual({ success: true, partial: false, failedSinks: [], droppedCount: 0 });
  });

  it("flushes every distinct sink of the process once, whichever logger it belongs to", async () => {
    const [root, own, shared] = [new ProbeSink("root"), new ProbeSink("own"), new ProbeSink("shared")];
    configure({ sinks: [root, shared], loggers: { "f.a": { sinks: [own, shared] } } });
    const scoped = new ProbeSink("scoped");
    const handle = Logger.get("f.b").appendSinks([scoped]);
    handle.info("x");
    await Logger.flush();
    expect([root, own, shared, scoped].map((sink) => sink.calls.filter((call) => call === "flush").length)).toEqual([
      1, 1, 1, 1,
    ]);
  });

  it("logger.flush() flushes that logger's sinks only", async () => {
    const [root, own] = [new ProbeSink("root"), new ProbeSink("own")];
    configure({ sinks: [root], loggers: { "f.c": { sinks: [own] } } });
    await Logger.get("f.c.child").flush();
    expect([root.calls, own.calls]).toEqual([[], ["flush"]]);
  });

  it("sinks are flushed in parallel under one deadline, which each is told", async () => {
    const clock = new ManualClock();
    const told: unknown[] = [];
    const slow = (id: string): ProbeSink =>
      brokenSink(id, {
        flush: (timeoutMs: number) => {
          told.push(timeoutMs);
          return new Promise((resolve) => clock.schedule(() => resolve(undefined), 80));
        },
      });
    configure({ clock, sinks: [slow("a"), slow("b")] });
    const flushed = Logger.flush(100);
    await clock.advance(80);
    expect(await flushed).toMatchObject({ success: true });
    expect(told).toEqual([100, 100]);
  });

  it("without a time it takes flushTimeoutMs; a time that is none counts as no time", async () => {
    const told: unknown[] = [];
    const sink = brokenSink("a", { flush: (timeoutMs: number) => void told.push(timeoutMs) });
    configure({ sinks: [sink], flushTimeoutMs: 77 });
    for (const time of [undefined, Number.NaN, -1, "5" as never]) await Logger.flush(time);
    expect(told).toEqual([77, 77, 77, 77]);
  });

  it.each([0, 30])(
    "design §8.4: a hung sink: flush(%i) resolves in time, never with success; its text says timeout",
    async (time) => {
      const clock = new ManualClock();
      configureWithoutDiagnostics({ sinks: [brokenSink("hung", { flush: () => never })], clock });
      const result = await endsAt(clock, time, Logger.flush(time));
      expect(result).toMatchObject({ success: false, partial: false });
      expect(result.failedSinks).toEqual([{ sinkId: "hung", error: expect.stringContaining("timeout") as string }]);
      expect(Logger.metrics.snapshot().sinks.hung?.errors).toEqual({ timeout: 1 });
    },
  );

  it("§7.3: a flush that rejects is counted and reported as a sink error", async () => {
    const { diagnostics } = configureWithDiagnostics({
      sinks: [brokenSink("a", { flush: () => Promise.reject(new RangeError("no")) })],
    });
    const result = await Logger.flush();
    expect(result.failedSinks).toEqual([{ sinkId: "a", error: "RangeError: no" }]);
    expect(Logger.metrics.snapshot().sinks.a?.errors).toEqual({ RangeError: 1 });
    expect(eventsNamed(diagnostics, "sink_error")).toHaveLength(1);
  });

  it("D-52: a flush answer whose members are getters that throw is a failure, not a rejection", async () => {
    configureWithoutDiagnostics({
      sinks: [
        brokenSink("a", {
          flush: () => ({
            get success(): never {
              return boom();
            },
          }),
        }),
      ],
    });
    expect(await Logger.flush()).toMatchObject({ success: false });
  });

  it("§7.1: a loss that the sink told of fails the flush even if its answer is content", async () => {
    const sink = new AttachedProbe("a");
    configureWithoutDiagnostics({ sinks: [sink] });
    Logger.get("f").info("1");
    Logger.get("f").info("2");
    contextOf(sink).onDrop(1, "sink_error");
    contextOf(sink).onDelivered(1);
    expect(await Logger.flush()).toEqual({
      success: false,
      partial: true,
      failedSinks: [{ sinkId: "a", error: expect.stringContaining("1 record dropped") as string }],
      droppedCount: 1,
    });
  });

  it("design §13: evictions of a ring are counted and leave success true", async () => {
    configure({ sinks: [new InMemorySink({ capacity: 1 })] });
    Logger.get("f").info("1");
    Logger.get("f").info("2");
    expect(await Logger.flush()).toEqual({ success: true, partial: false, failedSinks: [], droppedCount: 1 });
  });

  it("D-53: a sink that lost some and delivered some since the last flush is partial, also when it cannot tell", async () => {
    let calls = 0;
    const sink = brokenSink("a", {
      emit: () => {
        calls += 1;
        if (calls === 2) boom();
      },
    });
    configureWithoutDiagnostics({ sinks: [sink] });
    Logger.get("f").info("1");
    Logger.get("f").info("2");
    expect(await Logger.flush()).toEqual({
      success: false,
      partial: true,
      failedSinks: [{ sinkId: "a", error: "1 record dropped: sink_error" }],
      droppedCount: 1,
    });
    expect(await Logger.flush()).toMatchObject({ success: true, droppedCount: 0 });
  });

  it("D-53: not partial when nothing got through", async () => {
    configureWithoutDiagnostics({ sinks: [brokenSink("a", { emit: boom })] });
    Logger.get("f").info("1");
    expect(await Logger.flush()).toMatchObject({ success: false, partial: false, droppedCount: 1 });
  });

  it("D-66: losses that a sink without attach tells in its answer are in droppedCount", async () => {
    configureWithoutDiagnostics({
      sinks: [brokenSink("a", { flush: () => ({ success: false, partial: true, failedSinks: [], droppedCount: 7 }) })],
    });
    expect(await Logger.flush()).toMatchObject({ success: false, partial: true, droppedCount: 7 });
  });

  it("our own sinks: a loss is told once, in the sink's words", async () => {
    const sink = new CallbackSink(boom, { id: "callback" });
    configureWithoutDiagnostics({ sinks: [sink] });
    Logger.get("f").info("1");
    const result = await Logger.flush();
    expect(result).toMatchObject({ success: false, droppedCount: 1 });
    expect(result.failedSinks).toEqual([{ sinkId: "callback", error: "1 record dropped: sink_error" }]);
    expect(await Logger.flush()).toMatchObject({ success: true, droppedCount: 0 });
  });

  it("droppedCount windows: each flush answers for the drops since the last one, at any sink", async () => {
    const [left, right] = [new AttachedProbe("left"), new AttachedProbe("right")];
    configureWithoutDiagnostics({ sinks: [left, right] });
    const counts: unknown[] = [];
    for (const [dropLeft, dropRight] of [
      [1, 2],
      [0, 0],
      [3, 0],
    ]) {
      for (let n = 0; n < 5; n++) Logger.get("f").info(n);
      contextOf(left).onDrop(dropLeft ?? 0, "buffer_overflow");
      contextOf(right).onDrop(dropRight ?? 0, "buffer_overflow");
      counts.push((await Logger.flush()).droppedCount);
    }
    expect(counts).toEqual([3, 0, 3]);
  });

  it("overlapping flushes all wait, and each reports a loss that falls into its time", async () => {
    const clock = new ManualClock();
    const sink = new AttachedProbe("a");
    const open: ((result: undefined) => void)[] = [];
    sink.flush = () => new Promise((resolve) => open.push(resolve as never));
    configureWithoutDiagnostics({ clock, sinks: [sink] });
    for (let n = 0; n < 4; n++) Logger.get("f").info(n);
    contextOf(sink).onDelivered(1); // it tells, so a flush that succeeds does not settle the others
    const first = Logger.flush(1000);
    const second = Logger.flush(1000);
    contextOf(sink).onDrop(1, "sink_error");
    let secondDone = false;
    void second.then(() => {
      secondDone = true;
    });
    open[0]?.(undefined);
    expect(await first).toMatchObject({ success: false, droppedCount: 1 });
    expect(secondDone).toBe(false);
    contextOf(sink).onDrop(1, "sink_error");
    open[1]?.(undefined);
    expect(await second).toMatchObject({ success: false, droppedCount: 2 });
    sink.flush = () => Promise.resolve({ success: true, partial: false, failedSinks: [] });
    expect(await Logger.flush()).toMatchObject({ success: true, droppedCount: 0 });
  });

  it("a timed-out flush keeps the records; a later one succeeds (queue.json: flush that runs out of time)", async () => {
    const clock = new ManualClock();
    const sink = new AttachedProbe("a");
    sink.flush = () => never;
    configureWithoutDiagnostics({ clock, sinks: [sink] });
    Logger.get("f").info("x");
    const flushed = Logger.flush(50);
    await clock.advance(50);
    expect(await flushed).toMatchObject({ success: false, partial: false, droppedCount: 0 });
    expect(Logger.metrics.ledger("a").pending).toBe(1);
    contextOf(sink).onDelivered(1);
    sink.flush = () => Promise.resolve({ success: true, partial: false, failedSinks: [] });
    expect(await Logger.flush()).toMatchObject({ success: true });
  });

  it("an answer that comes after the deadline changes nothing", async () => {
    const clock = new ManualClock();
    const sink = new AttachedProbe("a");
    let answer: (result: FlushResult) => void = () => {};
    sink.flush = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    configureWithoutDiagnostics({ clock, sinks: [sink] });
    Logger.get("f").info("x");
    const flushed = Logger.flush(50);
    await clock.advance(50);
    await flushed;
    answer({ success: true, partial: false, failedSinks: [] });
    await clock.settle();
    expect(Logger.metrics.ledger("a").pending).toBe(1);
  });

  it("§12: flushes are counted and timed per sink, failed ones too", async () => {
    const clock = new ManualClock();
    configureWithoutDiagnostics({ clock, sinks: [brokenSink("hung", { flush: () => never }), new ProbeSink("quick")] });
    const flushed = Logger.flush(2000);
    await clock.advance(2000);
    await flushed;
    const { hung, quick } = Logger.metrics.snapshot().sinks;
    expect([hung?.flushes, quick?.flushes]).toEqual([
      { count: 1, seconds: 2 },
      { count: 1, seconds: 0 },
    ]);
  });

  it("D-48: records of an ended scope are losses of the next flush", async () => {
    configureWithoutDiagnostics({ sinks: [new ProbeSink()] });
    let ended: Logger | undefined;
    await Logger.get("a").withScopedSinks([], (scoped) => {
      ended = scoped;
    });
    ended?.info("x");
    expect(await Logger.flush()).toMatchObject({ success: false, droppedCount: 1, failedSinks: [{ sinkId: "*" }] });
    expect(await Logger.flush()).toMatchObject({ success: true, droppedCount: 0 });
  });

  it("flush before anything was configured or logged succeeds", async () => {
    expect(await Logger.flush()).toMatchObject({ success: true, droppedCount: 0 });
  });

  describe("§9.2: sinks that a configuration left behind", () => {
    it("are flushed, then closed, and flush waits for them", async () => {
      const old = new AttachedProbe("old");
      configure({ sinks: [old] });
      Logger.get("f").info("x");
      configure({ sinks: [] });
      expect(await Logger.flush()).toMatchObject({ success: true });
      expect(old.calls).toEqual(["emit", "flush", "close"]);
    });

    it("that are still closing when the time is over fail the flush", async () => {
      const clock = new ManualClock();
      const old = brokenSink("old", { flush: () => never });
      configureWithoutDiagnostics({ clock, sinks: [old] });
      configureWithoutDiagnostics({ clock, sinks: [] });
      const flushed = Logger.flush(100);
      await clock.advance(100);
      expect(await flushed).toMatchObject({
        success: false,
        failedSinks: [{ sinkId: "old", error: expect.stringContaining("timeout") as string }],
      });
      await clock.advance(10_000);
    });

    it("that lost records before anybody flushed are told by the next flush, once", async () => {
      const clock = new ManualClock();
      const old = new AttachedProbe("old");
      old.close = () => never;
      old.flush = () => never;
      configureWithoutDiagnostics({ clock, flushTimeoutMs: 100, sinks: [old] });
      Logger.get("f").info("x");
      configureWithoutDiagnostics({ clock, flushTimeoutMs: 100, sinks: [] });
      await clock.advance(200);
      expect(await Logger.flush()).toMatchObject({ success: false, droppedCount: 1, failedSinks: [{ sinkId: "old" }] });
      expect(await Logger.flush()).toMatchObject({ success: true, droppedCount: 0 });
    });

    it("that come and go while they are flushed are flushed once and closed once", async () => {
      const clock = new ManualClock();
      const sink = new ProbeSink("restless");
      let finish = (): void => {};
      sink.flush = () => {
        sink.calls.push("flush");
        return new Promise((resolve) => {
          finish = () => resolve({ success: true, partial: false, failedSinks: [] });
        });
      };
      for (const sinks of [[sink], [], [sink], []]) configure({ clock, sinks });
      const flushed = Logger.flush();
      finish();
      expect(await flushed).toMatchObject({ success: true });
      expect(sink.calls).toEqual(["flush", "close"]);
    });

    it("that are configured again while they are flushed stay open", async () => {
      const clock = new ManualClock();
      const sink = new AttachedProbe("back");
      let finish = (): void => {};
      sink.flush = () =>
        new Promise((resolve) => {
          finish = () => resolve({ success: true, partial: false, failedSinks: [] });
        });
      configure({ clock, sinks: [sink] });
      configure({ clock, sinks: [] });
      configure({ clock, sinks: [sink] });
      finish();
      await clock.settle();
      Logger.get("f").info("x");
      expect([sink.calls, sink.bodies]).toEqual([["emit"], ["x"]]);
    });
  });
});
