/** From the values of one log call to what sinks are handed. */
export type { AttributeInput, MessageComesFirst } from "./attribute-input.ts";
export { BoundAttributes } from "./bound-attributes.ts";
export { Emission, type RecordSource } from "./emission.ts";
export { type ExceptionOptions, exceptionOption, exceptionParts } from "./exception.ts";
export { send } from "./fan-out.ts";
export { instrumentationScope, scopeIdentity } from "./instrumentation-scope.ts";
