import { FLUSH_SUCCEEDED } from "@dagstack/logger-core";
import { ManualClock } from "@dagstack/logger-core/testing";
import { InMemorySink } from "@dagstack/sink-memory";
import { afterEach, describe, expect, it } from "vitest";
import { type ConfigureOptions, configure, INTERNAL_LOGGER_NAME, Logger } from "../src/index.ts";
import { refusalOf } from "./config-refusal.ts";
import { bodies, last, observe, observedOptions } from "./observed-logging.ts";
import { gate, RecordingSink } from "./recording-sink.ts";

afterEach(() => Logger.reset());

const quiet: ConfigureOptions = { resource: { "service.name": "test" } };

describe("§9.2: options and their spellings", () => {
  it("level, loggers, resource", () => {
    const { memory } = observe({
      level: "warn",
      loggers: { a: "debug" },
      resource: { "service.name": "shop", size: 3 },
    });
    Logger.get("b").info("no");
    Logger.get("a").debug("yes");
    expect(bodies(memory)).toStrictEqual(["yes"]);
    expect(last(memory).resource?.attributes).toMatchObject({ "service.name": "shop", size: 3 });
  });

  it("upstream's rootLevel, perLoggerLevels, resourceAttributes", () => {
    const sink = new InMemorySink();
    configure({
      rootLevel: "warn",
      perLoggerLevels: { a: "debug" },
      resourceAttributes: { "service.name": "shop" },
      sinks: [sink],
    });
    Logger.get("b").info("no");
    Logger.get("a").debug("yes");
    expect(bodies(sink)).toStrictEqual(["yes"]);
    expect(last(sink).resource?.attributes["service.name"]).toBe("shop");
  });

  it("a level beside sinks for one name; sinks by the ids of root sinks or as objects (D-70)", () => {
    const one = new InMemorySink({ id: "one" });
    const two = new InMemorySink({ id: "two" });
    const own = new InMemorySink({ id: "own" });
    configure({
      ...quiet,
      sinks: [one, two],
      loggers: { a: { level: "debug", sinks: ["two", own] }, b: { sinks: [] }, c: { level: "error" }, d: {} },
    });
    expect(Logger.get("a.x").effectiveSinks()).toStrictEqual([two, own]);
    expect(Logger.get("b").effectiveSinks()).toStrictEqual([]);
    expect(Logger.get("c").effectiveSinks()).toStrictEqual([one, two]);
    expect(["a", "b", "c", "d"].map((name) => Logger.get(name).effectiveLevel())).toStrictEqual([5, 9, 17, 9]);
  });

  it("one sink object may stand at several loggers", () => {
    const own = new InMemorySink();
    configure({ ...quiet, sinks: [own], loggers: { a: { sinks: [own] }, b: { sinks: [own] } } });
    Logger.get("a").info("x");
    expect(bodies(own)).toStrictEqual(["x"]);
  });

  it.each([[undefined], [{}]])("configure(%j) is the default configuration", (options) => {
    configure(options);
    expect(Logger.get("a").effectiveLevel()).toBe(9);
    expect(
      Logger.get("a")
        .effectiveSinks()
        .map((sink) => sink.id),
    ).toStrictEqual(["console:auto"]);
  });

  it("an option that is undefined is not mentioned", () => {
    configure({
      ...quiet,
      level: undefined,
      rootLevel: "warn",
      sinks: undefined,
      redaction: undefined,
      clock: undefined,
    });
    expect(Logger.get("a").effectiveLevel()).toBe(13);
  });

  it("later changes to the caller's options do not show", () => {
    const sink = new InMemorySink();
    const sinks = [sink];
    const loggers = { a: { sinks: [sink] } };
    configure({ ...quiet, sinks, loggers });
    sinks.length = 0;
    loggers.a.sinks.length = 0;
    expect([Logger.get("a").effectiveSinks(), Logger.get("").effectiveSinks()]).toStrictEqual([[sink], [sink]]);
  });

  it("nor do those to its baggage keys", () => {
    const baggageKeys = ["tenant.id"];
    const contextReader = { active: () => ({}), span: () => undefined, baggage: (_: unknown, key: string) => key };
    const { memory } = observe({ baggageKeys, contextReader });
    baggageKeys.push("user.id");
    Logger.get("a").info("x");
    expect(last(memory).attributes).toStrictEqual({ "tenant.id": "tenant.id" });
  });

  it("a logger called __proto__ or constructor is a logger like any other", () => {
    configure({ ...quiet, sinks: [], loggers: JSON.parse('{"__proto__":"error","constructor":"fatal"}') });
    expect([Logger.get("__proto__"), Logger.get("constructor")].map((log) => log.effectiveLevel())).toStrictEqual([
      17, 21,
    ]);
  });
});

