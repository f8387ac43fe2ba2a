import type { LogRecord } from "../record.ts";
import type { LineFormat } from "../sink.ts";
import { toDagstackJsonl } from "./dagstack-jsonl.ts";
import { toOtlpJson } from "./otlp-json.ts";

/** One record as one line of a format, without the line end. */
export function toLine(record: LogRecord, format: LineFormat): string {
  return format === "otlp_json" ? toOtlpJson([record]) : toDagstackJsonl(record);
}
