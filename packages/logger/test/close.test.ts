import type { LogRecord, SinkContext } from "@dagstack/logger-core";
import { ManualClock } from "@dagstack/logger-core/testing";
import { InMemorySink } from "@dagstack/sink-memory";
import { describe, expect, it } from "vitest";
import { configure, Logger } from "../src/index.ts";
import { endsAt } from "./ends-at.ts";
import {
  AttachedProbe,
  brokenSink,
  configureWithDiagnostics,
  configureWithoutDiagnostics,
  eventNames,
  never,
  ProbeSink,
  resetAfterEach,
} from "./probe-sinks.ts";

const contextOf = (sink: AttachedProbe): SinkContext => sink.context as SinkContext;

describe("§13 close", () => {
  resetAfterEach();

  describe("D-49 ownership", () => {
    it("Logger.close() flushes, then closes, every sink: the root's, named loggers' and scopes'", async () => {
      const sinks = ["root", "named", "scoped"].map((id) => new ProbeSink(id));
      const [root, named, scoped] = sinks as [ProbeSink, ProbeSink, ProbeSink];
      configureWithoutDiagnostics({ sinks: [root], loggers: { "c.named": { sinks: [named] } } });
      const handle = Logger.get("c.x").withSinks([scoped]);
      handle.info("x");
      expect(await Logger.close()).toEqual({ success: true, partial: false, failedSinks: [], droppedCount: 0 });
      expect(sinks.map((sink) => sink.calls.slice(-2))).toEqual(sinks.map(() => ["flush", "close"]));
    });

    it("a named logger closes the sinks set on that very node, not the inherited ones", async () => {
      const [root, parent] = [new ProbeSink("root"), new ProbeSink("parent")];
      configure({ sinks: [root], loggers: { "c.parent": { sinks: [parent] } } });
      await Logger.get("c.parent.child").close();
      expect([root.calls, parent.calls]).toEqual([[], []]);
      await Logger.get("c.parent").close();
      expect([root.calls, parent.calls]).toEqual([[], ["flush", "close"]]);
    });

    it("a child made by with() closes nothing", async () => {
      const own = new ProbeSink("own");
      configure({ sinks: [], loggers: { "c.own": { sinks: [own] } } });
      await Logger.get("c.own").with({ a: 1 }).close();
      expect(own.calls).toEqual([]);
    });

    it("a scoped handle closes those that its scope brought", async () => {
      const [root, scoped] = [new ProbeSink("root"), new ProbeSink("scoped")];
      configure({ sinks: [root] });
      await Logger.get("c.y").appendSinks([scoped]).close();
      expect([root.calls, scoped.calls]).toEqual([[], ["flush", "close"]]);
    });
  });

  describe("after Logger.close()", () => {
    it("no sink is called; records are counted as closed until the next configure()", async () => {
      const sink = new ProbeSink("s");
      const asked: number[] = [];
      sink.supportsSeverity = (severity) => {
        asked.push(severity);
        return severity >= 9;
      };
      configureWithoutDiagnostics({ level: "trace", sinks: [sink] });
      const log = Logger.get("c.a");
      log.info("1");
      await Logger.close();
      const [calls, questions] = [[...sink.calls], asked.length];
      log.info("2");
      log.child({ a: 1 }).error("3");
      log.trace("below the sink's threshold: no drop (D-58)");
      await log.flush();
      await Logger.flush();
      await Logger.close();
      await log.close();
      expect([sink.calls, asked.length]).toEqual([calls, questions]);
      expect(Logger.metrics.ledger("s")).toEqual({ accepted: 3, delivered: 1, pending: 0, dropped: { closed: 2 } });
      const next = new ProbeSink("next");
      configure({ sinks: [next] });
      log.info("4");
      expect(next.bodies).toEqual(["4"]);
    });

    it("lost records are losses of the next flush, once", async () => {
      configureWithoutDiagnostics({ sinks: [new ProbeSink("s")] });
      await Logger.close();
      Logger.get("c.a").info("x");
      expect(await Logger.flush()).toEqual({
        success: false,
        partial: false,
        failedSinks: [{ sinkId: "s", error: "1 record dropped: closed" }],
        droppedCount: 1,
      });
      expect(await Logger.flush()).toMatchObject({ success: true, droppedCount: 0 });
    });

    it("records emitted while it closes are refused at once", async () => {
      const sink = new ProbeSink("s");
      configureWithoutDiagnostics({ sinks: [sink] });
      const closing = Logger.close();
      Logger.get("c.a").info("x");
      await closing;
      expect([sink.bodies, Logger.metrics.ledger("s").dropped]).toEqual([[], { closed: 1 }]);
    });

    it("levels still apply: what is below counts nothing", async () => {
      configureWithoutDiagnostics({ sinks: [new ProbeSink("s")] });
      await Logger.close();
      Logger.get("c.a").debug("x");
      expect(Logger.metrics.ledger("s").accepted).toBe(0);
    });

    it("the default console is made anew by the next configure()", async () => {
      configure({});
      await Logger.close();
      configure({});
      const [console] = Logger.get("c.a").effectiveSinks();
      expect(console?.id).toBe("console:auto");
      Logger.get("c.a").withSinks([]).info("x");
      expect(Logger.metrics.ledger("console:auto").dropped).toEqual({});
    });
  });

  it("a named logger's close refuses and counts what comes later, and does not call the sink", async () => {
    const own = new ProbeSink("own");
    configureWithoutDiagnostics({ sinks: [], loggers: { "c.own": { sinks: [own] } } });
    const log = Logger.get("c.own");
    await log.close();
    log.info("x");
    expect(own.calls).toEqual(["flush", "close"]);
    expect(Logger.metrics.ledger("own").dropped).toEqual({ closed: 1 });
  });

  it("is idempotent: each sink is closed once, also by calls that overlap, and all of them wait", async () => {
    const clock = new ManualClock();
    const sink = new ProbeSink("s");
    let finish = (): void => {};
    sink.close = () => {
      sink.calls.push("close");
      return new Promise((resolve) => {
        finish = resolve;
      });
    };
    const logging = configureWithoutDiagnostics({ clock, sinks: [sink] });
    const results: unknown[] = [];
    const closings = [Logger.close(), Logger.close(), logging.close()];
    for (const closing of closings) void closing.then((result) => results.push(result.success));
    await clock.settle();
    closings.push(Logger.close());
    await clock.settle();
    expect(results).toEqual([]);
    finish();
    expect((await Promise.all(closings)).map((result) => result.success)).toEqual([true, true, true, true]);
    expect(sink.calls.filter((call) => call === "close")).toEqual(["close"]);
  });

  it("await using closes", async () => {
    const sink = new ProbeSink();
    await configure({ sinks: [sink] })[Symbol.asyncDispose]();
    expect(sink.calls).toEqual(["flush", "close"]);
  });

  it("a handle of an earlier configuration closes nothing of the present one, and waits for its own", async () => {
    const [old, present] = [new ProbeSink("old"), new ProbeSink("present")];
    const earlier = configure({ sinks: [old] });
    configure({ sinks: [present] });
    expect(await earlier.close()).toMatchObject({ success: true });
    Logger.get("c.a").info("x");
    expect([old.calls, present.calls]).toEqual([["flush", "close"], ["emit"]]);
  });

  it.each([
    ["flush", { flush: () => never }],
    ["close", { close: () => never }],
    ["both", { flush: () => never, close: () => never }],
  ])("a sink whose %s hangs: resolves within the time, what it has not told counts as closed", async (_, members) => {
    const clock = new ManualClock();
    const sink = new AttachedProbe("hung");
    Object.assign(sink, members);
    configureWithoutDiagnostics({ sinks: [sink], clock });
    for (let n = 0; n < 3; n++) Logger.get("c.a").info(n);
    contextOf(sink).onDelivered(1);
    const result = await endsAt(clock, 30, Logger.close(30));
    expect(result).toMatchObject({ success: false, partial: true, droppedCount: 2 });
    expect(result.failedSinks).toEqual([
      { sinkId: "hung", error: expect.stringMatching(/timeout.*2 records dropped: closed/) as string },
    ]);
    expect(Logger.metrics.ledger("hung")).toEqual({ accepted: 3, delivered: 1, pending: 0, dropped: { closed: 2 } });
  });

  it("what a sink tells after its close was given up is not heard", async () => {
    const sink = new AttachedProbe("hung");
    sink.close = () => never;
    configureWithoutDiagnostics({ sinks: [sink] });
    Logger.get("c.a").info(1);
    sink.flush = () => Promise.resolve({ success: false, partial: false, failedSinks: [] });
    await Logger.close(10);
    contextOf(sink).onDelivered(1);
    contextOf(sink).onDrop(1, "buffer_overflow");
    expect(Logger.metrics.ledger("hung")).toEqual({ accepted: 1, delivered: 0, pending: 0, dropped: { closed: 1 } });
  });

  it("a close that succeeds settles what a sink never told of, also when its flush failed", async () => {
    const sink = new AttachedProbe("s");
    sink.flush = () => Promise.resolve({ success: false, partial: false, failedSinks: [] });
    configureWithoutDiagnostics({ sinks: [sink] });
    Logger.get("c.a").info("x");
    await Logger.close();
    expect(Logger.metrics.ledger("s")).toEqual({ accepted: 1, delivered: 1, pending: 0, dropped: {} });
  });

  it("flush and close share one deadline; close is told what is left", async () => {
    const clock = new ManualClock();
    const told: unknown[] = [];
    const sink = brokenSink("s", {
      flush: () => new Promise((resolve) => clock.schedule(() => resolve(undefined), 60)),
      close: (timeoutMs: number) => {
        told.push(timeoutMs);
        return Promise.resolve();
      },
    });
    configure({ clock, sinks: [sink] });
    const closing = Logger.close(100);
    await clock.advance(60);
    await closing;
    expect(told).toEqual([40]);
  });

  it.each([
    [
      "throws",
      (): never => {
        throw new RangeError("no");
      },
    ],
    ["rejects", () => Promise.reject(new RangeError("no"))],
  ])("D-54: a close that %s resolves with a failed sink, counted and reported", async (_, close) => {
    const { logging, diagnostics } = configureWithDiagnostics({ sinks: [brokenSink("bad", { close })] });
    const result = await logging.close();
    expect(result.failedSinks).toEqual([{ sinkId: "bad", error: "close: RangeError: no" }]);
    expect(Logger.metrics.snapshot().sinks.bad?.errors).toEqual({ RangeError: 1 });
    expect(eventNames(diagnostics)).toEqual(["sink_error"]);
    expect(diagnostics.calls).toEqual(["emit", "flush", "close"]); // last, so that it hears of the others
  });

  it("losses at close are told by reason", async () => {
    const sink = new AttachedProbe("s");
    sink.flush = () => Promise.resolve({ success: false, partial: false, failedSinks: [] });
    sink.close = () => {
      contextOf(sink).onDrop(2, "sink_error");
      return Promise.resolve();
    };
    configureWithoutDiagnostics({ sinks: [sink] });
    for (let n = 0; n < 2; n++) Logger.get("c.a").info(n);
    const result = await Logger.close();
    expect(result.failedSinks[0]?.error).toContain("2 records dropped: sink_error");
  });

  it("S8: what was accepted survives the close, in order", async () => {
    const memory = new InMemorySink();
    configure({ sinks: [memory] });
    for (let n = 0; n < 100; n++) Logger.get("c.a").info(n);
    await Logger.close();
    expect(memory.records().map((record: LogRecord) => record.body)).toEqual(Array.from({ length: 100 }, (_, n) => n));
  });

  it("the ledger after a close is settled: nothing pending at any sink", async () => {
    const sinks = [new AttachedProbe("attached"), new ProbeSink("foreign"), new InMemorySink({ id: "memory" })];
    configureWithoutDiagnostics({ sinks });
    for (let n = 0; n < 10; n++) Logger.get("c.a").info(n);
    await Logger.close();
    expect(sinks.map((sink) => Logger.metrics.ledger(sink.id).pending)).toEqual([0, 0, 0]);
  });

  it("closing before anything was logged succeeds", async () => {
    expect(await Logger.close()).toMatchObject({ success: true, droppedCount: 0 });
  });
});
