export {
  type Attributes,
  ConfigError,
  type ConfigErrorReason,
  type ConfigIssue,
  DEFAULT_SECRET_SUFFIXES,
  type FlushResult,
  INTERNAL_LOGGER_NAME,
  type InstrumentationScope,
  type LedgerSnapshot,
  type Level,
  type LogRecord,
  MASKED_PLACEHOLDER,
  RECOMMENDED_EXTRA_SUFFIXES,
  type RedactionConfig,
  type Resource,
  Severity,
  type SeverityText,
  type Sink,
  type Value,
} from "@dagstack/logger-core";
export { captureLogs } from "./capture-logs.ts";
export type { CapturedLogs } from "./captures.ts";
export { configure, type Logging, type ReconfigureResult } from "./configure.ts";
export type { Explanation } from "./explain.ts";
export { type AttributeInput, Logger, type MessageComesFirst } from "./logger.ts";
export type { Metrics, MetricsSnapshot, ReconfigureOutcome } from "./metrics.ts";
export { type ContextReader, openTelemetryContextReader, type TraceContext } from "./opentelemetry-context.ts";
export type { ConfigureOptions, LoggerOptions } from "./options.ts";
export type { ScopeOptions } from "./scope.ts";
export { installShutdownHooks, type ShutdownHookOptions } from "./shutdown-hooks.ts";
export type { SinkMetrics } from "./sink-counters.ts";
