import { context, ROOT_CONTEXT, type Span, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { BasicTracerProvider, SamplingDecision } from "@opentelemetry/sdk-trace-base";
import { describe, expect, it } from "vitest";
import { type ContextReader, configure, Logger } from "../src/index.ts";
import { configureWithDiagnostics, eventsNamed, ProbeSink, resetAfterEach } from "./probe-sinks.ts";
import { describeTraceContext } from "./trace-context-cases.ts";

const provider = new BasicTracerProvider({
  sampler: {
    shouldSample: (_context, _traceId, name) => ({
      decision: name === "sampled" ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.NOT_RECORD,
    }),
    toString: () => "by name",
  },
});
const tracer = provider.getTracer("test");
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());

describe("@opentelemetry/api 1.9 with the SDK", () => {
  describeTraceContext({
    rootContext: ROOT_CONTEXT,
    inSpan: (sampled, fn) =>
      tracer.startActiveSpan(sampled ? "sampled" : "unsampled", (span: Span) => {
        try {
          return fn(span.spanContext());
        } finally {
          span.end();
        }
      }),
    contextWithSpan: () => {
      const span = tracer.startSpan("sampled");
      return { context: trace.setSpan(ROOT_CONTEXT, span), span: span.spanContext() };
    },
    inSpanOf: (span, fn) => context.with(trace.setSpanContext(ROOT_CONTEXT, span), fn),
  });
});

describe("contextReader", () => {
  resetAfterEach();
  const span = { traceId: "0AF7651916CD43DD8448EB211C80319C", spanId: "B7AD6B7169203331", traceFlags: 257 };
  const reader = (overrides: Partial<ContextReader> = {}): ContextReader => ({
    active: () => ({}),
    span: () => span,
    baggage: () => undefined,
    ...overrides,
  });

  it("D-12: ids from a reader become lower-case; flags that are no byte become 0", () => {
    const sink = new ProbeSink();
    configure({ sinks: [sink], contextReader: reader() });
    Logger.get("a").info("x");
    expect(sink.records[0]).toMatchObject({
      traceId: span.traceId.toLowerCase(),
      spanId: span.spanId.toLowerCase(),
      traceFlags: 0,
    });
  });

  it("§3.4.2: with the flag false the reader's ambient context is never asked for", () => {
    const sink = new ProbeSink();
    let asked = 0;
    configure({
      sinks: [sink],
      autoInjectTraceContext: false,
      contextReader: reader({
        active: () => {
          asked += 1;
          return {};
        },
      }),
    });
    Logger.get("a").info("x");
    expect({ asked, traceId: sink.records[0]?.traceId }).toEqual({ asked: 0, traceId: null });
  });

  it.each(["active", "span", "baggage"] as const)(
    "§3.6: a reader whose %s throws costs the trace, not the record",
    (method) => {
      const sink = new ProbeSink();
      const { diagnostics } = configureWithDiagnostics({
        sinks: [sink],
        contextReader: reader({
          [method]: () => {
            throw new TypeError("tenant acme");
          },
        }),
      });
      Logger.get("a").info("x");
      expect(sink.records[0]).toMatchObject({ body: "x", traceId: null });
      const [report] = eventsNamed(diagnostics, "record_malformed");
      expect(report?.attributes).toMatchObject({ "dagstack.logger.name": "a" });
      expect(JSON.stringify(report?.attributes)).not.toContain("acme");
    },
  );
});
