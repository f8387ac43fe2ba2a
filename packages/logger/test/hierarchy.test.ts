import { InMemorySink } from "@dagstack/sink-memory";
import { afterEach, describe, expect, it } from "vitest";
import { ConfigError, configure, INTERNAL_LOGGER_NAME, type Level, Logger, Severity, type Sink } from "../src/index.ts";
import { refusalOf } from "./config-refusal.ts";
import { readFixture } from "./fixtures.ts";
import { bodies, last, observe } from "./observed-logging.ts";

interface HierarchyCase {
  readonly name: string;
  readonly levels?: Record<string, Level>;
  readonly sinks?: Record<string, string[]>;
  readonly effective_level?: Record<string, number>;
  readonly effective_sinks?: Record<string, string[]>;
  readonly scope_name?: Record<string, string>;
}

const { cases } = readFixture<{ cases: HierarchyCase[] }>("hierarchy_cases.json");
const severity = readFixture<{
  accepts: { in: Level; out: number }[];
  rejects: Level[];
}>("severity.json");

afterEach(() => Logger.reset());

function namesIn(fixture: HierarchyCase): string[] {
  return [fixture.effective_level, fixture.effective_sinks, fixture.scope_name].flatMap((map) =>
    Object.keys(map ?? {}),
  );
}

function setAll(fixture: HierarchyCase, sink: (id: string) => Sink): void {
  for (const [name, level] of Object.entries(fixture.levels ?? {})) Logger.get(name).setLevel(level);
  for (const [name, ids] of Object.entries(fixture.sinks ?? {})) Logger.get(name).setSinks(ids.map(sink));
}

function configureAll(fixture: HierarchyCase, sink: (id: string) => Sink): void {
  const names = new Set([...Object.keys(fixture.levels ?? {}), ...Object.keys(fixture.sinks ?? {})]);
  const loggers = [...names].map((name) => {
    const level = fixture.levels?.[name];
    const ids = fixture.sinks?.[name];
    return [
      name,
      { ...(level === undefined ? {} : { level }), ...(ids === undefined ? {} : { sinks: ids.map(sink) }) },
    ];
  });
  configure({ resource: { "service.name": "test" }, loggers: Object.fromEntries(loggers) });
}

function expectOutcome(fixture: HierarchyCase): void {
  for (const [name, level] of Object.entries(fixture.effective_level ?? {})) {
    expect([name, Logger.get(name).effectiveLevel()]).toStrictEqual([name, level]);
  }
  for (const [name, ids] of Object.entries(fixture.effective_sinks ?? {})) {
    const expected = ids.map((id) => (id === "<internal stderr sink>" ? "internal:stderr" : id));
    expect([
      name,
      Logger.get(name)
        .effectiveSinks()
        .map((sink) => sink.id),
    ]).toStrictEqual([name, expected]);
  }
  for (const [name, scopeName] of Object.entries(fixture.scope_name ?? {}))
    expect(Logger.get(name).name).toBe(scopeName);
}

describe("§3.1, §7.4: hierarchy_cases.json", () => {
  describe.each(cases)("$name", (fixture) => {
    const sinks = new Map<string, Sink>();
    const sink = (id: string): Sink => {
      const known = sinks.get(id) ?? new InMemorySink({ id });
      sinks.set(id, known);
      return known;
    };

    it("set before the first get of the names asked for", () => {
      setAll(fixture, sink);
      expectOutcome(fixture);
    });

    it("set after the names were got and used", () => {
      for (const name of namesIn(fixture)) Logger.get(name).isEnabled("info");
      setAll(fixture, sink);
      expectOutcome(fixture);
    });

    it("set through configure", () => {
      configureAll(fixture, sink);
      expectOutcome(fixture);
    });
  });
});

