export { captureAsyncContext, type RunInContext } from "./async-context.ts";
export { type Clock, readWallTime, type Timer, toUnixNano, type WallTime } from "./clock.ts";
export {
  DIAGNOSTIC_DOMAIN,
  DIAGNOSTIC_EVENTS,
  type Diagnostic,
  type DiagnosticEvent,
  type DropReason,
  INTERNAL_LOGGER_NAME,
} from "./diagnostics.ts";
export { processWide } from "./process-wide.ts";
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
export { systemClock } from "./system-clock.ts";
