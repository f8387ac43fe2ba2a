import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { context, ROOT_CONTEXT, trace } from "opentelemetry-api-1.10";
import { describe } from "vitest";
import { describeTraceContext, type TestSpan } from "./trace-context-cases.ts";

// The SDK's peer range ends before 1.10, so the spans are made by hand; the contexts are those of the API.
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());

let spans = 0;

function newSpan(sampled: boolean): TestSpan {
  spans += 1;
  const digits = spans.toString(16);
  return { traceId: digits.padStart(32, "a"), spanId: digits.padStart(16, "b"), traceFlags: sampled ? 1 : 0 };
}

describe("@opentelemetry/api 1.10", () => {
  describeTraceContext({
    rootContext: ROOT_CONTEXT,
    inSpan: (sampled, fn) => {
      const span = newSpan(sampled);
      return context.with(trace.setSpan(context.active(), trace.wrapSpanContext(span)), () => fn(span));
    },
    contextWithSpan: () => {
      const span = newSpan(true);
      return { context: trace.setSpan(ROOT_CONTEXT, trace.wrapSpanContext(span)), span };
    },
    inSpanOf: (span, fn) => context.with(trace.setSpanContext(ROOT_CONTEXT, span), fn),
  });
});
