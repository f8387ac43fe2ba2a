import { ManualClock } from "@dagstack/logger-core/testing";
import { InMemorySink } from "@dagstack/sink-memory";
import { afterEach, describe, expect, it } from "vitest";
import { Logger, type ScopeOptions, type Sink } from "../src/index.ts";
import { refusalOf } from "./config-refusal.ts";
import { bodies, last, observe } from "./observed-logging.ts";
import { gate, RecordingSink } from "./recording-sink.ts";

afterEach(() => Logger.reset());

describe("§6.1: withSinks, appendSinks, withoutSinks", () => {
  it("withSinks replaces on the new handle; the original and the registry are untouched", () => {
    const { memory } = observe();
    const own = new InMemorySink();
    const log = Logger.get("a");
    const scoped = log.withSinks([own]);
    scoped.info("scoped");
    log.info("original");
    Logger.get("a").info("by name");
    expect(bodies(own)).toStrictEqual(["scoped"]);
    expect(bodies(memory)).toStrictEqual(["original", "by name"]);
    expect([log.effectiveSinks(), scoped.effectiveSinks()]).toStrictEqual([[memory], [own]]);
  });

  it("appendSinks adds to what is inherited, also from another scope", () => {
    const { memory } = observe();
    const one = new InMemorySink();
    const two = new InMemorySink();
    Logger.get("a").appendSinks([one]).appendSinks([two]).info("x");
    expect([memory, one, two].map(bodies)).toStrictEqual([["x"], ["x"], ["x"]]);
  });

  it("appendSinks follows the inherited sinks when they change", () => {
    observe();
    const own = new InMemorySink();
    const scoped = Logger.get("a").appendSinks([own]);
    scoped.info("one");
    const { memory } = observe();
    scoped.info("two");
    expect([bodies(memory), bodies(own)]).toStrictEqual([["two"], ["one", "two"]]);
  });

  it("a sink that is appended although it is inherited gets each record once", () => {
    const { memory } = observe();
    Logger.get("a").appendSinks([memory]).appendSinks([memory]).info("x");
    expect(bodies(memory)).toStrictEqual(["x"]);
  });

  it("withoutSinks writes nowhere, and what is appended to it is all there is", () => {
    const { memory } = observe();
    const own = new InMemorySink();
    Logger.get("a").withoutSinks().info("x");
    Logger.get("a").withoutSinks().appendSinks([own]).info("y");
    expect([bodies(memory), bodies(own)]).toStrictEqual([[], ["y"]]);
  });

  it("children of a scoped handle share its sinks; bound attributes pass through (§3.3)", () => {
    observe();
    const own = new InMemorySink();
    Logger.get("a").with({ k: 1 }).withSinks([own]).with({ l: 2 }).info("x");
    expect(last(own).attributes).toStrictEqual({ k: 1, l: 2 });
  });

  it("the level of the name still applies, and a later setLevel on it", () => {
    observe();
    const own = new InMemorySink();
    const scoped = Logger.get("a").withSinks([own]);
    scoped.debug("one");
    Logger.get("a").setLevel("debug");
    scoped.debug("two");
    expect(bodies(own)).toStrictEqual(["two"]);
  });

  it("setSinks on a scoped handle replaces what the scope brought", () => {
    observe();
    const own = new InMemorySink();
    const other = new InMemorySink();
    const scoped = Logger.get("a").withSinks([own]);
    scoped.setSinks([other]);
    scoped.info("x");
    expect([bodies(own), bodies(other)]).toStrictEqual([[], ["x"]]);
  });

  it.each(["withSinks", "appendSinks"] as const)("%s refuses what is no list of sinks (D-75)", (method) => {
    observe();
    const path = method === "withSinks" ? "sinks" : "appendSinks";
    const log = Logger.get("a");
    const twice = [new InMemorySink({ id: "m" }), new InMemorySink({ id: "m" })];
    for (const [sinks, at, reason] of [
      [undefined, path, "type_mismatch"],
      [null, path, "type_mismatch"],
      [new InMemorySink(), path, "type_mismatch"],
      [[{ id: "x" }], `${path}[0]`, "type_mismatch"],
      [["console:auto"], `${path}[0]`, "out_of_range"],
      [twice, `${path}[1]`, "duplicate"],
    ] as const) {
      const error = refusalOf(() => log[method](sinks as unknown as Sink[]));
      expect([error.path, error.reason]).toStrictEqual([at, reason]);
    }
  });
});

