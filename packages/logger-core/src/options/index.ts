export { describeValue } from "./describe-value.ts";
export { ConfigError, type ConfigErrorReason, type ConfigIssue, describeError, WireFormatError } from "./errors.ts";
export { type IntegerRange, OptionsCheck } from "./options-check.ts";
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
