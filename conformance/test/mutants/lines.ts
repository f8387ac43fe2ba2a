import type { LineFormat } from "@dagstack/logger-core";
import { LineSink } from "../reference/line-sink.ts";
import { line } from "./make.ts";
import type { Mutant } from "./mutant.ts";

export const linesMutants: readonly Mutant[] = [
  line(
    "LINE-01",
    "the format of the lines is called by another name",
    class extends LineSink {
      override readonly lineFormat = "jsonl" as LineFormat;
    },
  ),
  line(
    "LINE-02",
    "emitLine takes the bytes for Latin-1",
    class extends LineSink {
      protected override keep(bytes: Uint8Array): Uint8Array {
        return new TextEncoder().encode(Buffer.from(bytes).toString("latin1"));
      }
    },
  ),
  line(
    "LINE-02",
    "emitLine puts the time before the line, emit does not",
    class extends LineSink {
      protected override keep(bytes: Uint8Array): Uint8Array {
        return Buffer.concat([Buffer.from(`${this.context.clock.now()} `), bytes]);
      }
    },
  ),
  line(
    "LINE-03",
    "the bytes themselves are queued, and hold the next line when they are written",
    class extends LineSink {
      protected override keep(bytes: Uint8Array): Uint8Array {
        return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      }
    },
  ),
  line(
    "LINE-04",
    "the line is wiped when it is written, before the next sink has it",
    class extends LineSink {
      protected override keep(bytes: Uint8Array): Uint8Array {
        const copy = super.keep(bytes);
        bytes.fill(0);
        return copy;
      }
    },
  ),
  line(
    "LINE-05",
    "emitLine does not ask whether the sink is closed",
    class extends LineSink {
      protected override takeLine(bytes: Uint8Array): void {
        this.guarded(() => this.deliver(this.keep(bytes)));
      }
    },
  ),
  line(
    "LINE-05",
    "a line after close is gone without being counted",
    class extends LineSink {
      protected override takeLine(bytes: Uint8Array): void {
        if (!this.closed) super.takeLine(bytes);
      }
    },
  ),
  line(
    "LINE-06",
    "emitLine does not look at the severity beside the line",
    class extends LineSink {
      override emitLine(_severityNumber: number, bytes: Uint8Array): void {
        this.takeLine(bytes);
      }
    },
  ),
  line(
    "LINE-06",
    "the threshold itself does not pass emitLine: > in place of >=",
    class extends LineSink {
      override emitLine(severityNumber: number, bytes: Uint8Array): void {
        if (severityNumber > this.minSeverity) this.takeLine(bytes);
      }
    },
  ),
];
