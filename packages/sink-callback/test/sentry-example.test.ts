import { readFileSync } from "node:fs";
import { testRecord } from "@dagstack/logger-core/testing";
import { describe, expect, it } from "vitest";
import { CallbackSink } from "../src/index.ts";
import { type SentryLike, toSentry } from "./sentry-example.ts";

function recorder() {
  const events: { what: unknown; context: unknown }[] = [];
  const capture = (what: unknown, context: unknown): string => {
    events.push({ what, context });
    return "event id";
  };
  const sentry: SentryLike = { captureException: capture, captureMessage: capture };
  return { events, sink: new CallbackSink(toSentry(sentry), { minSeverity: "error" }) };
}

const exception = {
  "exception.type": "CardError",
  "exception.message": "declined",
  "exception.stacktrace": "CardError: declined\n    at pay (shop.js:1:2)",
};

describe("README example: ERROR and above to Sentry (§7.2)", () => {
  it("is the code in the README", () => {
    const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");
    expect(read("../README.md")).toContain(read("./sentry-example.ts"));
  });

  it("leaves out what is below ERROR", () => {
    const { events, sink } = recorder();
    sink.emit(testRecord({ severityNumber: 16 }));
    expect(events).toEqual([]);
  });

  it("sends a plain record as a message with its attributes, logger and trace", () => {
    const { events, sink } = recorder();
    const traceId = "0af7651916cd43dd8448eb211c80319c";
    sink.emit(testRecord({ severityNumber: 17, body: "payment failed", attributes: { "order.id": 42 }, traceId }));
    expect(events).toEqual([
      {
        what: "payment failed",
        context: { level: "error", tags: { logger: "test", trace_id: traceId }, extra: { "order.id": 42 } },
      },
    ]);
  });

  it("sends FATAL as fatal", () => {
    const { events, sink } = recorder();
    sink.emit(testRecord({ severityNumber: 21 }));
    expect(events[0]?.context).toMatchObject({ level: "fatal", tags: { logger: "test" } });
  });

  it("sends a structured body beside a fixed text, so that events group", () => {
    const { events, sink } = recorder();
    sink.emit(testRecord({ severityNumber: 17, body: { a: 1 } }));
    expect(events).toMatchObject([{ what: "structured log record", context: { extra: { body: { a: 1 } } } }]);
  });

  it("sends an exception as an error with its type, message and stack", () => {
    const { events, sink } = recorder();
    sink.emit(testRecord({ severityNumber: 17, body: "payment failed", attributes: exception }));
    const error = events[0]?.what;
    expect(error).toBeInstanceOf(Error);
    const [name, message, stack] = Object.values(exception);
    expect(error).toMatchObject({ name, message, stack });
  });

  it("uses the body where an exception has no message", () => {
    const { events, sink } = recorder();
    sink.emit(testRecord({ severityNumber: 17, body: "failed", attributes: { "exception.type": "E" } }));
    expect(events[0]?.what).toHaveProperty("message", "failed");
  });

  it("has an id of its own (D-50)", () => expect(recorder().sink.id).toBe("callback:sentryCallback"));
});
