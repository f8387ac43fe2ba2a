/** §3.4 and §14.2 against one minor of `@opentelemetry/api`: each minor has a test file, and so a registry, of its own. */
import { describe, expect, it } from "vitest";
import { configure, Logger } from "../src/index.ts";
import { LineProbe, ProbeSink, resetAfterEach } from "./probe-sinks.ts";

export interface TestSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
}

/** One way to have OpenTelemetry contexts. */
export interface TracingSetup {
  /** Starts a span as the active one, runs `fn` in it and ends it. */
  inSpan<T>(sampled: boolean, fn: (span: TestSpan) => T): T;
  /** A context, not active, that holds a span. */
  contextWithSpan(): { readonly context: unknown; readonly span: TestSpan };
  /** Runs `fn` with a span of exactly these ids as the active one. */
  inSpanOf<T>(span: TestSpan, fn: () => T): T;
  readonly rootContext: unknown;
}

const TRACE_MEMBERS = ["trace_id", "span_id", "trace_flags"];

/** The eight cases of §3.4.4. */
const CASES = [
  { name: "auto_inject_default_true_with_active_span", flag: undefined, span: true, call: "plain", present: true },
  { name: "auto_inject_disabled_with_active_span", flag: false, span: true, call: "plain", present: false },
  { name: "without_context_opt_out", flag: true, span: true, call: "withoutContext", present: false },
  { name: "no_active_span_no_injection", flag: true, span: false, call: "plain", present: false },
  { name: "auto_inject_without_context_no_span", flag: true, span: false, call: "withoutContext", present: false },
  { name: "explicit_ctx_with_active_span", flag: false, span: true, call: "withContext", present: true },
  { name: "explicit_ctx_with_nil_context", flag: false, span: true, call: "plain", present: false },
  { name: "explicit_ctx_with_flag_true_no_op", flag: true, span: true, call: "withContext", present: true },
] as const;

