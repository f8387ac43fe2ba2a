import { ManualClock } from "@dagstack/logger-core/testing";
import { InMemorySink } from "@dagstack/sink-memory";
import { afterEach, describe, expect, it } from "vitest";
import { ConfigError, type ConfigureOptions, Logger } from "../src/index.ts";
import { bodies, last, observe, observedOptions } from "./observed-logging.ts";
import { gate, RecordingSink } from "./recording-sink.ts";

afterEach(() => Logger.reset());

const FOREVER = (): Promise<void> => new Promise(() => undefined);
const FAILS = (): Promise<void> => Promise.reject(new Error("connection refused"));

describe("§9.3: reconfigure that succeeds", () => {
  it("opens new sinks, then swaps; existing handles follow; old sinks are flushed, then closed", async () => {
    const old = new RecordingSink("old");
    const { logging, diagnostics } = observe({ sinks: [old] });
    const log = Logger.get("a").with({ k: 1 });
    log.info("before");
    const fresh = new RecordingSink("fresh");
    expect(await logging.reconfigure(observedOptions({ sinks: [fresh], level: "debug" }, diagnostics))).toStrictEqual({
      result: "ok",
    });
    log.debug("after");
    await Logger.flush();
    expect([old.calls, fresh.calls]).toStrictEqual([
      ["emit", "flush", "close"],
      ["open", "emit", "flush"],
    ]);
    expect(Logger.metrics.snapshot().reconfigure).toStrictEqual({ ok: 1, rejected: 0, error: 0 });
    expect(diagnostics.size).toBe(0);
  });

  it("records go to the old sinks until every new one is open", async () => {
    const { logging, memory, diagnostics } = observe();
    const opened = gate();
    const fresh = new RecordingSink("fresh", { open: () => opened.opened });
    const result = logging.reconfigure(observedOptions({ sinks: [fresh] }, diagnostics));
    await Promise.resolve();
    Logger.get("a").info("while opening");
    opened.open();
    await result;
    Logger.get("a").info("after");
    expect([bodies(memory), fresh.bodies]).toStrictEqual([["while opening"], ["after"]]);
  });

  it("a sink that stands in both is not opened again, flushed or closed (D-74)", async () => {
    const kept = new RecordingSink("kept");
    const { logging, diagnostics } = observe({ sinks: [kept] });
    await logging.reconfigure(observedOptions({ sinks: [kept], level: "debug" }, diagnostics));
    await new Promise<void>((resolve) => setImmediate(resolve));
    expect(kept.calls).toStrictEqual([]);
  });

  it("states everything, like configure (D-73)", async () => {
    const { logging, memory, diagnostics } = observe({
      loggers: { a: "fatal" },
      redaction: { extraSuffixes: ["_pin"] },
    });
    await logging.reconfigure(observedOptions({ sinks: [memory] }, diagnostics));
    Logger.get("a").info("x", { a_pin: 1 });
    expect(last(memory).attributes).toStrictEqual({ a_pin: 1 });
  });

  it("sinks of single loggers are opened too, each once", async () => {
    const { logging, diagnostics } = observe();
    const own = new RecordingSink("own");
    await logging.reconfigure(
      observedOptions({ sinks: [own], loggers: { a: { sinks: [own] }, b: { sinks: ["own"] } } }, diagnostics),
    );
    expect(own.calls).toStrictEqual(["open"]);
  });

  it("sinks that only a single logger has are opened", async () => {
    const { logging, diagnostics } = observe();
    const own = new RecordingSink("own");
    await logging.reconfigure(observedOptions({ sinks: [], loggers: { a: { sinks: [own] } } }, diagnostics));
    expect(own.calls).toStrictEqual(["open"]);
  });

  it("the handle's close closes the sinks of the new configuration", async () => {
    const { logging, diagnostics } = observe();
    const fresh = new RecordingSink("fresh");
    await logging.reconfigure(observedOptions({ sinks: [fresh] }, diagnostics));
    await logging.close();
    expect(fresh.calls).toStrictEqual(["open", "flush", "close"]);
  });
});

