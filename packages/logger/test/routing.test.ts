import { FLUSH_SUCCEEDED, type LogRecord } from "@dagstack/logger-core";
import { ManualClock } from "@dagstack/logger-core/testing";
import { describe, expect, it } from "vitest";
import { configure, Logger } from "../src/index.ts";
import { endsAt } from "./ends-at.ts";
import {
  AttachedProbe,
  brokenSink,
  configureWithDiagnostics,
  eventsNamed,
  LineProbe,
  never,
  ProbeSink,
  resetAfterEach,
} from "./probe-sinks.ts";

const boom = (): never => {
  throw new TypeError("boom");
};

// biome-ignore lint/suspicious/noThenProperty: what a sink may answer with
const hostileThenable = { then: boom };

/** A property that can be read while the sink is checked, and then no more. */
function throwsLater(value: unknown): PropertyDescriptor {
  let reads = 0;
  return {
    get: () => {
      reads += 1;
      return reads > 1 ? boom() : value;
    },
  };
}

describe("§7.3 routing", () => {
  resetAfterEach();

  it("a record goes to every effective sink that wants its severity, and to no other", () => {
    const all = new ProbeSink("all");
    const errors = brokenSink("errors", { supportsSeverity: (severity: number) => severity >= 17 });
    configure({ sinks: [all, errors] });
    const log = Logger.get("a");
    log.info("1");
    log.error("2");
    expect([all.bodies, errors.bodies]).toEqual([["1", "2"], ["2"]]);
  });

  it("a sink cannot get less severe records than the logger lets through", () => {
    const sink = new ProbeSink();
    configure({ sinks: [sink], level: "warn" });
    Logger.get("a").info("x");
    expect(sink.bodies).toEqual([]);
  });

  it("§12: what a sink refuses by severity is no drop and is not accepted", () => {
    configure({ sinks: [brokenSink("none", { supportsSeverity: () => false })] });
    Logger.get("a").fatal("x");
    expect(Logger.metrics.ledger("none")).toEqual({ accepted: 0, delivered: 0, pending: 0, dropped: {} });
  });

  it("§1.1: record sinks share one record, deeply frozen", () => {
    const [first, second] = [new ProbeSink("1"), new ProbeSink("2")];
    configure({ sinks: [first, second] });
    Logger.get("a").info({ deep: { list: [1] } }, { deep: { list: [{}] } });
    const record = first.records[0] as LogRecord;
    expect(record).toBe(second.records[0]);
    const isDeeplyFrozen = (value: unknown): boolean =>
      typeof value !== "object" ||
      value === null ||
      (Object.isFrozen(value) && Object.values(value).every(isDeeplyFrozen));
    expect(isDeeplyFrozen(record)).toBe(true);
  });

  it("§7.3: sinks see records in the order of the calls, whatever the sinks between them do", () => {
    const [first, last] = [new ProbeSink("first"), new ProbeSink("last")];
    configureWithDiagnostics({ sinks: [first, brokenSink("broken", { emit: boom }), last] });
    for (let n = 0; n < 100; n++) Logger.get(`logger.${n % 3}`).info(n);
    const numbers = Array.from({ length: 100 }, (_, n) => n);
    expect([first.bodies, last.bodies]).toEqual([numbers, numbers]);
  });
});

