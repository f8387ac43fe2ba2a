/** Where a record comes from: this process, and the trace and baggage around the call. */
export {
  type ContextReader,
  openTelemetryContextReader,
  type TraceContext,
} from "./opentelemetry-context.ts";
export { type ContextSettings, type ContextSource, passedOn, readContext } from "./read-context.ts";
export { assembleResource, detectFacts, type ResourceIssue } from "./resource.ts";
