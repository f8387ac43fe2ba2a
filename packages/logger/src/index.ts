export {
  type Attributes,
  ConfigError,
  type ConfigErrorReason,
  type ConfigIssue,
  DEFAULT_SECRET_NAMES,
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
export {
  type ConfigureOptions,
  configure,
  type Explanation,
  type LoggerOptions,
  type Logging,
  type ReconfigureResult,
} from "./configuration/index.ts";
export { type ContextReader, openTelemetryContextReader, type TraceContext } from "./context/index.ts";
export { Logger } from "./logger.ts";
export { installShutdownHooks, type ShutdownHookOptions } from "./process/index.ts";
export type { AttributeInput, ExceptionOptions, MessageComesFirst } from "./record/index.ts";
export type { CapturedLogs, Metrics, MetricsSnapshot, ReconfigureOutcome } from "./registry/index.ts";
export { captureLogs, type ScopeOptions } from "./routing/index.ts";
export type { SinkMetrics } from "./sinks/index.ts";
