/** Where the records of a handle go: its level, sinks and redaction, scopes, captures. */
export { reportUnused } from "./calls.ts";
export { captureLogs } from "./capture-logs.ts";
export { tellInConsoles } from "./console-text.ts";
export { bindTo, deriveEmitter, type Emitter, emit, emitException, loseCall, NO_CONTEXT } from "./emit.ts";
export { handleBehind, handleNamed } from "./handles.ts";
export { ASK_FIRST, Routing } from "./routing.ts";
export { planScope, type ScopeOptions, type ScopePlan } from "./scope.ts";
export { ScopedBlock } from "./scoped-block.ts";
export { asSeverity, clamped, exceptionSeverity } from "./severity.ts";
