import { INTERNAL_LOGGER_NAME, type SinkContext } from "@dagstack/logger-core";
import { ManualClock } from "@dagstack/logger-core/testing";
import { describe, expect, it } from "vitest";
import { configure, Logger } from "../src/index.ts";
import {
  AttachedProbe,
  brokenSink,
  configureWithDiagnostics,
  eventNames,
  eventsNamed,
  never,
  ProbeSink,
  resetAfterEach,
} from "./probe-sinks.ts";

const boom = (): never => {
  throw new TypeError("boom");
};

/** Sink, suppressed and dropped counts of the diagnostics of one event. */
const told = (diagnostics: ProbeSink, event = "sink_error"): unknown[] =>
  eventsNamed(diagnostics, event).map(({ attributes }) => [
    attributes["dagstack.sink.id"],
    attributes["dagstack.suppressed_count"],
    attributes["dagstack.dropped_count"],
  ]);

const sumOf = (diagnostics: ProbeSink): number =>
  eventsNamed(diagnostics, "sink_error").reduce(
    (sum, { attributes }) => sum + Number(attributes["dagstack.dropped_count"] ?? 0),
    0,
  );

/** A sink whose context the test speaks through, with `count` records taken in. */
function speaking(clock: ManualClock, count: number): { context: SinkContext; diagnostics: ProbeSink } {
  const sink = new AttachedProbe("remote");
  const { diagnostics } = configureWithDiagnostics({ clock, sinks: [sink] });
  for (let n = 0; n < count; n++) Logger.get("a").info("x");
  return { context: sink.context as SinkContext, diagnostics };
}

/** As our sinks lose a batch. */
function lose(context: SinkContext, count: number, type = "http_400"): void {
  context.onDrop(count, "sink_error");
  context.onError(new Error(`${count} records lost`), type);
}

