export { toDagstackJsonl } from "./dagstack-jsonl.ts";
export { readJson } from "./json-reader.ts";
export { LineEncoder } from "./line-encoder.ts";
export { type ParseOptions, parseDagstackJsonl } from "./parse-dagstack-jsonl.ts";
export {
  checkSeverityNumber,
  checkSeverityText,
  checkTime,
  checkTrace,
  isMapValue,
  type TraceMembers,
} from "./record-checks.ts";
