export {
  buildAttributes,
  buildBody,
  buildRecord,
  collectAttributes,
  collectBody,
  type RecordDraft,
} from "./build-record.ts";
export { exceptionAttributes } from "./exception-attributes.ts";
export { type InstrumentationScope, type LogRecord, type Resource, withObservedTime } from "./record.ts";
export { limitRecord, TRUNCATED_BYTES_KEY } from "./record-limit.ts";