describe("§7.4 no storms: the same event for the same sink at most once per 10 s", () => {
  resetAfterEach();

  it("what a window suppressed is told when it ends, with its number and the sum of the losses", async () => {
    const clock = new ManualClock();
    const { diagnostics } = configureWithDiagnostics({
      clock,
      sinks: [brokenSink("b", { emit: boom }), brokenSink("c", { emit: boom })],
    });
    for (let n = 0; n < 5; n++) Logger.get("a").info("x");
    await clock.advance(9_999);
    Logger.get("a").info("x");
    expect(told(diagnostics)).toEqual([
      ["b", undefined, 1],
      ["c", undefined, 1],
    ]);
    await clock.advance(1);
    expect(told(diagnostics).slice(2)).toEqual([
      ["b", 5, 5],
      ["c", 5, 5],
    ]);
  });

  it("a storm that goes on is told once per window, and nothing more when it is over", async () => {
    const clock = new ManualClock();
    const { diagnostics } = configureWithDiagnostics({ clock, sinks: [brokenSink("b", { emit: boom })] });
    for (let second = 0; second < 30; second++) {
      Logger.get("a").info("x");
      await clock.advance(1000);
    }
    await clock.advance(60_000);
    expect(told(diagnostics)).toEqual([
      ["b", undefined, 1],
      ["b", 9, 9],
      ["b", 10, 10],
      ["b", 10, 10],
    ]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("when the timer never fires, the next of the kind tells the sum", async () => {
    let nowMs = 0;
    const clock = { now: () => 0n, monotonicMs: () => nowMs, schedule: () => ({ cancel: () => {} }) };
    const { diagnostics } = configureWithDiagnostics({ clock, sinks: [brokenSink("b", { emit: boom })] });
    for (let n = 0; n < 3; n++) Logger.get("a").info("x");
    nowMs = 10_000;
    Logger.get("a").info("x");
    expect(told(diagnostics)).toEqual([
      ["b", undefined, 1],
      ["b", 2, 3],
    ]);
  });

  it("close tells what is suppressed, before the sinks of the internal logger are closed", async () => {
    const { diagnostics } = configureWithDiagnostics({
      clock: new ManualClock(),
      sinks: [brokenSink("b", { emit: boom })],
    });
    for (let n = 0; n < 4; n++) Logger.get("a").info("x");
    await Logger.close();
    expect(told(diagnostics)).toEqual([
      ["b", undefined, 1],
      ["b", 3, 3],
    ]);
    expect(diagnostics.calls.at(-1)).toBe("close");
  });

  it("another clock: what the old one held back is told, and windows begin anew", () => {
    const { diagnostics } = configureWithDiagnostics({
      clock: new ManualClock(),
      sinks: [brokenSink("b", { emit: boom })],
    });
    for (let n = 0; n < 3; n++) Logger.get("a").info("x");
    configure({
      clock: new ManualClock(),
      sinks: [brokenSink("b", { emit: boom })],
      loggers: { [INTERNAL_LOGGER_NAME]: { sinks: [diagnostics] } },
    });
    Logger.get("a").info("x");
    expect(told(diagnostics)).toEqual([
      ["b", undefined, 1],
      ["b", 2, 2],
      ["b", undefined, 1],
    ]);
  });

  it("an outage that flaps: recoveries are limited like every event", async () => {
    const clock = new ManualClock();
    const { context, diagnostics } = speaking(clock, 0);
    for (let n = 0; n < 6; n++) {
      context.onError(new Error("will be tried again"), "http_503");
      context.diagnostic({ event: "sink_recovered", sinkId: "remote" });
      await clock.advance(600);
    }
    expect(eventNames(diagnostics)).toEqual(["sink_error", "sink_recovered"]);
    await clock.advance(10_000);
    expect(told(diagnostics, "sink_recovered")).toEqual([
      ["remote", undefined, undefined],
      ["remote", 5, undefined],
    ]);
  });

  it("what configurations cause is limited, too, each setting for itself", async () => {
    const clock = new ManualClock();
    const { logging, diagnostics } = configureWithDiagnostics({ clock, sinks: [] });
    for (let n = 0; n < 3; n++) await logging.reconfigure({ level: "loud" as never });
    await logging.reconfigure({ flushTimeoutMs: -1 });
    expect(eventNames(diagnostics)).toEqual(["reconfigure_rejected", "reconfigure_rejected"]);
    await clock.advance(10_000);
    expect(eventsNamed(diagnostics, "reconfigure_rejected").at(-1)?.attributes["dagstack.suppressed_count"]).toBe(2);
  });

  it("a thousand kinds at once: later ones share a window, and nothing is forgotten", async () => {
    const clock = new ManualClock();
    const { diagnostics } = configureWithDiagnostics({ clock, sinks: [new ProbeSink()] });
    for (let n = 0; n < 1500; n++) Logger.get(`a.${n}`).info("x", { nan: Number.NaN });
    const before = eventsNamed(diagnostics, "record_malformed").length;
    expect(before).toBeLessThanOrEqual(1001);
    await clock.advance(10_000);
    const suppressed = eventsNamed(diagnostics, "record_malformed")
      .slice(before)
      .map(({ attributes }) => Number(attributes["dagstack.suppressed_count"]));
    expect(before + suppressed.reduce((sum, count) => sum + count, 0)).toBe(1500);
  });
});

describe("§7.4 no loss without a diagnostic", () => {
  resetAfterEach();

  it("a loss is told at once although a retry was told just now", () => {
    const { context, diagnostics } = speaking(new ManualClock(), 5);
    context.onError(new Error("will be tried again"), "http_503");
    lose(context, 5);
    expect(told(diagnostics)).toEqual([
      ["remote", undefined, undefined],
      ["remote", undefined, 5],
    ]);
  });

  it("three losses in a row: the sum is told by the end of the window", async () => {
    const clock = new ManualClock();
    const { context, diagnostics } = speaking(clock, 6);
    lose(context, 1);
    lose(context, 2);
    lose(context, 3);
    expect(sumOf(diagnostics)).toBe(1);
    await clock.advance(10_000);
    expect(told(diagnostics)).toEqual([
      ["remote", undefined, 1],
      ["remote", 2, 5],
    ]);
  });

  it("a sink that says why first, or not at all: its losses are told as well", async () => {
    const clock = new ManualClock();
    const { context, diagnostics } = speaking(clock, 9);
    context.onError(new Error("the disk is gone"), "EIO");
    context.onDrop(2, "sink_error");
    await clock.settle();
    expect(
      eventsNamed(diagnostics, "sink_error").map(({ attributes }) => attributes["dagstack.error.message"]),
    ).toEqual(["the disk is gone", "the disk is gone"]);
    context.onDrop(3, "sink_error");
    context.onDrop(4, "sink_error");
    await clock.advance(10_000);
    expect(sumOf(diagnostics)).toBe(9);
  });

  it("losses that are how the sink works are not told", async () => {
    const clock = new ManualClock();
    const { context, diagnostics } = speaking(clock, 3);
    context.onDrop(2, "sink_error", true);
    await clock.advance(10_000);
    expect(diagnostics.records).toEqual([]);
  });

  it("a replaced sink that is closed in the background with records undelivered: told, with their number", async () => {
    const clock = new ManualClock();
    const sink = new AttachedProbe("old");
    const { diagnostics } = configureWithDiagnostics({ clock, sinks: [sink] });
    for (let n = 0; n < 3; n++) Logger.get("a").info("x");
    sink.context?.onDelivered(1);
    configure({ clock, sinks: [], loggers: { [INTERNAL_LOGGER_NAME]: { sinks: [diagnostics] } } });
    sink.flush = () => never;
    await clock.advance(20_000);
    expect(sumOf(diagnostics)).toBe(2);
  });

  it("no more is told as lost than was taken in, whatever a sink says", async () => {
    const clock = new ManualClock();
    const { context, diagnostics } = speaking(clock, 2);
    lose(context, 1_000);
    await clock.advance(10_000);
    expect(sumOf(diagnostics)).toBe(2);
  });
});

describe("§7.4 diagnostics are short", () => {
  resetAfterEach();

  const LONG = "x".repeat(5_000_000);
  const sizeOf = (diagnostics: ProbeSink): number =>
    JSON.stringify(diagnostics.records.map(({ body, attributes }) => [body, attributes])).length;

  it.each([
    ["a logger name", () => Logger.get(LONG).info("x", { nan: Number.NaN })],
    ["an attribute's name", () => Logger.get("a").info("x", { [LONG]: Number.NaN })],
    ["a name of lone surrogates", () => Logger.get("\ud800".repeat(1000)).info("x", { nan: Number.NaN })],
  ])("whatever the length of %s", (_, log) => {
    const { diagnostics } = configureWithDiagnostics({ sinks: [new ProbeSink()] });
    log();
    expect(diagnostics.records).not.toHaveLength(0);
    expect(sizeOf(diagnostics)).toBeLessThan(4000);
  });

  it("whatever the length of an error's name, message and type", () => {
    const { context, diagnostics } = speaking(new ManualClock(), 0);
    context.onError(Object.assign(new Error(LONG), { name: LONG }), LONG);
    expect(diagnostics.records).toHaveLength(1);
    expect(sizeOf(diagnostics)).toBeLessThan(4000);
  });

  it("a diagnostic of a sink that holds no text is told, not lost", () => {
    const { context, diagnostics } = speaking(new ManualClock(), 0);
    context.diagnostic({ event: "sink_recovered", sinkId: 7, reason: { a: 1 } } as never);
    expect(eventNames(diagnostics)).toEqual(["sink_recovered"]);
  });
});
