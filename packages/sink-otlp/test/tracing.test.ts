import { get } from "node:http";
import { createRequire, syncBuiltinESMExports } from "node:module";
import { withoutTracing } from "@dagstack/logger-core/http";
import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type LogRecordExporter, OTLPSink } from "../src/index.ts";
import { numbered, withReceiver } from "./rig.ts";

const spans = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
const tracer = provider.getTracer("test");
const names = (): string[] => spans.getFinishedSpans().map(({ name, kind }) => (kind === 2 ? `client ${name}` : name));

/** As an application does it: the instrumentation first, then everything that uses `http`. */
function instrumentHttp(): { disable(): void } {
  const require = createRequire(import.meta.url);
  const { HttpInstrumentation } = require("@opentelemetry/instrumentation-http") as {
    HttpInstrumentation: new (options: object) => { disable(): void; setTracerProvider(from: object): void };
  };
  const instrumentation = new HttpInstrumentation({ disableIncomingRequestInstrumentation: true });
  instrumentation.setTracerProvider(provider);
  require("node:http");
  syncBuiltinESMExports();
  return instrumentation;
}

describe("client spans (design §7: export requests create none)", () => {
  let instrumentation: { disable(): void };

  beforeAll(() => {
    trace.setGlobalTracerProvider(provider);
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    instrumentation = instrumentHttp();
  });
  afterEach(() => spans.reset());
  afterAll(() => {
    instrumentation.disable();
    syncBuiltinESMExports();
    trace.disable();
    context.disable();
  });

  it("@opentelemetry/instrumentation-http makes a span of any other request", async () => {
    await withReceiver({}, async ({ receiver }) => {
      await new Promise((resolve) => get(receiver.url, (response) => response.resume().on("close", resolve)));
      expect(names()).toEqual(["client GET"]);
    });
  });

  it("a span around emit and flush gets no child", async () => {
    await withReceiver({}, async ({ sink, emitMany, receiver }) => {
      await tracer.startActiveSpan("checkout", async (span) => {
        emitMany(1);
        await sink.flush(2_000);
        span.end();
      });
      expect(receiver.requests()).toHaveLength(1);
      expect(receiver.requests()[0]?.headers.traceparent).toBeUndefined();
      expect(names()).toEqual(["checkout"]);
    });
  });

  it("nor does what the headers function requests", async () => {
    await withReceiver({}, async ({ receiver }) => {
      const headers = async (): Promise<Record<string, string>> => {
        await new Promise((resolve) => get(receiver.url, (response) => response.resume().on("close", resolve)));
        return { "x-token": "t" };
      };
      await withReceiver({ headers }, async ({ sink, emitMany, receiver: logs }) => {
        emitMany(1);
        await sink.flush(2_000);
        expect(logs.requests()[0]?.headers["x-token"]).toBe("t");
      });
      expect(names()).toEqual([]);
    });
  });

  it("nor do the requests of an exporter", async () => {
    await withReceiver({}, async ({ receiver }) => {
      const exporter: LogRecordExporter = {
        export(_, done) {
          get(receiver.url, (response) => response.resume().on("close", () => done({ code: 0 })));
        },
        shutdown: () => Promise.resolve(),
      };
      const sink = new OTLPSink({ exporter });
      sink.emit(numbered(1));
      expect(await sink.flush(2_000)).toMatchObject({ success: true });
      expect(names()).toEqual([]);
    });
  });

  it("tracing is off inside and on outside, and the answer passes through", () => {
    expect(
      withoutTracing(() => {
        tracer.startSpan("inside").end();
        return 42;
      }),
    ).toBe(42);
    tracer.startSpan("outside").end();
    expect(names()).toEqual(["outside"]);
  });
});

describe("without OpenTelemetry, or with one that misbehaves", () => {
  it.each([
    undefined,
    {},
    { context: {} },
    {
      context: {
        active() {
          throw new Error("out of order");
        },
      },
    },
  ])("the request is made all the same %#", (api) => {
    const key = Symbol.for("opentelemetry.js.api.1");
    const globals = globalThis as { [key]?: unknown };
    const before = globals[key];
    globals[key] = api;
    let calls = 0;
    withoutTracing(() => calls++);
    globals[key] = before;
    expect(calls).toBe(1);
  });
});
