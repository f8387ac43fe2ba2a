import type { InMemorySink } from "@dagstack/sink-memory";
import { afterEach, describe, expect, it } from "vitest";
import { Logger } from "../src/index.ts";
import { last, observe, observedOptions } from "./observed-logging.ts";

afterEach(() => Logger.reset());

describe("§3.3, D-23: precedence", () => {
  it("outer before inner before call", () => {
    const { memory } = observe();
    Logger.get("a")
      .with({ a: "outer", b: "outer", c: "outer" })
      .with({ b: "inner", c: "inner" })
      .info("x", { c: "call" });
    expect(last(memory).attributes).toStrictEqual({ a: "outer", b: "inner", c: "call" });
  });

  it("undefined at the call does not override a bound attribute; null does (design §13)", () => {
    const { memory } = observe();
    Logger.get("a").with({ a: 1, b: 2 }).info("x", { a: undefined, b: null });
    expect(last(memory).attributes).toStrictEqual({ a: 1, b: null });
  });

  it("undefined in an inner with() does not override an outer one", () => {
    const { memory } = observe();
    Logger.get("a").with({ a: 1 }).with({ a: undefined }).info("x");
    expect(last(memory).attributes).toStrictEqual({ a: 1 });
  });

  it("a function or symbol, which has no value, does not override either", () => {
    const { memory } = observe();
    Logger.get("a")
      .with({ a: 1, b: 2 })
      .info("x", { a: () => 1, b: Symbol("s") });
    expect(last(memory).attributes).toStrictEqual({ a: 1, b: 2 });
  });

  it("a secret at the call masks a bound one of the same key and the other way round", () => {
    const { memory } = observe();
    Logger.get("a").with({ api_key: "bound" }).info("x", { api_key: undefined });
    expect(last(memory).attributes).toStrictEqual({ api_key: "***" });
  });

  it("__proto__ and constructor are data in every layer", () => {
    const { memory } = observe();
    const own = (value: unknown): object => JSON.parse(`{"__proto__":${JSON.stringify(value)},"constructor":1}`);
    Logger.get("a").with(own("outer")).with(own("inner")).info("x");
    const { attributes } = last(memory);
    expect(Object.getOwnPropertyDescriptor(attributes, "__proto__")?.value).toBe("inner");
    expect(Object.keys(attributes).sort()).toStrictEqual(["__proto__", "constructor"]);
  });
});

describe("§3.3: handles", () => {
  it("with() leaves the original, child() is the same function", () => {
    const { memory } = observe();
    const log = Logger.get("a", "1");
    const child = log.child({ k: 1 });
    expect([child.name, child.version]).toStrictEqual(["a", "1"]);
    log.info("x");
    expect(last(memory).attributes).toStrictEqual({});
    child.info("x");
    expect(last(memory).attributes).toStrictEqual({ k: 1 });
  });

  it("bound attributes are a snapshot: later changes to the caller's objects do not show", () => {
    const { memory } = observe();
    const source = { k: 1, nested: { list: [1] } };
    const child = Logger.get("a").with(source);
    source.k = 2;
    source.nested.list.push(2);
    child.info("x");
    expect(last(memory).attributes).toStrictEqual({ k: 1, nested: { list: [1] } });
  });

  it("getters run once, when they are bound", () => {
    const { memory } = observe();
    let reads = 0;
    const child = Logger.get("a").with({
      get k() {
        return ++reads;
      },
    });
    child.info("x");
    child.with({}).info("x");
    expect([reads, last(memory).attributes]).toStrictEqual([1, { k: 1 }]);
  });

  it("an Error bound is told as exception.*", () => {
    const { memory } = observe();
    Logger.get("a").with(new TypeError("boom")).info("x");
    expect(last(memory).attributes).toMatchObject({ "exception.type": "TypeError" });
  });

  it.each([[undefined], [null], [{}]])("with(%j) binds nothing", (input) => {
    const { memory } = observe();
    Logger.get("a")
      .with(input as unknown as object)
      .info("x");
    expect(last(memory).attributes).toStrictEqual({});
  });

  it("64 levels of with(): all attributes, the innermost wins", () => {
    const { memory } = observe();
    let log = Logger.get("a");
    for (let level = 0; level < 64; level++) log = log.with({ [`k${level}`]: level, shared: level });
    log.info("x");
    expect(Object.keys(last(memory).attributes)).toHaveLength(65);
    expect(last(memory).attributes.shared).toBe(63);
  });
});