describe("§6.1: scoped()", () => {
  it("minSeverity is the handle's level, below or above the name's; its children inherit it", () => {
    const { memory } = observe();
    const log = Logger.get("a");
    const quiet = log.scoped({ minSeverity: "error" });
    const loud = log.scoped({ minSeverity: 1 });
    quiet.with({}).warn("no");
    loud.with({}).trace("yes");
    log.debug("no");
    expect(bodies(memory)).toStrictEqual(["yes"]);
    expect([quiet.effectiveLevel(), loud.effectiveLevel(), log.effectiveLevel()]).toStrictEqual([17, 1, 9]);
  });

  it("redaction adds to what is inherited", () => {
    const { memory } = observe({ redaction: { extraSuffixes: ["_pin"] } });
    const log = Logger.get("a").scoped({ redaction: { extraSuffixes: ["_iban"] } });
    log.info("x", { a_key: 1, a_pin: 1, a_iban: 1, kept: 1 });
    expect(last(memory).attributes).toStrictEqual({ a_key: "***", a_pin: "***", a_iban: "***", kept: 1 });
    expect(log.effectiveSecretSuffixes()).toStrictEqual([...Logger.effectiveSecretSuffixes(), "_iban"]);
    expect(Logger.effectiveSecretSuffixes()).not.toContain("_iban");
  });

  it("redaction of scopes inside scopes adds up", () => {
    const { memory } = observe();
    const outer = Logger.get("a").scoped({ redaction: { extraSuffixes: ["_pin"] } });
    outer.scoped({ redaction: { extraSuffixes: ["_iban"] } }).info("x", { a_key: 1, a_pin: 1, a_iban: 1 });
    expect(last(memory).attributes).toStrictEqual({ a_key: "***", a_pin: "***", a_iban: "***" });
  });

  it("what the configuration adds later holds in a scope made before", () => {
    observe();
    const log = Logger.get("a").scoped({ redaction: { extraSuffixes: ["_iban"] } });
    log.info("x");
    const { memory } = observe({ redaction: { extraSuffixes: ["_pin"] } });
    log.info("x", { a_pin: 1, a_iban: 1 });
    expect(last(memory).attributes).toStrictEqual({ a_pin: "***", a_iban: "***" });
  });

  it.each([
    ["of the scope", undefined, { preset: "strict" }],
    ["of the configuration", { preset: "strict" }, { extraSuffixes: ["_pin"] }],
  ] as const)("the strict preset %s masks body keys in the scope (design §13)", (_, configured, scoped) => {
    const { memory } = observe({ redaction: configured });
    Logger.get("a").scoped({ redaction: scoped }).info({ api_key: 1 });
    expect(last(memory).body).toStrictEqual({ api_key: "***" });
  });

  it("redaction with replaceDefaults replaces what is inherited", () => {
    const { memory } = observe();
    Logger.get("a")
      .scoped({ redaction: { extraSuffixes: ["_pin"], replaceDefaults: true } })
      .info("x", { a_key: 1, a_pin: 1 });
    expect(last(memory).attributes).toStrictEqual({ a_key: 1, a_pin: "***" });
  });

  it("no options change nothing", () => {
    const { memory } = observe();
    Logger.get("a").scoped({}).info("x");
    expect(bodies(memory)).toStrictEqual(["x"]);
  });

  it.each([
    ["null", null, "options", "type_mismatch"],
    ["an unknown option", { sink: [] }, "sink", "unknown_key"],
    ["an unknown level", { minSeverity: "loud" }, "minSeverity", "out_of_range"],
    ["a bad suffix", { redaction: { extraSuffixes: ["A"] } }, "redaction.extraSuffixes[0]", "validation_failed"],
    ["no redaction map", { redaction: null }, "redaction", "type_mismatch"],
    ["both kinds of sinks", { sinks: [], appendSinks: [] }, "appendSinks", "duplicate"],
    ["a thing that is no sink", { appendSinks: [{}] }, "appendSinks[0]", "type_mismatch"],
    ["no list of sinks", { sinks: null }, "sinks", "type_mismatch"],
  ])("refuses %s (D-69, D-75)", (_, options, path, reason) => {
    observe();
    const error = refusalOf(() => Logger.get("a").scoped(options as unknown as ScopeOptions));
    expect([error.path, error.reason]).toStrictEqual([path, reason]);
    expect(error.message).toContain(path);
  });

  it("lists all problems at once", () => {
    observe();
    const options = { sink: [], minSeverity: "loud", redaction: { extraSuffixes: [""] }, sinks: [{}] };
    const error = refusalOf(() => Logger.get("a").scoped(options as unknown as ScopeOptions));
    expect(error.issues.map((issue) => issue.path).sort()).toStrictEqual([
      "minSeverity",
      "redaction.extraSuffixes[0]",
      "sink",
      "sinks[0]",
    ]);
  });
});

