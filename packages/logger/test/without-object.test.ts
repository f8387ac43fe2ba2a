import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { Logger } from "../src/index.ts";
import { configureWithDiagnostics, eventsNamed, ProbeSink, resetAfterEach } from "./probe-sinks.ts";

const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal"] as const;

function observed(): { sink: ProbeSink; diagnostics: ProbeSink } {
  const sink = new ProbeSink();
  return { sink, ...configureWithDiagnostics({ level: "trace", sinks: [sink] }) };
}

/** Name and body of each record. */
const told = (sink: ProbeSink): unknown[] =>
  sink.records.map((record) => [record.instrumentationScope.name, record.body]);

describe("design-2 §7: methods called without their object never throw, and the record arrives", () => {
  resetAfterEach();

  it.each(LEVELS)("%s, taken out of its logger: under the root's name, reported once", (level) => {
    const { sink, diagnostics } = observed();
    const { [level]: method } = Logger.get("shop");
    for (const body of ["1", "2"]) (method as (...args: unknown[]) => void).call(undefined, body, { n: 1 });
    expect(told(sink)).toEqual([
      ["root", "1"],
      ["root", "2"],
    ]);
    expect(sink.attributes).toEqual({ n: 1 });
    expect(eventsNamed(diagnostics, "record_malformed").map(({ attributes }) => attributes["dagstack.reason"])).toEqual(
      ["called without its logger"],
    );
  });

  it("promise.catch(log.error): the rejection is handled and logged", async () => {
    const { sink } = observed();
    await Promise.reject(new Error("b")).catch(Logger.get("shop").error);
    expect(sink.records).toHaveLength(1);
  });

  it.each([
    ["undefined", undefined],
    ["null", null],
    ["a number", 7],
    ["a function", () => {}],
    ["Logger's prototype", Logger.prototype],
    ["a Proxy of a logger", new Proxy(Logger.get("shop"), {})],
    [
      "a Proxy that refuses",
      new Proxy(
        {},
        {
          getPrototypeOf: () => {
            throw new Error("no");
          },
        },
      ),
    ],
  ])("log and exception on %s", (_, self) => {
    const { sink } = observed();
    Logger.prototype.log.call(self as never, 13, "1");
    Logger.prototype.exception.call(self as never, new Error("2"));
    Logger.prototype.exception.call(self as never, "3");
    expect(told(sink)).toEqual([
      ["root", "1"],
      ["root", "2"],
      ["root", "3"],
    ]);
    expect(sink.attributes["exception.stacktrace"]).toMatch(/^Error: logged here\n.*without-object\.test/);
  });

  it("an object that inherits from a logger logs under its name, with what is bound to it", () => {
    const { sink, diagnostics } = observed();
    const heir = Object.create(Object.create(Logger.get("shop").with({ tenant: 7 }))) as Logger;
    heir.info("1");
    heir.child({ a: 1 }).info("2");
    expect(told(sink)).toEqual([
      ["shop", "1"],
      ["shop", "2"],
    ]);
    expect(sink.attributes).toEqual({ tenant: 7, a: 1 });
    expect(heir.name).toBe("shop");
    expect(diagnostics.records).toEqual([]);
  });

  it("no other method throws either", async () => {
    const { sink } = observed();
    const proxy = new Proxy(Logger.get("shop", "1.0"), {});
    expect([proxy.name, proxy.version, proxy.isEnabled("info"), proxy.effectiveLevel()]).toEqual([
      "root",
      null,
      true,
      1,
    ]);
    expect([proxy.effectiveSinks(), proxy.effectiveSecretSuffixes().length > 0]).toEqual([[sink], true]);
    const { with: bind, child, withContext, withoutContext, withSinks, appendSinks, withoutSinks, scoped } = proxy;
    const call = (method: (...args: never[]) => Logger, ...args: unknown[]): Logger =>
      method.apply(undefined, args as never[]);
    const extra = new ProbeSink("extra");
    const handles = [
      call(bind, { a: 1 }),
      call(child, { a: 1 }),
      call(withContext, undefined),
      call(withoutContext),
      call(withSinks, [extra]),
      call(appendSinks, [extra]),
      call(withoutSinks),
      call(scoped, { minSeverity: "warn" }),
    ];
    for (const handle of handles) handle.info("x");
    expect(sink.records).toHaveLength(5);
    expect(extra.records).toHaveLength(2);
    proxy.setLevel("warn");
    expect(Logger.get().effectiveLevel()).toBe(13);
    proxy.setMinSeverity("info");
    proxy.setSinks([sink]);
    const { withScopedSinks, scopeSinks } = proxy;
    expect(await withScopedSinks.call(undefined as never, [extra], (inner) => inner.name)).toBe("root");
    expect(await scopeSinks.call(undefined as never, [extra], () => 7)).toBe(7);
    const { flush, close } = proxy;
    expect(await flush.call(undefined as never)).toMatchObject({ success: true });
    expect(await close.call(undefined as never)).toMatchObject({ success: true });
  });

  it("statics need no object", async () => {
    const { sink } = observed();
    const { get, flush, close, effectiveSecretSuffixes, reset } = Logger;
    get("shop").info("x");
    expect(told(sink)).toEqual([["shop", "x"]]);
    expect(effectiveSecretSuffixes().length).toBeGreaterThan(0);
    expect([await flush(), await close()]).toMatchObject([{ success: true }, { success: true }]);
    reset();
  });
});

describe("a handle says what it is", () => {
  resetAfterEach();

  it("console.log: its name, version and level", () => {
    observed();
    expect(inspect(Logger.get("shop"))).toBe('Logger { name: "shop", level: TRACE }');
    expect(inspect({ log: Logger.get("shop", "1.2").with({ password: "s" }) })).toBe(
      '{ log: Logger { name: "shop", version: "1.2", level: TRACE } }',
    );
    expect(`${Logger.get("shop")}`).toBe("[object Logger]");
  });

  it("is no plain object, so that Vue's reactive() leaves it alone", () => {
    expect(Object.prototype.toString.call(Logger.get("shop")).slice(8, -1)).toBe("Logger");
  });
});
