// An active OpenTelemetry span, and its ids for the peers that do not look for one by themselves.
import { context, trace } from "@opentelemetry/api";

/** Makes a span; returns a function that runs another one inside it. */
export async function startSpan() {
  const { AsyncLocalStorageContextManager } = await import("@opentelemetry/context-async-hooks");
  const { BasicTracerProvider } = await import("@opentelemetry/sdk-trace-base");
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const span = new BasicTracerProvider().getTracer("benchmark").startSpan("request");
  const withSpan = trace.setSpan(context.active(), span);
  return { runInside: (run) => context.with(withSpan, run), traceId: span.spanContext().traceId };
}

/** What such a peer's own hook adds to each line. */
export function activeSpanFields() {
  const active = trace.getActiveSpan()?.spanContext();
  if (active === undefined) return {};
  return { trace_id: active.traceId, span_id: active.spanId, trace_flags: active.traceFlags };
}