const twice = (): InMemorySink => new InMemorySink({ id: "m" });

describe("§9.2, D-69, D-75: what is refused", () => {
  const refused: [string, unknown, string, string][] = [
    ["no map", null, "options", "type_mismatch"],
    ["a list", [], "options", "type_mismatch"],
    ["an unknown option", { levle: "info" }, "levle", "unknown_key"],
    ["a section key", { auto_inject_trace_context: true }, "auto_inject_trace_context", "unknown_key"],
    ["an unknown level", { level: "loud" }, "level", "out_of_range"],
    ["an unknown rootLevel", { rootLevel: 25 }, "rootLevel", "out_of_range"],
    ["a level of a wrong type", { level: {} }, "level", "type_mismatch"],
    ["both spellings of a level", { level: "info", rootLevel: "info" }, "rootLevel", "duplicate"],
    ["both spellings of loggers", { loggers: {}, perLoggerLevels: {} }, "perLoggerLevels", "duplicate"],
    ["both spellings of resource", { resource: {}, resourceAttributes: {} }, "resourceAttributes", "duplicate"],
    ["sinks that are no list", { sinks: twice() }, "sinks", "type_mismatch"],
    ["a sink that is none", { sinks: [twice(), {}] }, "sinks[1]", "type_mismatch"],
    ["a sink with an empty id", { sinks: [{ ...twice(), id: "" }] }, "sinks[0]", "type_mismatch"],
    ["null for a sink", { sinks: [null] }, "sinks[0]", "type_mismatch"],
    ["one id twice", { sinks: [twice(), twice()] }, "sinks[1]", "duplicate"],
    ["one sink twice in a list", { sinks: [...Array(2).fill(twice())] }, "sinks[1]", "duplicate"],
    [
      "an id at the root and another sink's at a logger",
      { sinks: [twice()], loggers: { a: { sinks: [twice()] } } },
      'loggers["a"].sinks[0]',
      "duplicate",
    ],
    [
      "an id at two loggers",
      { sinks: [], loggers: { a: { sinks: [twice()] }, b: { sinks: [twice()] } } },
      'loggers["b"].sinks[0]',
      "duplicate",
    ],
    [
      "the id of no root sink",
      { sinks: [twice()], loggers: { a: { sinks: ["n"] } } },
      'loggers["a"].sinks[0]',
      "out_of_range",
    ],
    ["loggers that are no map", { loggers: [] }, "loggers", "type_mismatch"],
    ["an unknown level of a logger", { loggers: { a: "loud" } }, 'loggers["a"]', "out_of_range"],
    ["null for a logger", { loggers: { a: null } }, 'loggers["a"]', "type_mismatch"],
    ["an unknown option of a logger", { loggers: { a: { levels: 1 } } }, 'loggers["a"].levels', "unknown_key"],
    [
      "an unknown level beside sinks",
      { perLoggerLevels: { a: { level: "loud" } } },
      'perLoggerLevels["a"].level',
      "out_of_range",
    ],
    ["the root under both names", { loggers: { "": "info", root: "warn" } }, 'loggers["root"]', "duplicate"],
    [
      "the root under both names, in the other order",
      { loggers: { root: "info", "": "warn" } },
      'loggers[""]',
      "duplicate",
    ],
    ["a resource that is no map", { resource: "shop" }, "resource", "type_mismatch"],
    ["a resource attribute that is no scalar", { resource: { a: [] } }, "resource.a", "type_mismatch"],
    ["a flag that is none", { autoInjectTraceContext: "yes" }, "autoInjectTraceContext", "type_mismatch"],
    ["baggage keys that are none", { baggageKeys: ["a", 1] }, "baggageKeys", "type_mismatch"],
    ["a time that is none", { flushTimeoutMs: Number.NaN }, "flushTimeoutMs", "out_of_range"],
    ["a negative time", { exitFlushMs: -1 }, "exitFlushMs", "out_of_range"],
    ["a clock that is none", { clock: {} }, "clock", "type_mismatch"],
    ["a context reader that is none", { contextReader: null }, "contextReader", "type_mismatch"],
  ];

  it.each(refused)("%s", (_, options, path, reason) => {
    const error = refusalOf(() => configure(options as ConfigureOptions));
    expect([error.path, error.reason, error.issues.length]).toStrictEqual([path, reason, 1]);
    expect(error.message).toContain(path);
    expect(error.message).toContain("allowed: ");
  });

  it("a slip is answered with the right spelling", () => {
    expect(refusalOf(() => configure({ Level: "info" } as ConfigureOptions)).message).toContain("or spell it level");
  });

  it("all problems at once", () => {
    const options = {
      level: "loud",
      levle: 1,
      sinks: [{}, twice(), twice()],
      redaction: { extraSuffixes: ["A", ""] },
      loggers: { a: 99 },
    };
    expect(
      refusalOf(() => configure(options as unknown as ConfigureOptions))
        .issues.map((issue) => issue.path)
        .sort(),
    ).toStrictEqual([
      "level",
      "levle",
      'loggers["a"]',
      "redaction.extraSuffixes[0]",
      "redaction.extraSuffixes[1]",
      "sinks[0]",
      "sinks[2]",
    ]);
  });

  it.each(refused)("and changes nothing: %s", async (_, options) => {
    const sink = new RecordingSink("r");
    const own = new RecordingSink("own");
    const { logging, diagnostics } = observe({
      level: "debug",
      sinks: [sink],
      loggers: { a: { level: "warn", sinks: [own] } },
      redaction: { extraSuffixes: ["_pin"] },
      resource: { "service.name": "kept" },
      autoInjectTraceContext: false,
    });
    const before = [logging.explain("a"), logging.explain("b")];
    refusalOf(() => configure(options as ConfigureOptions));
    await new Promise<void>((resolve) => setImmediate(resolve));
    expect([logging.explain("a"), logging.explain("b")]).toStrictEqual(before);
    Logger.get("b").debug("x", { a_pin: 1 });
    expect(sink.records[0]).toMatchObject({
      attributes: { a_pin: "***" },
      resource: { attributes: { "service.name": "kept" } },
    });
    expect([sink.calls, own.calls, diagnostics.size]).toStrictEqual([["emit"], [], 0]);
  });

  it("a getter that throws reaches the caller and changes nothing", () => {
    const { memory } = observe({ level: "debug" });
    const options = {
      level: "error",
      get sinks(): never {
        throw new Error("boom");
      },
    } as const;
    expect(() => configure(options)).toThrow("boom");
    Logger.get("a").debug("x");
    expect(bodies(memory)).toStrictEqual(["x"]);
  });
});