describe("§7.3 isolation: a broken sink harms neither the caller nor its neighbours", () => {
  resetAfterEach();
  const getter = { get: boom };
  const BROKEN: readonly (readonly [string, Parameters<typeof brokenSink>[1], Readonly<Record<string, number>>])[] = [
    ["emit throws", { emit: boom }, { sink_error: 10 }],
    ["emit is a getter that throws once configured", { emit: throwsLater(() => {}) }, { sink_error: 10 }],
    ["emit throws nothing worth reading", { emit: () => Promise.reject.call(null, 1) }, { sink_error: 10 }],
    ["emit rejects", { emit: () => Promise.reject(new TypeError("boom")) }, { sink_error: 10 }],
    ["emit returns a hostile thenable", { emit: () => hostileThenable }, { sink_error: 10 }],
    ["supportsSeverity throws", { supportsSeverity: boom }, { sink_error: 10 }],
    ["attach throws", { attach: boom }, {}],
    ["attach is a getter that throws", { attach: getter }, {}],
    ["lineFormat is a getter that throws", { lineFormat: getter }, {}],
    ["emitLine throws", { lineFormat: { value: "dagstack" }, emitLine: boom }, { sink_error: 10 }],
    ["flush and close throw", { flush: boom, close: boom }, {}],
    ["flush and close reject", { flush: () => Promise.reject(boom), close: () => Promise.reject(null) }, {}],
  ];

  it.each(BROKEN)("%s", async (_, members, dropped) => {
    const [before, after] = [new ProbeSink("before"), new ProbeSink("after")];
    const broken = brokenSink("broken", members);
    const { logging, diagnostics } = configureWithDiagnostics({ sinks: [before, broken, after] });
    for (let n = 0; n < 10; n++) Logger.get("a").info(n);
    await new Promise((resolve) => setImmediate(resolve)); // where an unhandled rejection would end the process
    expect([before.records.length, after.records.length]).toEqual([10, 10]);
    const { accepted, pending, ...ledger } = Logger.metrics.ledger("broken");
    expect({ accepted, pending, dropped: ledger.dropped }).toEqual({ accepted: 10, pending: 0, dropped });
    const result = await logging.close(100);
    expect(result.failedSinks.map((failed) => failed.sinkId).filter((id) => id !== "broken")).toEqual([]);
    expect([before.calls.at(-1), after.calls.at(-1)]).toEqual(["close", "close"]);
    expect(eventsNamed(diagnostics, "sink_error").map((record) => record.attributes["dagstack.sink.id"])).toContain(
      "broken",
    );
  });

  it("a flush and a close that hang do not hold up a neighbour", async () => {
    const healthy = new ProbeSink("healthy");
    const hung = brokenSink("hung", { flush: () => never, close: () => never });
    const clock = new ManualClock();
    const { logging } = configureWithDiagnostics({ sinks: [hung, healthy], clock });
    Logger.get("a").info("x");
    const result = await endsAt(clock, 40, logging.close(40));
    expect(result.failedSinks.map((failed) => failed.sinkId)).toEqual(["hung"]);
    expect(healthy.calls).toEqual(["emit", "flush", "close"]);
  });

  it("an id that throws when it is read again does no harm", () => {
    const sink = brokenSink("", { id: throwsLater("moody") });
    const healthy = new ProbeSink("healthy");
    expect(() => configure({ sinks: [sink, healthy] })).not.toThrow();
    expect(() => Logger.get("a").info("x")).not.toThrow();
    expect(healthy.bodies).toEqual(["x"]);
  });

  it("an id that cannot be read at all is a ConfigError and changes nothing", () => {
    const healthy = new ProbeSink("healthy");
    configure({ sinks: [healthy] });
    expect(() => configure({ sinks: [brokenSink("", { id: getter })] })).toThrow(
      expect.objectContaining({ name: "ConfigError", path: "sinks[0]" }) as Error,
    );
    Logger.get("a").info("x");
    expect(healthy.bodies).toEqual(["x"]);
  });

  it("5 000 records beside five broken sinks all reach the healthy one", () => {
    const counted: number[] = [];
    const healthy = brokenSink("healthy", { emit: () => counted.push(1) });
    configureWithDiagnostics({
      sinks: [
        brokenSink("throws", { emit: boom }),
        brokenSink("asks", { supportsSeverity: boom }),
        brokenSink("logs", { emit: () => Logger.get("inner").info("inner") }),
        brokenSink("line", { lineFormat: getter }),
        healthy,
        new AttachedProbe("silent"),
      ],
    });
    const log = Logger.get("a");
    for (let n = 0; n < 5000; n++) log.info("x");
    // Each of the 5000 makes "logs" log once; what that reaches "logs" with is dropped there.
    expect(counted).toHaveLength(10_000);
  });
});

describe("D-63 re-entrancy", () => {
  resetAfterEach();

  it("what a sink logs in its own emit is dropped for it, counted as sink_error, and reaches the others", () => {
    const other = new ProbeSink("other");
    const chatty: ProbeSink = brokenSink("chatty", {
      emit: (record: LogRecord) => {
        chatty.records.push(record);
        Logger.get("inner").info("inner");
      },
    });
    const { diagnostics } = configureWithDiagnostics({ sinks: [chatty, other] });
    Logger.get("a").info("1");
    Logger.get("a").info("2");
    expect(chatty.bodies).toEqual(["1", "2"]);
    expect(other.bodies).toEqual(["inner", "1", "inner", "2"]);
    expect(Logger.metrics.ledger("chatty")).toEqual({
      accepted: 4,
      delivered: 2,
      pending: 0,
      dropped: { sink_error: 2 },
    });
    expect(eventsNamed(diagnostics, "sink_error")).toHaveLength(1);
  });

  it("two sinks that log into each other end, with every record counted", () => {
    const make = (id: string): ProbeSink => {
      const sink: ProbeSink = brokenSink(id, {
        emit: (record: LogRecord) => {
          sink.records.push(record);
          Logger.get(id).info(`from ${id}`);
        },
      });
      return sink;
    };
    const [left, right] = [make("left"), make("right")];
    configureWithDiagnostics({ sinks: [left, right] });
    Logger.get("a").info("x");
    for (const id of ["left", "right"]) {
      const { accepted, delivered, dropped } = Logger.metrics.ledger(id);
      expect({ id, sum: delivered + (dropped.sink_error ?? 0) }).toEqual({ id, sum: accepted });
    }
    expect(left.bodies).toContain("x");
    expect(right.bodies).toContain("x");
  });

  it("a sink that logs while it is asked for a severity ends too", () => {
    const healthy = new ProbeSink("healthy");
    const asks = brokenSink("asks", {
      supportsSeverity: () => {
        Logger.get("inner").info("inner");
        Logger.get("inner").info("again");
        return true;
      },
    });
    configureWithDiagnostics({ sinks: [asks, healthy] });
    Logger.get("a").info("x");
    expect(healthy.bodies).toEqual(["inner", "again", "x"]);
    expect(asks.bodies).toEqual(["x"]);
  });

  it("a sink that logs in emitLine is guarded as well", () => {
    const sink = new LineProbe();
    const take = sink.emitLine.bind(sink);
    sink.emitLine = (severity, line) => {
      take(severity, line);
      Logger.get("inner").info("inner");
    };
    configureWithDiagnostics({ sinks: [sink] });
    Logger.get("a").info("x");
    expect(sink.lines).toHaveLength(1);
  });

  it("a sink may log in flush and close", async () => {
    const sink: ProbeSink = brokenSink("flushes", {
      flush: () => {
        Logger.get("inner").info("from flush");
        return Promise.resolve(FLUSH_SUCCEEDED);
      },
    });
    configure({ sinks: [sink] });
    expect(await Logger.flush()).toMatchObject({ success: true });
    expect(sink.bodies).toEqual(["from flush"]);
  });
});
