import { type Clock, type LineFormat, type LogRecord, withObservedTime } from "@dagstack/logger-core";
import { toDagstackJsonl, toOtlpJson } from "@dagstack/logger-core/wire";
import type { SinkPort } from "./sink-port.ts";

const utf8 = new TextEncoder();

/**
 * Hands one record to every sink that wants it (§7.3): as a line to those that take lines, encoded once per format, as
 * the shared record to the others. `makeRecord` is called at most once, and only if some sink wants the record.
 */
export function fanOut(
  ports: readonly SinkPort[],
  severityNumber: number,
  makeRecord: () => LogRecord,
  clock: Clock,
): void {
  let record: LogRecord | undefined;
  let lines: { [F in LineFormat]?: Uint8Array } | undefined;
  for (const port of ports) {
    if (!port.wants(severityNumber)) continue;
    if (port.closed) {
      port.refuse("closed");
      continue;
    }
    record ??= makeRecord();
    const format = port.lineFormat;
    if (format === undefined) {
      port.emit(record);
      continue;
    }
    lines ??= {};
    lines[format] ??= encodeLine(record, format, clock);
    port.emitLine(severityNumber, lines[format]);
  }
}

/** The moment a line is encoded is the moment its sinks take the record in. */
function encodeLine(record: LogRecord, format: LineFormat, clock: Clock): Uint8Array {
  const observed = withObservedTime(record, clock.now());
  return utf8.encode(format === "otlp_json" ? toOtlpJson([observed]) : toDagstackJsonl(observed));
}