describe("D-73: each configure states everything", () => {
  it("what it does not mention returns to its default, earlier levels and setLevel included", () => {
    observe({
      level: "error",
      loggers: { a: "trace" },
      redaction: { extraSuffixes: ["_pin"] },
      resource: { "service.name": "s", extra: 1 },
    });
    Logger.get("b").setLevel("fatal");
    Logger.get("c").setSinks([]);
    const { memory } = observe();
    expect(["", "a", "b", "c"].map((name) => Logger.get(name).effectiveLevel())).toStrictEqual([9, 9, 9, 9]);
    Logger.get("c").info("x", { a_pin: 1 });
    expect(last(memory).attributes).toStrictEqual({ a_pin: 1 });
    expect(last(memory).resource?.attributes).not.toHaveProperty("extra");
  });

  it("sinks not mentioned means the default console sink", () => {
    observe();
    configure(quiet);
    expect(
      Logger.get("a")
        .effectiveSinks()
        .map((sink) => sink.id),
    ).toStrictEqual(["console:auto"]);
  });

  it("existing handles, children and scopes follow at once", () => {
    observe();
    const log = Logger.get("a");
    const child = log.with({ k: 1 });
    const appended = child.appendSinks([new InMemorySink()]);
    for (const handle of [log, child, appended]) handle.info("before");
    const { memory } = observe({ level: "debug" });
    for (const handle of [log, child, appended]) handle.debug("after");
    expect(bodies(memory)).toStrictEqual(["after", "after", "after"]);
  });
});

