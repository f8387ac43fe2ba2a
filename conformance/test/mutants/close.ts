import type { FlushResult, LogRecord } from "@dagstack/logger-core";
import { QueueSink } from "../reference/queue-sink.ts";
import { queue } from "./make.ts";
import type { Mutant } from "./mutant.ts";

/** Calls a hook a turn after close has ended. */
abstract class ClosingSink extends QueueSink {
  protected override async finish(timeoutMs: number): Promise<void> {
    await super.finish(timeoutMs);
    this.timer = undefined;
    this.context.clock.schedule(() => this.afterClose(), 0);
  }

  protected abstract afterClose(): void;
}

export const closeMutants: readonly Mutant[] = [
  queue(
    "CLOSE-01",
    "the last partial batch is lost on close",
    class extends QueueSink {
      protected override startBatch(): void {
        if (!this.closed || this.queue.length >= 4) super.startBatch();
      }

      protected override async finish(timeoutMs: number): Promise<void> {
        this.closed = true;
        const fullBatches = this.acceptedCount - (this.queue.length % 4);
        this.startBatch();
        if (await this.settledWithin(fullBatches, timeoutMs)) this.queue = [];
        else this.abandon();
      }
    },
  ),
  queue(
    "CLOSE-02",
    "a second close rejects: the sink is closed already",
    class extends QueueSink {
      override close(timeoutMs?: number): Promise<void> {
        if (this.closed) return Promise.reject(new Error("the sink is closed already"));
        return super.close(timeoutMs);
      }
    },
  ),
  queue(
    "CLOSE-02",
    "a second close waits for a worker that has ended",
    class extends QueueSink {
      override close(timeoutMs?: number): Promise<void> {
        return this.closed ? new Promise(() => {}) : super.close(timeoutMs);
      }
    },
  ),
  queue(
    "CLOSE-02",
    "a second close delivers the batch under way once more",
    class extends QueueSink {
      override close(timeoutMs?: number): Promise<void> {
        if (this.closed && this.batch.length > 0) this.destination.take(this.batch).catch(() => {});
        return super.close(timeoutMs);
      }
    },
  ),
  queue(
    "CLOSE-06",
    "close hangs for as long as the destination does",
    class extends QueueSink {
      override close(): Promise<void> {
        return super.close(1e9);
      }
    },
  ),
  queue(
    "CLOSE-07",
    "a close that times out says nothing",
    class extends QueueSink {
      protected override abandon(): void {
        this.queue = [];
        this.batch = [];
        super.abandon();
      }
    },
  ),
  queue(
    "CLOSE-07",
    "a close that times out forgets the batch under way",
    class extends QueueSink {
      protected override abandon(): void {
        this.batch = [];
        super.abandon();
      }
    },
  ),
  queue(
    "CLOSE-07",
    "a close that times out counts its records as errors of the sink",
    class extends QueueSink {
      protected override lose(count: number, reason: "buffer_overflow" | "sink_error" | "closed"): void {
        super.lose(count, reason === "closed" ? "sink_error" : reason);
      }
    },
  ),
  queue(
    "CLOSE-10",
    "close rejects when it runs out of time",
    class extends QueueSink {
      protected override async finish(timeoutMs: number): Promise<void> {
        await super.finish(timeoutMs);
        if (this.abandoned) throw new Error("close timed out");
      }
    },
  ),
  queue(
    "CLOSE-11",
    "the worker goes on after close has given up, and tells again what was told lost",
    class extends QueueSink {
      protected override abandon(): void {
        this.lose(this.queue.length + this.batch.length, "closed");
        this.waiters = [];
      }
    },
  ),
];

export const closeLateMutants: readonly Mutant[] = [
  queue(
    "CLOSE-03",
    "emit after close still queues",
    class extends ClosingSink {
      protected override afterClose(): void {
        this.closed = this.abandoned;
      }
    },
  ),
  queue(
    "CLOSE-04",
    "emit after close returns without a word",
    class extends ClosingSink {
      #gone = false;

      protected override afterClose(): void {
        this.#gone = true;
      }

      protected override refuse(): void {
        if (!this.#gone) super.refuse();
      }
    },
  ),
  queue(
    "CLOSE-04",
    "a record after close is counted by emit and by the queue",
    class extends ClosingSink {
      #gone = false;

      protected override afterClose(): void {
        this.#gone = true;
      }

      protected override refuse(): void {
        super.refuse();
        if (this.#gone) super.refuse();
      }
    },
  ),
  queue(
    "CLOSE-04",
    "a record after close counts as an error of the sink",
    class extends QueueSink {
      protected override refuse(): void {
        this.lose(1, "sink_error");
      }
    },
  ),
  queue(
    "CLOSE-05",
    "a record that comes while close is under way goes into a queue that nobody reads any more",
    class extends ClosingSink {
      #gone = false;

      protected override afterClose(): void {
        this.#gone = true;
      }

      protected override refuse(): void {
        if (this.#gone) super.refuse();
      }
    },
  ),
  queue(
    "CLOSE-05",
    "a record that comes while close is under way is delivered and counted as lost",
    class extends ClosingSink {
      #gone = false;

      protected override afterClose(): void {
        this.#gone = true;
      }

      override emit(record: LogRecord): void {
        super.emit(record);
        if (this.closed && !this.#gone && !this.abandoned) this.destination.take([record]).catch(() => {});
      }
    },
  ),
  queue(
    "CLOSE-08",
    "flush after close rejects",
    class extends QueueSink {
      override async flush(timeoutMs?: number): Promise<FlushResult> {
        if (this.closed) throw new Error("the sink is closed");
        return super.flush(timeoutMs);
      }
    },
  ),
  queue(
    "CLOSE-08",
    "flush after close waits for a worker that has ended",
    class extends QueueSink {
      override flush(timeoutMs?: number): Promise<FlushResult> {
        return this.closed ? new Promise(() => {}) : super.flush(timeoutMs);
      }
    },
  ),
  queue(
    "CLOSE-09",
    "a close that times out leaves the sink open, and later records arrive when the destination recovers",
    class extends QueueSink {
      override emit(record: LogRecord): void {
        if (this.abandoned) this.destination.take([record]).catch(() => {});
        else super.emit(record);
      }
    },
  ),
];
