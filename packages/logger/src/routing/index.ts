/** Where the records of a handle go: its level, sinks and redaction, scopes, captures. */
export { captureLogs } from "./capture-logs.ts";
export { type Emitter, emit } from "./emit.ts";
export { Handles } from "./handles.ts";
export { ASK_FIRST, Routing } from "./routing.ts";
export { planScope, type ScopeOptions, type ScopePlan } from "./scope.ts";
export { ScopedBlock } from "./scoped-block.ts";
export { clamped, DEBUG, ERROR, exceptionSeverity, FATAL, INFO, TRACE, WARN } from "./severity.ts";