/** What a rejected reconfiguration must leave: the old sink untouched and in use. */
async function expectOldConfiguration(old: RecordingSink): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
  Logger.get("a").debug("still here", { a_pin: 1 });
  expect(old.calls).toStrictEqual(["emit"]);
  expect(old.records[0]?.attributes).toStrictEqual({ a_pin: "***" });
}

const oldOptions = (old: RecordingSink): ConfigureOptions => ({
  sinks: [old],
  level: "debug",
  redaction: { extraSuffixes: ["_pin"] },
});

describe("§9.3: reconfigure that is rejected keeps the old configuration", () => {
  it("on bad options, with the ConfigError, one diagnostic that names the setting, and a count", async () => {
    const old = new RecordingSink("old");
    const { logging, reported } = observe(oldOptions(old));
    const { result, error } = await logging.reconfigure({ level: "loud", sinks: [] });
    expect(result).toBe("rejected");
    expect(error).toBeInstanceOf(ConfigError);
    expect(reported("reconfigure_rejected")).toMatchObject([
      { severityNumber: 17, attributes: { "dagstack.config.path": "level", "dagstack.reason": "out_of_range" } },
    ]);
    expect(Logger.metrics.snapshot().reconfigure).toStrictEqual({ ok: 0, rejected: 1, error: 0 });
    await expectOldConfiguration(old);
  });

  it("when a sink fails to open: those opened are closed again, later ones are not opened", async () => {
    const old = new RecordingSink("old");
    const { logging, reported } = observe(oldOptions(old));
    const first = new RecordingSink("first");
    const second = new RecordingSink("second", { open: FAILS });
    const third = new RecordingSink("third");
    const { result, error } = await logging.reconfigure({ sinks: [first, second, third] });
    expect([result, (error as Error).message]).toStrictEqual(["rejected", "connection refused"]);
    await new Promise<void>((resolve) => setImmediate(resolve));
    expect([first.calls, third.calls]).toStrictEqual([["open", "close"], []]);
    expect(reported("reconfigure_rejected")).toMatchObject([
      {
        attributes: {
          "dagstack.config.path": expect.stringContaining("second"),
          "dagstack.error.message": "connection refused",
        },
      },
    ]);
    expect(Logger.metrics.snapshot().reconfigure.rejected).toBe(1);
    await expectOldConfiguration(old);
  });

  it("a sink whose open throws at once counts as failing to open", async () => {
    const old = new RecordingSink("old");
    const { logging } = observe(oldOptions(old));
    const bad = Object.assign(new RecordingSink("bad"), {
      open: () => {
        throw new Error("at once");
      },
    });
    expect(await logging.reconfigure({ sinks: [bad] })).toMatchObject({
      result: "rejected",
      error: { message: "at once" },
    });
    await expectOldConfiguration(old);
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("close");
      },
    ],
    ["rejects", () => Promise.reject(new Error("close"))],
    ["answers nothing", () => undefined],
  ])("one whose close %s when it is closed again changes nothing about that", async (_, close) => {
    const old = new RecordingSink("old");
    const { logging } = observe(oldOptions(old));
    const first = Object.assign(new RecordingSink("first"), { close: close as () => Promise<void> });
    const second = new RecordingSink("second");
    const third = new RecordingSink("third", { open: FAILS });
    expect(await logging.reconfigure({ sinks: [second, first, third] })).toMatchObject({ result: "rejected" });
    expect(second.calls).toStrictEqual(["open", "close"]);
    await expectOldConfiguration(old);
  });

  it("a sink that is in use is not closed although a new one beside it fails", async () => {
    const old = new RecordingSink("old");
    const { logging } = observe(oldOptions(old));
    await logging.reconfigure({ sinks: [old, new RecordingSink("bad", { open: FAILS })] });
    await expectOldConfiguration(old);
  });

  it("when a sink does not open within the budget of 10 s for all together (D-85)", async () => {
    const clock = new ManualClock();
    const old = new RecordingSink("old");
    const { logging, reported } = observe({ ...oldOptions(old), clock });
    const slow = new RecordingSink("slow", {
      open: () => new Promise((resolve) => void clock.schedule(resolve, 6_000)),
    });
    const hangs = new RecordingSink("hangs", { open: FOREVER });
    const reconfigured = logging.reconfigure({ sinks: [slow, hangs] });
    await clock.advance(9_999);
    expect(reported("reconfigure_rejected")).toHaveLength(0);
    await clock.advance(1);
    const { result, error } = await reconfigured;
    expect(result).toBe("rejected");
    expect((error as Error).message).toContain("hangs");
    expect([slow.calls, hangs.calls]).toStrictEqual([
      ["open", "close"],
      ["open", "close"],
    ]);
    expect(clock.pendingTimers).toBe(0);
    await expectOldConfiguration(old);
  });

  it("an unforeseen failure is an error, counted and reported, and never a rejection", async () => {
    const old = new RecordingSink("old");
    const { logging, reported } = observe(oldOptions(old));
    const options = {
      get level(): never {
        throw new TypeError("boom");
      },
    };
    expect(await logging.reconfigure(options)).toMatchObject({ result: "error", error: { message: "boom" } });
    expect(Logger.metrics.snapshot().reconfigure).toStrictEqual({ ok: 0, rejected: 0, error: 1 });
    expect(reported("reconfigure_rejected")).toHaveLength(1);
    await expectOldConfiguration(old);
  });
});