describe("§9.2, §9.3: sinks that are no longer in use", () => {
  it("are flushed, then closed, in the background; Logger.flush waits for them", async () => {
    const flushed = gate();
    const old = new RecordingSink("old", {
      flush: () => flushed.opened.then(() => FLUSH_SUCCEEDED),
    });
    const own = new RecordingSink("own");
    configure({ ...quiet, sinks: [old], loggers: { a: { sinks: [own] } } });
    Logger.get("b").info("x");
    observe();
    await new Promise<void>((resolve) => setImmediate(resolve));
    expect([old.calls, own.calls]).toStrictEqual([
      ["emit", "flush"],
      ["flush", "close"],
    ]);
    const flush = Logger.flush();
    flushed.open();
    expect(await flush).toMatchObject({ success: true });
    expect(old.calls).toStrictEqual(["emit", "flush", "close"]);
  });

  it("a sink that stands in both configurations survives untouched (D-74)", async () => {
    const kept = new RecordingSink("kept");
    const moved = new RecordingSink("moved");
    configure({ ...quiet, sinks: [kept], loggers: { a: { sinks: [moved] } } });
    configure({ ...quiet, sinks: [moved, kept] });
    await new Promise<void>((resolve) => setImmediate(resolve));
    Logger.get("a").info("x");
    expect([kept.calls, moved.calls]).toStrictEqual([["emit"], ["emit"]]);
  });

  it("one that comes back while it is still being flushed is not closed", async () => {
    const flushed = gate();
    const sink = new RecordingSink("back", {
      flush: () => flushed.opened.then(() => FLUSH_SUCCEEDED),
    });
    configure({ ...quiet, sinks: [sink] });
    observe();
    configure({ ...quiet, sinks: [sink] });
    flushed.open();
    await Logger.flush();
    Logger.get("a").info("x");
    expect(sink.calls.filter((call) => call !== "flush")).toStrictEqual(["emit"]);
  });

  it("one that comes and goes while it is still being flushed is closed once", async () => {
    const flushed = gate();
    const sink = new RecordingSink("twice", { flush: () => flushed.opened.then(() => FLUSH_SUCCEEDED) });
    configure({ ...quiet, sinks: [sink] });
    observe();
    configure({ ...quiet, sinks: [sink] });
    observe();
    flushed.open();
    await Logger.flush();
    expect(sink.calls).toStrictEqual(["flush", "close"]);
  });

  it("the default console sink is one of them: the next default configuration has a new one", async () => {
    configure(quiet);
    const [first] = Logger.get("a").effectiveSinks();
    observe();
    await Logger.flush();
    configure(quiet);
    const [second] = Logger.get("a").effectiveSinks();
    expect([second?.id, second === first]).toStrictEqual(["console:auto", false]);
  });

  it("Logger.reset forgets them and their failures", async () => {
    const closed = gate();
    const old = new RecordingSink("old", {
      close: () => closed.opened.then(() => Promise.reject(new Error("disk gone"))),
    });
    configure({ ...quiet, sinks: [old] });
    observe();
    Logger.reset();
    observe();
    closed.open();
    await new Promise<void>((resolve) => setImmediate(resolve));
    expect(await Logger.flush()).toMatchObject({ success: true });
  });

  it("a failure at its close is told by the next flush, also when it has ended by then, once", async () => {
    const old = new RecordingSink("old", { close: () => Promise.reject(new Error("disk gone")) });
    configure({ ...quiet, sinks: [old] });
    observe();
    await new Promise<void>((resolve) => setImmediate(resolve));
    const first = await Logger.flush();
    expect(first).toMatchObject({ success: false, partial: true, failedSinks: [{ sinkId: "old" }] });
    expect(first.failedSinks[0]?.error).toContain("disk gone");
    expect(await Logger.flush()).toMatchObject({ success: true });
  });

  it("two flushes that overlap both tell of it", async () => {
    const closed = gate();
    const old = new RecordingSink("old", {
      close: () => closed.opened.then(() => Promise.reject(new Error("disk gone"))),
    });
    configure({ ...quiet, sinks: [old] });
    observe();
    const both = Promise.all([Logger.flush(), Logger.flush()]);
    closed.open();
    for (const result of await both) expect(result.failedSinks.map((sink) => sink.sinkId)).toStrictEqual(["old"]);
    expect(await Logger.flush()).toMatchObject({ success: true });
  });

  it("a failure while a flush waits for another sink is told by the next flush", async () => {
    const firstMayEnd = gate();
    const first = new RecordingSink("first", { close: () => firstMayEnd.opened });
    const second = new RecordingSink("second", { close: () => Promise.reject(new Error("disk gone")) });
    configure({ ...quiet, sinks: [first] });
    configure({ ...quiet, sinks: [second] });
    const waiting = Logger.flush();
    observe();
    await new Promise<void>((resolve) => setImmediate(resolve));
    firstMayEnd.open();
    expect(await waiting).toMatchObject({ success: true });
    expect((await Logger.flush()).failedSinks.map((sink) => sink.sinkId)).toStrictEqual(["second"]);
  });

  it("a failure after a flush that ran out of time is told by the next flush", async () => {
    const closed = gate();
    const old = new RecordingSink("old", {
      close: () => closed.opened.then(() => Promise.reject(new Error("disk gone"))),
    });
    configure({ ...quiet, sinks: [old] });
    observe();
    expect((await Logger.flush(0)).failedSinks[0]?.error).toContain("timeout");
    closed.open();
    await new Promise<void>((resolve) => setImmediate(resolve));
    expect((await Logger.flush()).failedSinks[0]?.error).toContain("disk gone");
  });

  it("a flush whose time is over first says timeout and names the sink (D-52)", async () => {
    const clock = new ManualClock();
    const diagnostics = new InMemorySink();
    const old = new RecordingSink("old", { close: () => new Promise(() => undefined) });
    const options = observedOptions({ clock, sinks: [] }, diagnostics);
    configure({ ...options, sinks: [old] });
    configure(options);
    await clock.settle();
    const flush = Logger.flush(100);
    await clock.advance(100);
    const result = await flush;
    expect(result.success).toBe(false);
    expect(result.failedSinks).toMatchObject([{ sinkId: "old", error: expect.stringContaining("timeout") }]);
  });

  it("what one has not delivered when its time is over counts as closed", async () => {
    const clock = new ManualClock();
    const diagnostics = new InMemorySink();
    const old = new RecordingSink("old", {
      flush: () => new Promise(() => undefined),
      close: () => new Promise(() => undefined),
    });
    const attached = Object.assign(old, { attach: () => undefined });
    const options = observedOptions({ clock, sinks: [] }, diagnostics);
    configure({ ...options, sinks: [attached] });
    Logger.get("a").info("x");
    configure(options);
    await clock.advance(20_000);
    expect(Logger.metrics.ledger("old")).toStrictEqual({
      accepted: 1,
      delivered: 0,
      pending: 0,
      dropped: { closed: 1 },
    });
    expect(await Logger.flush()).toMatchObject({ success: false, droppedCount: 1 });
  });

  it("scoped sinks are the caller's: configure leaves them open", async () => {
    observe();
    const own = new RecordingSink("own");
    const log = Logger.get("a").withSinks([own]);
    log.info("one");
    observe();
    await new Promise<void>((resolve) => setImmediate(resolve));
    log.info("two");
    expect(own.calls).toStrictEqual(["emit", "emit"]);
  });
});

