import type { FlushResult } from "@dagstack/logger-core";
import { QueueSink } from "../reference/queue-sink.ts";
import { queue } from "./make.ts";
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
  queue(
    "LEDGER-01",
    "a flush that runs out of time during an outage cancels the retry, and the batch is forgotten",
    class extends QueueSink {
      #cancelled = false;

      override async flush(timeoutMs?: number): Promise<FlushResult> {
        const answer = await super.flush(timeoutMs);
        this.#cancelled = answer.failedSinks.some(({ error }) => error.includes("timeout"));
        return answer;
      }

      protected override retry(): void {
        if (this.#cancelled) this.batch = [];
        else super.retry();
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
        if (this.acceptedCount === this.settledCount) this.context.onDelivered(0);
        return super.flush(timeoutMs);
      }
    },
  ),
];
