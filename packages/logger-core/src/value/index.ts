export { type CoercionKind, type CoercionReport, UNREADABLE } from "./coercion.ts";
export {
  ErrorPart,
  errorMembers,
  errorMessage,
  errorStack,
  errorType,
  hasMessage,
  isErrorSafe,
  isTold,
  ownMembers,
  stackOf,
} from "./error-parts.ts";
export { isList, isPlain, listLength, type MutableMap, setMember } from "./plain-map.ts";
export type { Attributes, Value } from "./value.ts";
export { valueText } from "./value-text.ts";
export { ByWalk, MAX_DEPTH, ValueWalk } from "./value-walk.ts";
export { DEFAULT_MAX_RECORD_BYTES, nameText, TRUNCATION_MARK, WalkBudget } from "./walk-budget.ts";
export { isWellFormed } from "./well-formed.ts";