describe("the handle that configure returns", () => {
  it("flush and close reach every sink; asyncDispose closes", async () => {
    const sink = new RecordingSink("r");
    const logging = configure({ ...quiet, sinks: [sink] });
    Logger.get("a").info("x");
    expect(await logging.flush()).toMatchObject({ success: true, droppedCount: 0 });
    await logging[Symbol.asyncDispose]();
    expect(sink.calls).toStrictEqual(["emit", "flush", "flush", "close"]);
  });

  it("close of a handle that another configure replaced leaves the new sinks open", async () => {
    const old = new RecordingSink("old");
    const replaced = configure({ ...quiet, sinks: [old] });
    const { memory } = observe();
    await replaced.close();
    Logger.get("a").info("x");
    expect(bodies(memory)).toStrictEqual(["x"]);
    expect(old.calls).toStrictEqual(["flush", "close"]);
  });

  it("a sink that is configured again after close is in use again", async () => {
    const sink = new RecordingSink("again");
    const logging = configure({ ...quiet, sinks: [sink] });
    await logging.close();
    configure({ ...quiet, sinks: [sink] });
    Logger.get("a").info("x");
    await Logger.flush();
    expect(sink.calls).toStrictEqual(["flush", "close", "emit", "flush"]);
  });

  it("configure after close opens a new life", async () => {
    const { logging } = observe();
    await logging.close();
    Logger.get("a").info("lost");
    const { memory } = observe();
    Logger.get("a").info("kept");
    expect(bodies(memory)).toStrictEqual(["kept"]);
  });
});