describe("§6.2: withScopedSinks", () => {
  it("passes the result through; sinks are flushed, not closed", async () => {
    observe();
    const own = new RecordingSink("own");
    const result = await Logger.get("a").withScopedSinks([own], async (scoped) => {
      scoped.info("x");
      await Promise.resolve();
      return 42;
    });
    expect(result).toBe(42);
    expect(own.calls).toStrictEqual(["emit", "flush"]);
  });

  it.each([
    [
      "a throw",
      () => {
        throw new Error("boom");
      },
    ],
    ["a rejection", () => Promise.reject(new Error("boom"))],
  ])("passes %s through; sinks are flushed all the same and the handle is ended", async (_, fail) => {
    const { reported } = observe();
    const own = new RecordingSink("own");
    let escaped = Logger.get("a");
    const run = Logger.get("a").withScopedSinks([own], (scoped) => {
      escaped = scoped;
      return fail();
    });
    await expect(run).rejects.toThrow("boom");
    escaped.info("late");
    expect(own.calls).toStrictEqual(["flush"]);
    expect(reported("scope_ended")).toHaveLength(1);
  });

  it("a flush that fails or hangs on does not change the result", async () => {
    observe();
    const own = new RecordingSink("own", { flush: () => Promise.reject(new Error("no")) });
    expect(await Logger.get("a").withScopedSinks([own], () => 1)).toBe(1);
  });

  it("Logger.get inside the callback keeps writing to the global sinks (D-45)", async () => {
    const { memory } = observe();
    const own = new InMemorySink();
    await Logger.get("a").withScopedSinks([own], (scoped) => {
      Logger.get("a").info("global");
      scoped.info("scoped");
    });
    expect([bodies(memory), bodies(own)]).toStrictEqual([["global"], ["scoped"]]);
  });

  it("two blocks on one logger, overlapping in time, never see each other's records", async () => {
    const { memory } = observe();
    const [one, two] = [new InMemorySink(), new InMemorySink()];
    const [oneMayEnd, twoHasEnded] = [gate(), gate()];
    const log = Logger.get("a");
    const first = log.withScopedSinks([one], async (scoped) => {
      scoped.info("one: start");
      await oneMayEnd.opened;
      scoped.with({}).info("one: after two started");
      await twoHasEnded.opened;
      scoped.info("one: after two ended");
    });
    const second = log.withScopedSinks([two], async (scoped) => {
      scoped.info("two: start");
      oneMayEnd.open();
      await Promise.resolve();
      scoped.info("two: end");
    });
    await second;
    twoHasEnded.open();
    await first;
    log.info("global");
    expect(bodies(one)).toStrictEqual(["one: start", "one: after two started", "one: after two ended"]);
    expect(bodies(two)).toStrictEqual(["two: start", "two: end"]);
    expect(bodies(memory)).toStrictEqual(["global"]);
  });

  it("an ended handle and all handles made from it drop, count scope_ended and report once (D-48)", async () => {
    const { memory, reported } = observe();
    const own = new InMemorySink();
    const other = new InMemorySink();
    const escaped: Logger[] = [];
    await Logger.get("a").withScopedSinks([own], (scoped) => {
      const child = scoped.with({ k: 1 });
      escaped.push(scoped, child, child.withoutContext(), scoped.withSinks([other]), scoped.scoped({ minSeverity: 1 }));
    });
    for (const log of escaped) log.info("late");
    escaped[0]?.with({}).exception(new Error("late"));
    expect([memory, own, other].map(bodies)).toStrictEqual([[], [], []]);
    expect(Logger.metrics.snapshot().sinks["*"]?.dropped).toStrictEqual({ scope_ended: 6 });
    expect(reported("scope_ended").map((record) => record.attributes["dagstack.logger.name"])).toStrictEqual(["a"]);
  });

  it("the report is not repeated however long the handle goes on (D-48)", async () => {
    const clock = new ManualClock();
    const { reported } = observe({ clock });
    let escaped = Logger.get("a");
    await escaped.withScopedSinks([], (scoped) => {
      escaped = scoped;
    });
    for (let times = 0; times < 3; times++) {
      escaped.info("late");
      await clock.advance(60_000);
    }
    expect(reported("scope_ended")).toHaveLength(1);
  });

  it("an ended handle that is below its level counts nothing", async () => {
    observe();
    let escaped = Logger.get("a");
    await escaped.withScopedSinks([], (scoped) => {
      escaped = scoped;
    });
    escaped.debug("late");
    expect(Logger.metrics.droppedTotal("*")).toBe(0);
  });

  it("a handle of an inner block is ended with the outer block at the latest", async () => {
    observe();
    const own = new InMemorySink();
    const innerMayEnd = gate();
    let inner: Promise<void> | undefined;
    await Logger.get("a").withScopedSinks([], (outer) => {
      inner = outer.withScopedSinks([own], async (scoped) => {
        scoped.info("within both");
        await innerMayEnd.opened;
        scoped.info("after the outer one");
      });
    });
    innerMayEnd.open();
    await inner;
    expect(bodies(own)).toStrictEqual(["within both"]);
    expect(Logger.metrics.droppedTotal("*")).toBe(1);
  });

  it("the next Logger.flush tells of what ended handles lost, once", async () => {
    observe();
    let escaped = Logger.get("a");
    await escaped.withScopedSinks([], (scoped) => {
      escaped = scoped;
    });
    escaped.info("late");
    const first = await Logger.flush();
    expect(first).toMatchObject({ success: false, droppedCount: 1 });
    expect(first.failedSinks[0]?.error).toContain("scope_ended");
    expect(await Logger.flush()).toMatchObject({ success: true, droppedCount: 0 });
  });

  it.each([[undefined], [null], [[{}]]])(
    "sinks %j reject with ConfigError and fn does not run: nothing falls back to the global sinks",
    async (sinks) => {
      const { memory } = observe();
      const run = Logger.get("a").withScopedSinks(sinks as unknown as Sink[], (scoped) => scoped.info("x"));
      await expect(run).rejects.toMatchObject({ name: "ConfigError" });
      expect(bodies(memory)).toStrictEqual([]);
    },
  );

  it("scopeSinks is the same (D-46)", async () => {
    observe();
    const own = new RecordingSink("own");
    await Logger.get("a").scopeSinks([own], (scoped) => scoped.info("x"));
    expect(own.bodies).toStrictEqual(["x"]);
  });
});
