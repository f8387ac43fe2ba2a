export { InMemorySink, type InMemorySinkOptions } from "./in-memory-sink.ts";
export type { RecordQuery } from "./record-query.ts";
