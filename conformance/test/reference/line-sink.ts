import type { LineFormat, LogRecord } from "@dagstack/logger-core";
import { toDagstackJsonl } from "@dagstack/logger-core/wire";
import { DirectSink } from "./direct-sink.ts";

const utf8 = new TextEncoder();

/** Delivers lines: those that it is given, and those that it makes of records. */
export class LineSink extends DirectSink<Uint8Array> {
  override readonly id: string = "reference:line";
  readonly lineFormat: LineFormat | undefined = "dagstack";

  emitLine(severityNumber: number, line: Uint8Array): void {
    if (severityNumber < this.minSeverity) return;
    this.takeLine(line);
  }

  protected takeLine(line: Uint8Array): void {
    this.take(() => this.keep(line));
  }

  /** The bytes are the caller's again when `emitLine` returns. */
  protected keep(line: Uint8Array): Uint8Array {
    return line.slice();
  }

  protected override toItem(record: LogRecord): Uint8Array {
    return utf8.encode(toDagstackJsonl(record));
  }
}