describe("§10: bound attributes follow the redaction in force", () => {
  const widen = (diagnostics: InMemorySink, memory: InMemorySink): void => {
    void observeAgain({ redaction: { extraSuffixes: ["_pin"] } }, memory, diagnostics);
  };

  function observeAgain(options: object, memory: InMemorySink, diagnostics: InMemorySink): void {
    observe({ ...observedOptions(options, diagnostics), sinks: [memory] });
  }

  it("a key that becomes secret is masked on handles made before, at every depth", () => {
    const { memory, diagnostics } = observe();
    const outer = Logger.get("a").with({ card_pin: "1", deep: [{ card_pin: "2" }] });
    const inner = outer.with({ k: 1 });
    outer.info("x");
    widen(diagnostics, memory);
    inner.info("x");
    expect(last(memory).attributes).toStrictEqual({ card_pin: "***", deep: [{ card_pin: "***" }], k: 1 });
  });

  it("masking anew does not look at the caller's object again", () => {
    const { memory, diagnostics } = observe();
    const source = { card_pin: "1", k: "before" };
    const log = Logger.get("a").with(source);
    source.k = "after";
    widen(diagnostics, memory);
    log.info("x");
    expect(last(memory).attributes).toStrictEqual({ card_pin: "***", k: "before" });
  });

  it("a secret was never read, so it stays masked when its key is secret no longer (§1.4)", () => {
    const { memory, diagnostics } = observe();
    let reads = 0;
    const log = Logger.get("a").with({
      get api_key() {
        return `s${++reads}`;
      },
    });
    observeAgain({ redaction: { replaceDefaults: true, suppressDisableWarning: true } }, memory, diagnostics);
    log.info("x");
    expect([reads, last(memory).attributes]).toStrictEqual([0, { api_key: "***" }]);
  });

  it("a scope's redaction masks what was bound outside it and leaves the outer handle alone", () => {
    const { memory } = observe();
    const outer = Logger.get("a").with({ card_pin: "1" });
    const inner = outer.scoped({ redaction: { extraSuffixes: ["_pin"] } });
    for (const expected of ["***", "1", "***", "1"]) {
      (expected === "1" ? outer : inner).info("x");
      expect(last(memory).attributes).toStrictEqual({ card_pin: expected });
    }
  });

  it("each of several scopes masks by its own setting, whichever logged before", () => {
    const { memory } = observe();
    const outer = Logger.get("a").with({ card_pin: "1", iban: "2" });
    const scopes = ["_pin", "iban"].map((suffix) => outer.scoped({ redaction: { extraSuffixes: [suffix] } }));
    for (const scope of [...scopes, ...scopes]) scope.info("x");
    expect(memory.records().map((record) => record.attributes)).toStrictEqual([
      { card_pin: "***", iban: "2" },
      { card_pin: "1", iban: "***" },
      { card_pin: "***", iban: "2" },
      { card_pin: "1", iban: "***" },
    ]);
  });

  it("with() inside a scope masks what was bound outside it", () => {
    const { memory } = observe();
    const outer = Logger.get("a").with({ card_pin: "1" });
    outer
      .scoped({ redaction: { extraSuffixes: ["_pin"] } })
      .with({ k: 1 })
      .info("x");
    expect(last(memory).attributes).toStrictEqual({ card_pin: "***", k: 1 });
  });

  it("a value normalised once stays as it is: marks and numbers included", () => {
    const { memory, diagnostics } = observe();
    const cyclic: Record<string, unknown> = { n: Number.NaN, big: 5n, when: new Date(0) };
    cyclic.self = cyclic;
    const log = Logger.get("a").with({ cyclic });
    log.info("x");
    const before = last(memory).attributes;
    widen(diagnostics, memory);
    log.info("x");
    expect(last(memory).attributes).toStrictEqual(before);
  });
});