export function describeTraceContext(setup: TracingSetup): void {
  resetAfterEach();

  const configured = (autoInjectTraceContext?: boolean): { sink: ProbeSink; log: Logger } => {
    const sink = new ProbeSink();
    configure({
      sinks: [sink],
      ...(autoInjectTraceContext === undefined ? {} : { autoInjectTraceContext }),
    });
    return { sink, log: Logger.get("trace.test") };
  };
  const traces = (sink: ProbeSink): unknown[] => sink.records.map((record) => record.traceId);

  describe("14.2-d: the cases of §3.4.4", () => {
    it.each(CASES)("$name", ({ flag, span, call, present }) => {
      const sink = new LineProbe();
      configure({
        sinks: [sink],
        ...(flag === undefined ? {} : { autoInjectTraceContext: flag }),
      });
      const log = Logger.get("trace.test");
      const explicit = setup.contextWithSpan();
      const handles = {
        plain: log,
        withoutContext: log.withoutContext(),
        withContext: log.withContext(explicit.context),
      };
      let active: TestSpan | undefined;
      const emit = (): void => handles[call].info("x");
      if (span && call !== "withContext") {
        setup.inSpan(true, (started) => {
          active = started;
          emit();
        });
      } else emit();
      const line = JSON.parse(sink.lines[0] ?? "") as Record<string, unknown>;
      const expected = call === "withContext" ? explicit.span : active;
      if (present) {
        expect(line).toMatchObject({ trace_id: expected?.traceId, span_id: expected?.spanId, trace_flags: 1 });
      } else {
        expect(TRACE_MEMBERS.filter((member) => member in line)).toEqual([]);
      }
    });
  });

  it("14.2-a, D-25: an unsampled span counts; its flags are unchanged", () => {
    const { sink, log } = configured();
    const span = setup.inSpan(false, (active) => {
      log.info("x");
      return active;
    });
    expect(sink.records[0]).toMatchObject({ traceId: span.traceId, spanId: span.spanId, traceFlags: 0 });
  });

  it("14.2-a: every record inside the span has its ids, those of children and exceptions too", () => {
    const { sink, log } = configured();
    const span = setup.inSpan(true, (active) => {
      log.info("x");
      log.child({ a: 1 }).warn("y");
      log.exception(new Error("z"));
      return active;
    });
    expect(sink.records.map(({ traceId, spanId, traceFlags }) => ({ traceId, spanId, traceFlags }))).toEqual(
      Array.from({ length: 3 }, () => ({ traceId: span.traceId, spanId: span.spanId, traceFlags: 1 })),
    );
  });

  it("14.2-b: a nested context overrides and is restored", () => {
    const { sink, log } = configured();
    const spans = setup.inSpan(true, (outer) => {
      log.info("1");
      const inner = setup.inSpan(true, (span) => {
        log.info("2");
        return span;
      });
      log.info("3");
      return { outer, inner };
    });
    expect(sink.records.map((record) => record.spanId)).toEqual([
      spans.outer.spanId,
      spans.inner.spanId,
      spans.outer.spanId,
    ]);
  });

  it("14.2-b: nesting holds across await, also for tasks that overlap", async () => {
    const { sink, log } = configured();
    const task = (name: string): Promise<TestSpan> =>
      setup.inSpan(true, async (span) => {
        log.info(name);
        await new Promise((resolve) => setImmediate(resolve));
        await setup.inSpan(true, async () => {
          await null;
        });
        log.info(name);
        return span;
      });
    const [a, b] = await Promise.all([task("a"), task("b")]);
    const byBody = (body: string): unknown[] =>
      sink.records.filter((record) => record.body === body).map((record) => record.spanId);
    expect(byBody("a")).toEqual([a.spanId, a.spanId]);
    expect(byBody("b")).toEqual([b.spanId, b.spanId]);
  });

  it("14.2-c: outside a context, and after one, there is no trace", () => {
    const { sink, log } = configured();
    log.info("before");
    setup.inSpan(true, () => undefined);
    log.info("after");
    expect(traces(sink)).toEqual([null, null]);
  });

  it.each([
    ["a trace id of zeros", { traceId: "0".repeat(32), spanId: "b7ad6b7169203331", traceFlags: 1 }],
    ["a span id of zeros", { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "0".repeat(16), traceFlags: 1 }],
    ["a trace id that is too short", { traceId: "0af7651916cd43dd", spanId: "b7ad6b7169203331", traceFlags: 1 }],
    ["ids that are not hex", { traceId: "x".repeat(32), spanId: "y".repeat(16), traceFlags: 1 }],
    ["ids that are no strings", { traceId: 5, spanId: {}, traceFlags: 1 } as unknown as TestSpan],
  ])("§3.4: %s counts as no span", (_, span) => {
    const { sink, log } = configured();
    setup.inSpanOf(span, () => log.info("x"));
    expect(sink.records[0]).toMatchObject({ traceId: null, spanId: null, traceFlags: 0 });
  });

  it("D-29: withContext never looks at the ambient span, so the root context opts out", () => {
    const { sink, log } = configured();
    setup.inSpan(true, () => log.withContext(setup.rootContext).info("x"));
    expect(traces(sink)).toEqual([null]);
  });

  it("D-29: withContext wins over the ambient span and passes to handles made from it", () => {
    const { sink, log } = configured();
    const { context, span } = setup.contextWithSpan();
    setup.inSpan(true, () => log.withContext(context).with({ a: 1 }).child({ b: 2 }).info("x"));
    expect(traces(sink)).toEqual([span.traceId]);
  });

  it("D-28: withoutContext does not pass to handles made from it", () => {
    const { sink, log } = configured();
    const span = setup.inSpan(true, (active) => {
      const bare = log.withoutContext();
      bare.info("1");
      bare.with({ a: 1 }).info("2");
      return active;
    });
    expect(traces(sink)).toEqual([null, span.traceId]);
  });

  it("§3.4.1, D-28: below an explicit context withoutContext gives way to that context, not to the ambient one", () => {
    const { sink, log } = configured();
    const { context, span } = setup.contextWithSpan();
    setup.inSpan(true, () => log.withContext(context).withoutContext().with({ a: 1 }).info("x"));
    expect(traces(sink)).toEqual([span.traceId]);
  });

  it("§3.4.3: withoutContext keeps bound attributes", () => {
    const { sink, log } = configured();
    setup.inSpan(true, () => log.with({ a: 1 }).withoutContext().info("x"));
    expect(sink.records[0]).toMatchObject({ traceId: null, attributes: { a: 1 } });
  });

  it("§3.4: a caller's attribute called trace_id does not touch the record's field", () => {
    const { sink, log } = configured();
    log.info("x", { trace_id: "mine" });
    expect(sink.records[0]).toMatchObject({ traceId: null, attributes: { trace_id: "mine" } });
  });

  it.each([undefined, null, 0, "context", {}, { getValue: 1 }])(
    "§3.6: withContext(%j) logs without a trace",
    (context) => {
      const { sink, log } = configured();
      log.withContext(context).info("x");
      expect(sink.records[0]).toMatchObject({ body: "x", traceId: null });
    },
  );
}
