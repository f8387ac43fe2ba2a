import { FLUSH_SUCCEEDED, type FlushResult, type LogRecord, type SinkContext } from "@dagstack/logger-core";
import { QueueSink } from "../reference/queue-sink.ts";
import { queue } from "./make.ts";
import type { Mutant } from "./mutant.ts";

const BATCH_MS = 5;

/** Every batch takes a while, so that the queue is not empty between two turns. */
class SlowSink extends QueueSink {
  #hasClock = false;

  override attach(context: SinkContext): void {
    super.attach(context);
    this.#hasClock = true;
  }

  protected override async deliver(): Promise<void> {
    if (this.#hasClock) await new Promise<void>((resolve) => this.context.clock.schedule(resolve, BATCH_MS));
    await super.deliver();
  }
}

export const flushMutants: readonly Mutant[] = [
  queue(
    "FLUSH-01",
    "flush is acknowledged when the delivery has been started",
    class extends QueueSink {
      override async flush(): Promise<FlushResult> {
        this.startBatch();
        return this.answer(true);
      }
    },
  ),
  queue(
    "FLUSH-01",
    "flush waits for the batch under way and not for what is queued behind it",
    class extends SlowSink {
      override async flush(timeoutMs?: number): Promise<FlushResult> {
        this.startBatch();
        const upTo = this.batch.length > 0 ? this.batchStart + this.batch.length : 0;
        return this.answer(await this.settledWithin(upTo, timeoutMs));
      }
    },
  ),
  queue(
    "FLUSH-02",
    "a second flush returns at once while the first is under way",
    class extends QueueSink {
      #flushing = false;

      override async flush(timeoutMs?: number): Promise<FlushResult> {
        if (this.#flushing) return FLUSH_SUCCEEDED;
        this.#flushing = true;
        const answer = await super.flush(timeoutMs);
        this.#flushing = false;
        return answer;
      }
    },
  ),
  queue(
    "FLUSH-02",
    "there is room for one waiting flush: the next one takes its place, and the first waits for ever",
    class extends QueueSink {
      protected override settledWithin(upTo: number, timeoutMs: number | undefined): Promise<boolean> {
        this.waiters = [];
        return super.settledWithin(upTo, timeoutMs);
      }
    },
  ),
  queue(
    "FLUSH-03",
    "flush ignores its deadline",
    class extends QueueSink {
      override flush(): Promise<FlushResult> {
        return super.flush();
      }
    },
  ),
  queue(
    "FLUSH-05",
    "a flush that runs out of time drops what it could not deliver",
    class extends QueueSink {
      override async flush(timeoutMs?: number): Promise<FlushResult> {
        const answer = await super.flush(timeoutMs);
        if (answer.failedSinks.some(({ error }) => error.includes("timeout"))) this.dropWaiting();
        return answer;
      }

      protected dropWaiting(): void {
        const left = this.queue.length;
        this.queue = [];
        if (left > 0) this.lose(left, "sink_error");
      }
    },
  ),
  queue(
    "FLUSH-10",
    "a flush with nothing to do waits for the next batch",
    class extends QueueSink {
      override async flush(timeoutMs?: number): Promise<FlushResult> {
        if (this.acceptedCount > this.settledCount) return super.flush(timeoutMs);
        return this.answer(await this.settledWithin(this.acceptedCount + 1, timeoutMs));
      }
    },
  ),
  queue(
    "FLUSH-10",
    "a flush that delivered nothing is a failure, also when there was nothing to deliver",
    class extends QueueSink {
      override async flush(timeoutMs?: number): Promise<FlushResult> {
        const isIdle = this.acceptedCount === this.settledCount && this.lost === 0;
        const answer = await super.flush(timeoutMs);
        return isIdle ? { ...answer, success: false, failedSinks: [{ sinkId: this.id, error: "0 sent" }] } : answer;
      }
    },
  ),
  queue(
    "FLUSH-12",
    "flush joins a queue in which an evicted record never counts as done",
    class extends QueueSink {
      #evicted = 0;

      protected override evict(): void {
        super.evict();
        this.#evicted += 1;
      }

      protected override get settledCount(): number {
        return super.settledCount - this.#evicted;
      }
    },
  ),
  queue(
    "FLUSH-12",
    "flush joins a queue in which a refused batch never counts as done",
    class extends QueueSink {
      #refused = 0;

      protected override rejected(count: number): void {
        super.rejected(count);
        this.#refused += count;
      }

      protected override get settledCount(): number {
        return super.settledCount - this.#refused;
      }
    },
  ),
  queue(
    "FLUSH-13",
    "flush waits until the queue is empty, which it never is under load",
    class extends SlowSink {
      override async flush(timeoutMs = 10_000): Promise<FlushResult> {
        const { clock } = this.context;
        const endMs = clock.monotonicMs() + timeoutMs;
        this.startBatch();
        for (;;) {
          const upTo = this.acceptedCount;
          const inTime = await this.settledWithin(upTo, endMs - clock.monotonicMs());
          if (!inTime || upTo === this.acceptedCount) return this.answer(inTime);
        }
      }
    },
  ),
  queue(
    "FLUSH-14",
    "flush waits for as many records as were accepted, so that losses of newer ones end it",
    class extends QueueSink {
      #done = 0;

      protected override take(record: LogRecord): void {
        const before = this.acceptedCount;
        super.take(record);
        this.acceptedCount = before + 1;
        this.wake();
      }

      protected override arrived(count: number): void {
        super.arrived(count);
        this.#done += count;
      }

      protected override lose(count: number, reason: "buffer_overflow" | "sink_error" | "closed"): void {
        super.lose(count, reason);
        this.#done += count;
      }

      protected override get settledCount(): number {
        return this.#done;
      }
    },
  ),
];
