import type { LogRecord } from "@dagstack/logger-core";
import { DirectRecordSink } from "../reference/direct-sink.ts";
import { LineSink } from "../reference/line-sink.ts";
import { QueueSink } from "../reference/queue-sink.ts";
import { queueSubject } from "../reference/subjects.ts";
import { direct, line, queue } from "./make.ts";
import type { Mutant } from "./mutant.ts";

const LARGE = 256 * 1024;

export const emitMutants: readonly Mutant[] = [
  direct(
    "EMIT-02",
    "emit is async",
    class extends DirectRecordSink {
      override async emit(record: LogRecord): Promise<void> {
        super.emit(record);
      }
    },
  ),
  direct(
    "EMIT-02",
    "emit returns whether the destination has room, as write of a stream does",
    class extends DirectRecordSink {
      override emit(record: LogRecord): boolean {
        super.emit(record);
        return true;
      }
    },
  ),
  line(
    "EMIT-02",
    "emitLine is async",
    class extends LineSink {
      override async emitLine(severityNumber: number, bytes: Uint8Array): Promise<void> {
        super.emitLine(severityNumber, bytes);
      }
    },
  ),
  queue(
    "EMIT-03",
    "emit after close throws: write after end",
    class extends QueueSink {
      protected override refuse(): void {
        super.refuse();
        throw new Error("write after end");
      }
    },
  ),
  direct(
    "EMIT-03",
    "what the destination throws goes through to the caller",
    class extends DirectRecordSink {
      protected override failed(error: unknown): void {
        super.failed(error);
        throw error;
      }
    },
  ),
  direct(
    "EMIT-03",
    "a record that is too large throws",
    class extends DirectRecordSink {
      override emit(record: LogRecord): void {
        if (sizeOf(record) <= LARGE) super.emit(record);
        else {
          this.lose("sink_error");
          throw new RangeError("the record is too large");
        }
      }
    },
  ),
  line(
    "EMIT-03",
    "emitLine after close throws, where emit does not",
    class extends LineSink {
      override emitLine(severityNumber: number, bytes: Uint8Array): void {
        super.emitLine(severityNumber, bytes);
        if (this.closed) throw new Error("write after end");
      }
    },
  ),
  direct(
    "EMIT-04",
    "emit relies on supportsSeverity having been asked",
    class extends DirectRecordSink {
      override emit(record: LogRecord): void {
        this.take(() => this.toItem(this.observe(record)));
      }
    },
  ),
  direct(
    "EMIT-04",
    "what is below the threshold is counted as lost",
    class extends DirectRecordSink {
      override emit(record: LogRecord): void {
        if (record.severityNumber < this.minSeverity) this.context.onDrop(1, "filtered");
        else super.emit(record);
      }
    },
  ),
  direct(
    "EMIT-04",
    "the threshold itself does not pass: > in place of >=",
    class extends DirectRecordSink {
      override emit(record: LogRecord): void {
        if (record.severityNumber > this.minSeverity) super.emit(record);
      }
    },
  ),
  queue(
    "EMIT-04",
    "the timer of the batch is set before emit looks at the severity",
    class extends QueueSink {
      override emit(record: LogRecord): void {
        this.scheduleBatch();
        super.emit(record);
      }
    },
  ),
  {
    breaks: "EMIT-09",
    bug: "emit holds the thread while the queue is more than half full and the server does not answer",
    subject: {
      ...queueSubject("back-pressure on the caller", (options) => new BlockingSink(options)),
      claims: { buffered: true },
    },
  },
];

class BlockingSink extends QueueSink {
  protected override take(record: LogRecord): void {
    if (this.queue.length === 600) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1050);
    super.take(record);
  }
}

function sizeOf({ body, attributes }: LogRecord): number {
  return [body, ...Object.values(attributes)].reduce<number>(
    (sum, value) => sum + (typeof value === "string" ? value.length : 0),
    0,
  );
}
