import type { LogRecord } from "../record/index.ts";
import type { LineFormat } from "../sink/index.ts";
import { toDagstackJsonl } from "./line/index.ts";
import { toOtlpJson } from "./otlp/index.ts";

/** One record as one line of a format, without the line end. */
export function toLine(record: LogRecord, format: LineFormat): string {
  return format === "otlp_json" ? toOtlpJson([record]) : toDagstackJsonl(record);
}
