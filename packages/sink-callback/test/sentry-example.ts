import type { LogRecord } from "@dagstack/logger-core";

type SentryLevel = "error" | "fatal";

interface SentryContext {
  level: SentryLevel;
  tags: Record<string, string>;
  extra: Record<string, unknown>;
}

/** The part of `@sentry/node`, `@sentry/browser` and their like that is used here. */
export interface SentryLike {
  captureException(error: unknown, context: SentryContext): string;
  captureMessage(message: string, context: SentryContext): string;
}

export function toSentry(sentry: SentryLike): (record: LogRecord) => void {
  return function sentryCallback(record) {
    const context: SentryContext = {
      level: record.severityNumber >= 21 ? "fatal" : "error",
      tags: { logger: record.instrumentationScope.name, ...(record.traceId !== null && { trace_id: record.traceId }) },
      extra: { ...record.attributes },
    };
    const text = typeof record.body === "string" ? record.body : "structured log record";
    if (text !== record.body) context.extra.body = record.body;
    const type = record.attributes["exception.type"];
    if (typeof type !== "string") {
      sentry.captureMessage(text, context);
      return;
    }
    const error = new Error(String(record.attributes["exception.message"] ?? text));
    error.name = type;
    const stack = record.attributes["exception.stacktrace"];
    if (typeof stack === "string") error.stack = stack;
    sentry.captureException(error, context);
  };
}
