import type { FlushResult, LogRecord } from "@dagstack/logger-core";
import { DirectRecordSink } from "../reference/direct-sink.ts";
import { QueueSink } from "../reference/queue-sink.ts";
import { direct, queue } from "./make.ts";
import type { Mutant } from "./mutant.ts";

export const ledgerMutants: readonly Mutant[] = [
  queue(
    "LEDGER-01",
    "a failed attempt counts its records as lost, and the retry delivers them",
    class extends QueueSink {
      protected override retry(): void {
        this.context.onDrop(this.batch.length, "sink_error");
        super.retry();
      }
    },
  ),
  direct(
    "LEDGER-01",
    "a delivery that throws is an error and no loss",
    class extends DirectRecordSink {
      protected override deliver(record: LogRecord): void {
        try {
          super.deliver(record);
        } catch (error) {
          this.context.onError(error);
        }
      }

      protected override failed(error: unknown): void {
        if (error instanceof Error && error.message.includes("down")) this.context.onError(error);
        else super.failed(error);
      }
    },
  ),
  queue(
    "LEDGER-02",
    "a batch is told delivered when it is handed over, also one that is refused",
    class extends QueueSink {
      protected override rejected(count: number): void {
        this.context.onDelivered(count);
        super.rejected(count);
      }
    },
  ),
  queue(
    "LEDGER-02",
    "a delivery is told by the transport and by the queue",
    class extends QueueSink {
      protected override arrived(count: number): void {
        this.context.onDelivered(count);
        super.arrived(count);
      }
    },
  ),
  queue(
    "LEDGER-03",
    "close tells of a loss of no records",
    class extends QueueSink {
      protected override async finish(timeoutMs: number): Promise<void> {
        await super.finish(timeoutMs);
        this.context.onDrop(0, "closed");
      }
    },
  ),
  queue(
    "LEDGER-03",
    "an empty flush is told as a delivery of no records",
    class extends QueueSink {
      override flush(timeoutMs?: number): Promise<FlushResult> {
        if (this.queue.length === 0 || this.batch.length > 0) this.context.onDelivered(0);
        return super.flush(timeoutMs);
      }
    },
  ),
];
