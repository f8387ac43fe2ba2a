import { context, propagation, ROOT_CONTEXT } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { describe, expect, it } from "vitest";
import { configure, Logger } from "../src/index.ts";
import { readFixture } from "./fixtures.ts";
import { ProbeSink, resetAfterEach } from "./probe-sinks.ts";

interface BaggageFixture {
  readonly default: readonly string[];
  readonly ai_agent: readonly string[];
  readonly aliases: Readonly<Record<string, string>>;
  readonly cases: readonly {
    readonly baggage: Readonly<Record<string, string>>;
    readonly bound?: object;
    readonly call?: object;
    readonly pack?: "ai_agent";
    readonly auto_inject_trace_context?: boolean;
    readonly without_context?: boolean;
    readonly attributes: object;
  }[];
}

const data = readFixture<BaggageFixture>("baggage_keys.json");
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());

function contextWith(baggage: Readonly<Record<string, string>>): typeof ROOT_CONTEXT {
  const entries = Object.fromEntries(Object.entries(baggage).map(([key, value]) => [key, { value }]));
  return propagation.setBaggage(ROOT_CONTEXT, propagation.createBaggage(entries));
}

describe("§3.4 baggage", () => {
  resetAfterEach();

  it.each(data.cases)("baggage_keys.json: %j", (fixtureCase) => {
    const sink = new ProbeSink();
    configure({
      sinks: [sink],
      autoInjectTraceContext: fixtureCase.auto_inject_trace_context ?? true,
      ...(fixtureCase.pack === undefined ? {} : { baggageKeys: [...data.default, ...data.ai_agent] }),
    });
    let log = Logger.get("baggage.test");
    if (fixtureCase.bound !== undefined) log = log.with(fixtureCase.bound);
    if (fixtureCase.without_context === true) log = log.withoutContext();
    context.with(contextWith(fixtureCase.baggage), () => log.info("x", fixtureCase.call));
    expect(sink.attributes).toEqual(fixtureCase.attributes);
  });

  it.each(Object.entries(data.aliases))("D-27: the spelling %s feeds %s", (spelling, key) => {
    const sink = new ProbeSink();
    configure({ sinks: [sink] });
    context.with(contextWith({ [spelling]: "v" }), () => Logger.get("a").info("x"));
    expect(sink.attributes).toEqual({ [key]: "v" });
  });

  it("§3.4, §10: baggage passes redaction like any attribute", () => {
    const sink = new ProbeSink();
    configure({ sinks: [sink], baggageKeys: ["api_key"] });
    context.with(contextWith({ api_key: "s3cret" }), () => Logger.get("a").info("x"));
    expect(sink.attributes).toEqual({ api_key: "***" });
  });

  it("§3.4: baggageKeys [] takes nothing", () => {
    const sink = new ProbeSink();
    configure({ sinks: [sink], baggageKeys: [] });
    context.with(contextWith({ "tenant.id": "acme" }), () => Logger.get("a").info("x"));
    expect(sink.attributes).toEqual({});
  });

  it("D-29: an explicit context brings its own baggage, not the ambient one", () => {
    const sink = new ProbeSink();
    configure({ sinks: [sink], autoInjectTraceContext: false });
    const log = Logger.get("a").withContext(contextWith({ "user.id": "17" }));
    context.with(contextWith({ "tenant.id": "acme" }), () => log.info("x"));
    expect(sink.attributes).toEqual({ "user.id": "17" });
  });

  it("D-23: baggage goes to exception records and below what the helper sets", () => {
    const sink = new ProbeSink();
    configure({ sinks: [sink], baggageKeys: ["exception.type", "tenant.id"] });
    context.with(contextWith({ "exception.type": "fake", "tenant.id": "acme" }), () =>
      Logger.get("a").exception(new TypeError("boom")),
    );
    expect(sink.attributes).toMatchObject({ "exception.type": "TypeError", "tenant.id": "acme" });
  });

  it("§3.4: baggage of a task does not reach its neighbour, across await", async () => {
    const sink = new ProbeSink();
    configure({ sinks: [sink] });
    const task = (tenant: string): Promise<void> =>
      context.with(contextWith({ "tenant.id": tenant }), async () => {
        await null;
        Logger.get("a").info(tenant);
      });
    await Promise.all([task("a"), task("b")]);
    expect(sink.records.map(({ body, attributes }) => [body, attributes["tenant.id"]])).toEqual([
      ["a", "a"],
      ["b", "b"],
    ]);
  });
});