describe("D-76: level spellings of severity.json", () => {
  it.each(severity.accepts)("configure and setLevel take $in as $out", ({ in: level, out }) => {
    configure({ level, sinks: [], resource: { "service.name": "test" } });
    expect(Logger.get("a").effectiveLevel()).toBe(out);
    const log = Logger.get("b");
    log.setLevel(24);
    log.setLevel(level);
    expect(log.effectiveLevel()).toBe(out);
  });

  it.each(severity.rejects)("configure and setLevel refuse %j and change nothing", (level) => {
    const log = Logger.get("a");
    log.setLevel("error");
    expect(refusalOf(() => log.setLevel(level)).path).toBe("level");
    expect(refusalOf(() => configure({ level })).path).toBe("level");
    expect(refusalOf(() => configure({ loggers: { x: level } })).path).toBe('loggers["x"]');
    expect(log.effectiveLevel()).toBe(Severity.ERROR);
  });
});

describe("§3.1: setLevel", () => {
  it("on a name affects every handle of that name, also another version's, and children made before and after", () => {
    const name = Logger.get("a");
    const version = Logger.get("a", "2");
    const before = name.with({ k: 1 });
    name.setLevel("warn");
    const after = name.with({ k: 2 });
    expect([name, version, before, after].map((log) => log.effectiveLevel())).toStrictEqual([13, 13, 13, 13]);
  });

  it("on a child affects only it and its own children, also those made before (§3.3)", () => {
    const name = Logger.get("a");
    const child = name.with({ k: 1 });
    const sibling = name.with({ k: 1 });
    const grandchild = child.with({ l: 1 });
    child.setLevel("debug");
    expect([name, sibling, child, grandchild].map((log) => log.effectiveLevel())).toStrictEqual([9, 9, 5, 5]);
  });

  it("a level set between two others parts those that shared one, at once, also where they have logged", () => {
    const { memory } = observe();
    const chain = [Logger.get("a")];
    for (let depth = 0; depth < 4; depth++) chain.push((chain.at(-1) as Logger).with({ depth }));
    const log = (): void => {
      memory.clear();
      for (const [index, handle] of chain.entries()) handle.info(index);
    };
    log();
    chain[1]?.setLevel("warn");
    log();
    expect(bodies(memory)).toStrictEqual([0]);
    chain[3]?.setLevel("debug");
    log();
    expect(bodies(memory)).toStrictEqual([0, 3, 4]);
    chain[1]?.setLevel("trace");
    chain[0]?.setLevel("error");
    log();
    expect(bodies(memory)).toStrictEqual([1, 2, 3, 4]);
    chain[3]?.setLevel("error");
    log();
    expect(bodies(memory)).toStrictEqual([1, 2]);
  });

  it("level 1 on a child is a level, not a request to inherit", () => {
    const child = Logger.get("a").with({ k: 1 });
    Logger.get("a").setLevel("error");
    child.setLevel(1);
    expect(child.effectiveLevel()).toBe(1);
  });

  it("a change shows at once on a handle that has logged", () => {
    const { memory } = observe();
    const log = Logger.get("a.b");
    log.debug("one");
    Logger.get("a").setLevel("debug");
    log.debug("two");
    Logger.get("a").setMinSeverity(Severity.WARN);
    log.info("three");
    expect(bodies(memory)).toStrictEqual(["two"]);
  });

  it("works down a chain of 20 000 handles without exhausting the stack (§3.6)", () => {
    const { memory } = observe();
    let log = Logger.get("a");
    for (let depth = 0; depth < 20_000; depth++) log = log.with({ depth });
    Logger.get("a").setLevel("warn");
    log.info("below");
    log.warn("above");
    expect(memory.records().map((record) => record.attributes)).toStrictEqual([{ depth: 19_999 }]);
  });
});