describe("§9.3: calls are serialised", () => {
  it("the second starts when the first has ended, and the last one wins", async () => {
    const { logging, diagnostics } = observe();
    const opened = gate();
    const first = new RecordingSink("first", { open: () => opened.opened });
    const second = new RecordingSink("second");
    const both = Promise.all([
      logging.reconfigure(observedOptions({ sinks: [first] }, diagnostics)),
      logging.reconfigure(observedOptions({ sinks: [second] }, diagnostics)),
    ]);
    await new Promise<void>((resolve) => setImmediate(resolve));
    expect(second.calls).toStrictEqual([]);
    opened.open();
    expect((await both).map(({ result }) => result)).toStrictEqual(["ok", "ok"]);
    Logger.get("a").info("x");
    expect([first.bodies, second.bodies]).toStrictEqual([[], ["x"]]);
  });

  it("a configure that comes while sinks are opening stays; the sinks opened for nothing are closed", async () => {
    const { logging } = observe();
    const opened = gate();
    const late = new RecordingSink("late", { open: () => opened.opened });
    const reconfigured = logging.reconfigure({ sinks: [late] });
    const { memory } = observe();
    opened.open();
    expect((await reconfigured).result).toBe("rejected");
    Logger.get("a").info("here");
    expect(bodies(memory)).toStrictEqual(["here"]);
    expect(late.calls).toStrictEqual(["open", "close"]);
  });

  it("one that hangs does not hold up what comes after Logger.reset", async () => {
    const clock = new ManualClock();
    const hanging = observe({ clock }).logging.reconfigure({ sinks: [new RecordingSink("hangs", { open: FOREVER })] });
    await clock.settle();
    Logger.reset();
    const { logging, diagnostics } = observe();
    expect(await logging.reconfigure(observedOptions({ sinks: [] }, diagnostics))).toStrictEqual({ result: "ok" });
    await clock.advance(10_000);
    expect(await hanging).toMatchObject({ result: "rejected" });
  });

  it("one that is rejected does not stop the next", async () => {
    const { logging, diagnostics } = observe();
    const fresh = new InMemorySink();
    const results = await Promise.all([
      logging.reconfigure({ level: "loud" }),
      logging.reconfigure(observedOptions({ sinks: [fresh] }, diagnostics)),
    ]);
    expect(results.map(({ result }) => result)).toStrictEqual(["rejected", "ok"]);
    expect(Logger.metrics.snapshot().reconfigure).toStrictEqual({ ok: 1, rejected: 1, error: 0 });
  });
});
