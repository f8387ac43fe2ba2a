export {
  buildAttributes,
  buildBody,
  buildRecord,
  type CoercionKind,
  type CoercionReport,
  MAX_DEPTH,
  type RecordDraft,
} from "./build-record.ts";
export { type Clock, readWallTime, systemClock, type Timer, toUnixNano, type WallTime } from "./clock.ts";
export { FlushAccount, type FlushOutcome, type FlushWindow } from "./delivery/flush-account.ts";
export { Ledger, type LedgerSnapshot } from "./delivery/ledger.ts";
export { settlesWithin } from "./delivery/settles-within.ts";
export { SinkAccount } from "./delivery/sink-account.ts";
export { Waiters } from "./delivery/waiters.ts";
export { describeValue } from "./describe-value.ts";
export {
  DIAGNOSTIC_DOMAIN,
  DIAGNOSTIC_EVENTS,
  type Diagnostic,
  type DiagnosticEvent,
  type DropReason,
  INTERNAL_LOGGER_NAME,
} from "./diagnostics.ts";
export { errorMessage, errorStack, errorType, isErrorSafe } from "./error-parts.ts";
export {
  ConfigError,
  type ConfigErrorReason,
  type ConfigIssue,
  describeError,
  WireFormatError,
} from "./errors.ts";
export { type IntegerRange, OptionsCheck } from "./options-check.ts";
export {
  type Attributes,
  type InstrumentationScope,
  type LogRecord,
  type Resource,
  type Value,
  withObservedTime,
} from "./record.ts";
export { TRUNCATED_BYTES_KEY } from "./record-limit.ts";
export {
  createRedactor,
  DEFAULT_SECRET_SUFFIXES,
  MASKED_PLACEHOLDER,
  RECOMMENDED_EXTRA_SUFFIXES,
  type RedactionConfig,
  Redactor,
  redactionIssues,
} from "./redaction.ts";
export {
  clampSeverity,
  DEFAULT_SEVERITY,
  type Level,
  levelIssue,
  levelNumber,
  MAX_SEVERITY,
  MIN_SEVERITY,
  parseLevel,
  Severity,
  type SeverityText,
  severityText,
} from "./severity.ts";
export {
  type EncodedFormat,
  type FailedSink,
  FLUSH_SUCCEEDED,
  type FlushResult,
  type LineFormat,
  missingSinkMembers,
  type Sink,
  type SinkContext,
} from "./sink.ts";
export { DEFAULT_MAX_RECORD_BYTES, TRUNCATION_MARK } from "./walk-budget.ts";