describe("§3.1: setSinks", () => {
  it("on a name replaces what it inherits; the root keeps its own", () => {
    const { memory } = observe();
    const own = new InMemorySink();
    Logger.get("a").setSinks([own]);
    Logger.get("a.b").info("below");
    Logger.get("b").info("beside");
    expect(bodies(own)).toStrictEqual(["below"]);
    expect(bodies(memory)).toStrictEqual(["beside"]);
  });

  it("on a child affects only it and its own children", () => {
    const { memory } = observe();
    const own = new InMemorySink();
    const child = Logger.get("a").with({ k: 1 });
    const grandchild = child.with({ l: 1 });
    child.setSinks([own]);
    Logger.get("a").info("name");
    grandchild.info("grandchild");
    expect(bodies(memory)).toStrictEqual(["name"]);
    expect(bodies(own)).toStrictEqual(["grandchild"]);
  });

  it.each([
    ["a thing that is no sink", [{}], "sinks[0]", "type_mismatch"],
    ["no list", new InMemorySink(), "sinks", "type_mismatch"],
    ["one id twice", [new InMemorySink({ id: "m" }), new InMemorySink({ id: "m" })], "sinks[1]", "duplicate"],
  ])("refuses %s and changes nothing", (_, sinks, path, reason) => {
    const { memory } = observe();
    const error = refusalOf(() => Logger.get("a").setSinks(sinks as Sink[]));
    expect([error.path, error.reason]).toStrictEqual([path, reason]);
    expect(Logger.get("a").effectiveSinks()).toStrictEqual([memory]);
  });
});

describe("§7.4: a sink that the internal logger and the root share", () => {
  it("is reported when setSinks makes it so", () => {
    const { diagnostics, reported } = observe();
    Logger.get("").setSinks([diagnostics]);
    expect(reported("shared_internal_sink")).toHaveLength(1);
  });
});

describe("D-16, D-17: names, versions and scopes", () => {
  it.each([[""], ["root"], [undefined]])("Logger.get(%j) is the root, called root on the wire", (name) => {
    const { memory } = observe();
    Logger.get(name).info("x");
    expect(last(memory).instrumentationScope).toStrictEqual({ name: "root", version: null, attributes: {} });
  });

  it("the same name and version give the same handle", () => {
    expect(Logger.get("a", "1")).toBe(Logger.get("a", "1"));
    expect(Logger.get("")).toBe(Logger.get("root"));
  });

  it("two versions of one name coexist and neither rewrites the other's scope", () => {
    const { memory } = observe();
    const one = Logger.get("a", "1.0");
    const two = Logger.get("a", "2.0");
    one.info("x");
    two.info("x");
    one.info("x");
    expect(memory.records().map((record) => record.instrumentationScope.version)).toStrictEqual(["1.0", "2.0", "1.0"]);
    expect([one.version, two.version]).toStrictEqual(["1.0", "2.0"]);
  });

  it.each([
    ["a", ""],
    ["a\u0000b", "c"],
    ["b", "c\u0000a"],
  ])("name %j with version %j is no other handle's alias", (name, version) => {
    const { memory } = observe();
    Logger.get("a").info("plain");
    Logger.get("b", "c\u0000a").info("other");
    const log = Logger.get(name, version);
    log.info("x");
    expect(last(memory).instrumentationScope).toMatchObject({ name, version: version === "" ? null : version });
    expect(Logger.get("a").version).toBeNull();
  });

  it("an empty version is no version, whichever was asked for first (§1.5)", () => {
    expect(Logger.get("empty.version.first", "").version).toBeNull();
    expect(Logger.get("empty.version.first").version).toBeNull();
  });

  it("scope attributes stand in the scope, normalised and frozen, of that handle only (§4.1)", () => {
    const { memory } = observe();
    const attributes = { "plugin.id": "p", since: new Date(0) };
    const log = Logger.get("a", "1", attributes);
    attributes["plugin.id"] = "changed";
    log.info("x");
    Logger.get("a", "1").info("x");
    expect(memory.records().map((record) => record.instrumentationScope.attributes)).toStrictEqual([
      { "plugin.id": "p", since: "1970-01-01T00:00:00.000Z" },
      {},
    ]);
    expect(Object.isFrozen(memory.records()[0]?.instrumentationScope.attributes)).toBe(true);
  });

  it("a secret-looking scope attribute is not redacted but reported once (design §13)", () => {
    const { memory, reported } = observe();
    const log = Logger.get("a", "1", { api_key: "k" });
    Logger.get("a", "1", { api_key: "k" });
    log.info("x");
    expect(last(memory).instrumentationScope.attributes).toStrictEqual({ api_key: "k" });
    expect(reported("resource_secret").map((record) => record.attributes["dagstack.attribute.path"])).toStrictEqual([
      "api_key",
    ]);
  });

  it.each([
    ["a lone surrogate", "a\ud800", "a\ufffd"],
    ["dots only", "...", "..."],
    ["__proto__", "__proto__", "__proto__"],
    ["constructor", "constructor", "constructor"],
    ["white space", " ", " "],
    ["a number", 7, "7"],
    ["null", null, "null"],
    ["a symbol", Symbol("s"), "Symbol(s)"],
    ["an object without a text", Object.create(null), "[Unreadable]"],
  ])("a name that is %s never throws and its records arrive (§3.6)", (_, name, scopeName) => {
    const { memory } = observe();
    Logger.get(name as string).info("x");
    expect(memory.records().map((record) => record.instrumentationScope.name)).toStrictEqual([scopeName]);
  });

  it("a lone surrogate in a version is replaced, so that every wire format can hold it (§1.4)", () => {
    expect(Logger.get("a", "1\udc00").version).toBe("1\ufffd");
  });
});

