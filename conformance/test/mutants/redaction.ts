import type { FlushResult, LogRecord, Value } from "@dagstack/logger-core";
import { DirectRecordSink } from "../reference/direct-sink.ts";
import { QueueSink } from "../reference/queue-sink.ts";
import { direct, queue } from "./make.ts";
import type { Mutant } from "./mutant.ts";

const MASK = "***";

export const redactionMutants: readonly Mutant[] = [
  direct(
    "REDACT-01",
    "masked attributes are left out as noise",
    class extends DirectRecordSink {
      protected override toItem(record: LogRecord): LogRecord {
        const open = Object.entries(record.attributes).filter(([, value]) => value !== MASK);
        return { ...record, attributes: Object.fromEntries(open) };
      }
    },
  ),
  direct(
    "REDACT-01",
    "masks are rewritten in the sink's own style, in lists of maps too",
    class extends DirectRecordSink {
      protected override toItem(record: LogRecord): LogRecord {
        const { list } = record.attributes;
        if (!Array.isArray(list)) return record;
        return { ...record, attributes: { ...record.attributes, list: list.map(masksRewritten) } };
      }
    },
  ),
  queue(
    "REDACT-02",
    "the request that was refused is in the error, record and all",
    class extends QueueSink {
      protected override rejected(count: number): void {
        const bodies = this.batch.map(({ body }) => body).join();
        this.context.onError(new Error(`400 Bad Request for [${bodies}]`), "rejected");
        this.lose(count, "sink_error");
      }
    },
  ),
  queue(
    "REDACT-02",
    "what flush answers quotes the record that waits first",
    class extends QueueSink {
      protected override answer(inTime: boolean): FlushResult {
        const waiting = this.batch[0]?.attributes.note;
        const result = super.answer(inTime);
        if (result.success || waiting === undefined) return result;
        const failedSinks = result.failedSinks.map(({ sinkId, error }) => ({
          sinkId,
          error: `${error}, from ${String(waiting)} on`,
        }));
        return { ...result, failedSinks };
      }
    },
  ),
  direct(
    "REDACT-02",
    "a record after close is quoted in a diagnostic",
    class extends DirectRecordSink {
      override emit(record: LogRecord): void {
        if (this.closed) {
          this.context.diagnostic({
            event: "sink_error",
            sinkId: this.id,
            errorType: "closed",
            errorMessage: `dropped: ${String(record.body)}`,
          });
        }
        super.emit(record);
      }
    },
  ),
];

function masksRewritten(value: Value): Value {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, member === MASK ? "[FILTERED]" : member]),
  );
}
