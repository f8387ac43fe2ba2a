export {
  buildAttributes,
  buildBody,
  buildRecord,
  collectAttributes,
  collectBody,
  type RecordDraft,
} from "./build-record.ts";
export { type CoercionKind, type CoercionReport, UNREADABLE } from "./coercion.ts";
export { errorMessage, errorStack, errorType, isErrorSafe } from "./error-parts.ts";
export { isPlain, type MutableMap, setMember } from "./plain-map.ts";
export {
  type Attributes,
  type InstrumentationScope,
  type LogRecord,
  type Resource,
  type Value,
  withObservedTime,
} from "./record.ts";
export { limitRecord, TRUNCATED_BYTES_KEY } from "./record-limit.ts";
export { MAX_DEPTH, ValueWalk } from "./value-walk.ts";
export { DEFAULT_MAX_RECORD_BYTES, TRUNCATION_MARK, WalkBudget } from "./walk-budget.ts";