describe("§7.4: noteworthy configurations", () => {
  it("a sink of the internal logger that the root has too is reported", () => {
    const shared = new InMemorySink({ id: "shared" });
    configure({ ...quiet, sinks: [shared], loggers: { [INTERNAL_LOGGER_NAME]: { sinks: ["shared"] } } });
    expect(shared.find({ attributes: { "event.name": "shared_internal_sink" } })).toHaveLength(1);
  });
});

describe("D-75: settings that would silently lose to others are refused", () => {
  it.each<[string, ConfigureOptions]>([
    ["level", { level: "info", loggers: { root: "debug" } }],
    ["rootLevel", { rootLevel: "info", loggers: { "": { level: "debug" } } }],
    ["sinks", { sinks: [], loggers: { root: { sinks: [] } } }],
  ])("the root's %s in two places", (beside, options) => {
    const { reason, message } = refusalOf(() => configure(options));
    expect(reason).toBe("duplicate");
    expect(message).toContain(`remove it here or at ${beside}`);
  });

  it("the root in loggers alone is fine", () => {
    expect(configure({ ...quiet, loggers: { root: "debug" } }).explain("a").level.value).toBe(5);
  });

  it.each(["loggers", "resource"])("a Map as %s, which has no entries as an object", (key) => {
    expect(refusalOf(() => configure({ [key]: new Map([["a", "debug"]]) }))).toMatchObject({
      path: key,
      reason: "type_mismatch",
    });
  });
});
