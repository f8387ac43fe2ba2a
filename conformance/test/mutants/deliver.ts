import type { FlushResult } from "@dagstack/logger-core";
import { QueueSink } from "../reference/queue-sink.ts";
import { queue } from "./make.ts";
import type { Mutant } from "./mutant.ts";

export const deliverMutants: readonly Mutant[] = [
  queue(
    "DELIVER-01",
    "a partial batch is stuck until it is full: there is no timer",
    class extends QueueSink {
      protected override scheduleBatch(): void {}
    },
  ),
  queue(
    "DELIVER-01",
    "the timer of a partial batch runs once",
    class extends QueueSink {
      #scheduled = false;

      protected override scheduleBatch(): void {
        if (!this.#scheduled) super.scheduleBatch();
        this.#scheduled = true;
      }
    },
  ),
  queue(
    "DELIVER-02",
    "flush delivers what it finds, also the batch that the worker is delivering",
    class extends QueueSink {
      override flush(timeoutMs?: number): Promise<FlushResult> {
        const answer = super.flush(timeoutMs);
        if (this.batch.length > 0) this.destination.take(this.batch).catch(() => {});
        return answer;
      }
    },
  ),
  queue(
    "DELIVER-02",
    "a batch whose answer is awaited is sent again by a timer that success does not cancel",
    class extends QueueSink {
      protected override async deliver(): Promise<void> {
        const { batch } = this;
        this.context.clock.schedule(() => void this.destination.take(batch).catch(() => {}), 150);
        await super.deliver();
      }
    },
  ),
];