describe("§3.1: defaults (D-31)", () => {
  it("INFO and one console sink before any configure", () => {
    const log = Logger.get("a");
    expect(log.effectiveLevel()).toBe(Severity.INFO);
    expect(log.effectiveSinks().map((sink) => sink.id)).toStrictEqual(["console:auto"]);
  });

  it("the same after configure() without options", () => {
    configure({ resource: { "service.name": "test" } });
    expect(
      Logger.get("a")
        .effectiveSinks()
        .map((sink) => sink.id),
    ).toStrictEqual(["console:auto"]);
  });
});

describe("D-67: the internal logger inherits nothing", () => {
  it("a root at FATAL does not silence diagnostics", () => {
    const { reported } = observe({ level: "fatal" });
    Logger.get("a").fatal(Number.NaN);
    expect(reported("record_malformed")).toHaveLength(1);
  });

  it("a level of its own does", () => {
    const { reported } = observe({});
    Logger.get(INTERNAL_LOGGER_NAME).setLevel("error");
    Logger.get("a").info(Number.NaN);
    expect(reported("record_malformed")).toHaveLength(0);
  });
});

describe("Logger.reset()", () => {
  it("brings levels, sinks and redaction back to defaults; existing handles follow", () => {
    observe({ level: "trace", redaction: { extraSuffixes: ["_pin"] }, loggers: { a: "fatal" } });
    const log = Logger.get("a");
    log.info("x");
    Logger.reset();
    expect(log.effectiveLevel()).toBe(9);
    expect(log.effectiveSinks().map((sink) => sink.id)).toStrictEqual(["console:auto"]);
    expect(log.effectiveSecretSuffixes()).not.toContain("_pin");
    expect(Logger.metrics.snapshot().emitted).toStrictEqual({});
  });

  it("leaves sinks to their owners", () => {
    const { memory } = observe();
    Logger.reset();
    configure({ sinks: [memory], resource: { "service.name": "test" } });
    Logger.get("a").info("x");
    expect(bodies(memory)).toStrictEqual(["x"]);
  });

  it("forgets losses that no flush has told of yet", async () => {
    observe();
    let escaped = Logger.get("a");
    await Logger.get("a").withScopedSinks([], (scoped) => {
      escaped = scoped;
    });
    escaped.info("late");
    Logger.reset();
    expect(await Logger.flush()).toMatchObject({ success: true, droppedCount: 0 });
  });
});

it("ConfigError is a RangeError (D-75)", () => {
  expect(refusalOf(() => Logger.get("a").setLevel("loud"))).toBeInstanceOf(RangeError);
  expect(ConfigError.name).toBe("ConfigError");
});
