import type { LogRecord } from "@dagstack/logger-core";
import { ringSubject } from "../reference/direct-subjects.ts";
import { QueueSink } from "../reference/queue-sink.ts";
import { RingSink, type RingSinkOptions } from "../reference/ring-sink.ts";
import { queue } from "./make.ts";
import type { Mutant } from "./mutant.ts";

function ring(breaks: string, bug: string, Sink: new (options: RingSinkOptions) => RingSink): Mutant {
  return { breaks, bug, subject: ringSubject(bug, (options) => new Sink(options)) };
}

export const overflowMutants: readonly Mutant[] = [
  queue(
    "OVERFLOW-01",
    "a full queue gives up its newest record, though drop_oldest was asked for",
    class extends QueueSink {
      protected override evict(): void {
        this.queue.pop();
        this.lose(1, "buffer_overflow");
      }
    },
  ),
  queue(
    "OVERFLOW-01",
    "the queue holds one record less than its limit",
    class extends QueueSink {
      protected override take(record: LogRecord): void {
        if (this.overflow === "drop_oldest" && this.queue.length === this.queueSize - 1) this.evict();
        super.take(record);
      }
    },
  ),
  ring(
    "OVERFLOW-01",
    "the ring holds one record less than its capacity: head and tail must not meet",
    class extends RingSink {
      override readonly capacity: number;

      constructor(options: RingSinkOptions) {
        super(options);
        this.capacity = (options.capacity ?? 1000) - 1;
      }
    },
  ),
  queue(
    "OVERFLOW-02",
    "drop_newest evicts the oldest record all the same",
    class extends QueueSink {
      protected override makeRoom(): boolean {
        if (this.overflow !== "drop_newest") return super.makeRoom();
        this.evict();
        return true;
      }
    },
  ),
  queue(
    "OVERFLOW-02",
    "drop_newest takes one record more than the limit",
    class extends QueueSink {
      protected override makeRoom(): boolean {
        return (this.overflow === "drop_newest" && this.queue.length === this.queueSize) || super.makeRoom();
      }
    },
  ),
  queue(
    "OVERFLOW-03",
    "block drops what finds the queue full, since nothing could drain it",
    class extends QueueSink {
      protected override makeRoom(): boolean {
        if (this.overflow !== "block") return super.makeRoom();
        this.evict();
        return true;
      }
    },
  ),
  queue(
    "OVERFLOW-04",
    "an evicted record is not counted",
    class extends QueueSink {
      protected override evict(): void {
        this.queue.shift();
      }
    },
  ),
  queue(
    "OVERFLOW-04",
    "a refused record is counted by the queue and by emit",
    class extends QueueSink {
      protected override makeRoom(): boolean {
        const room = super.makeRoom();
        if (!room) this.lose(1, "buffer_overflow");
        return room;
      }
    },
  ),
  queue(
    "OVERFLOW-04",
    "evicted records count as errors of the sink",
    class extends QueueSink {
      protected override evict(): void {
        this.queue.shift();
        this.lose(1, "sink_error");
      }
    },
  ),
  ring(
    "OVERFLOW-04",
    "what falls out of the ring is not counted",
    class extends RingSink {
      protected override evict(): void {
        this.destination.items.shift();
      }
    },
  ),
];
