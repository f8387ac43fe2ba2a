import type { LogRecord, SinkContext } from "@dagstack/logger-core";
import { DirectRecordSink } from "../reference/direct-sink.ts";
import { QueueSink, type QueueSinkOptions } from "../reference/queue-sink.ts";
import { direct, queue } from "./make.ts";
import type { Mutant } from "./mutant.ts";

/** The sink whose destination failed last: one for all, which is the bug. */
let brokenOne: QueueSink | undefined;

export const failureMutants: readonly Mutant[] = [
  queue(
    "FAIL-01",
    "a failed attempt is retried without a word",
    class extends QueueSink {
      override attach(context: SinkContext): void {
        super.attach({
          clock: context.clock,
          random: context.random,
          onDelivered: (count) => context.onDelivered(count),
          onDrop: (count, reason) => context.onDrop(count, reason),
          onError: () => {},
          diagnostic: (event) => context.diagnostic(event),
        });
      }
    },
  ),
  queue(
    "FAIL-01",
    "a refused batch is counted, but nobody is told why",
    class extends QueueSink {
      protected override rejected(count: number): void {
        this.lose(count, "sink_error");
      }
    },
  ),
  queue(
    "FAIL-02",
    "a refused batch counts as one lost record",
    class extends QueueSink {
      protected override rejected(count: number): void {
        this.context.onError(new Error(`the destination refused a batch: ${count} records`), "rejected");
        this.lose(1, "sink_error");
      }
    },
  ),
  queue(
    "FAIL-02",
    "a refused batch is an error and no loss",
    class extends QueueSink {
      protected override rejected(count: number): void {
        this.context.onError(new Error(`the destination refused a batch: ${count} records`), "rejected");
      }
    },
  ),
  queue(
    "FAIL-03",
    "a batch whose delivery fails is given up at once",
    class extends QueueSink {
      protected override retry(): void {
        const { length } = this.batch;
        this.batch = [];
        this.lose(length, "sink_error");
        this.wake();
        this.startBatch();
      }
    },
  ),
  queue(
    "FAIL-03",
    "a batch is given up after its second attempt",
    class extends QueueSink {
      #attempts = 0;

      protected override arrived(count: number): void {
        this.#attempts = 0;
        super.arrived(count);
      }

      protected override retry(): void {
        this.#attempts += 1;
        if (this.#attempts < 2) {
          super.retry();
          return;
        }
        this.#attempts = 0;
        this.rejected(this.batch.length);
        this.batch = [];
        this.wake();
        this.startBatch();
      }
    },
  ),
  direct(
    "FAIL-04",
    "the first error ends the sink for good: whatever comes later is refused",
    class extends DirectRecordSink {
      #isBroken = false;

      protected override failed(error: unknown): void {
        this.#isBroken = true;
        super.failed(error);
      }

      protected override deliver(record: LogRecord): void {
        if (this.#isBroken) this.lose("sink_error");
        else super.deliver(record);
      }
    },
  ),
  queue(
    "FAIL-04",
    "a refused batch ends the worker for good",
    class extends QueueSink {
      #ended = false;

      protected override rejected(count: number): void {
        this.#ended = true;
        super.rejected(count);
      }

      protected override async deliver(): Promise<void> {
        if (!this.#ended) return super.deliver();
        const { length } = this.batch;
        this.batch = [];
        this.lose(length, "sink_error");
        this.wake();
        this.startBatch();
      }
    },
  ),
  queue(
    "FAIL-05",
    "a switch that turns deliveries off after a failure is shared by all sinks of the kind",
    class extends QueueSink {
      constructor(options: QueueSinkOptions) {
        super(options);
        brokenOne = undefined;
      }

      protected override arrived(count: number): void {
        if (brokenOne === this) brokenOne = undefined;
        super.arrived(count);
      }

      protected override rejected(count: number): void {
        brokenOne ??= this;
        super.rejected(count);
      }

      protected override async deliver(): Promise<void> {
        if (brokenOne === undefined || brokenOne === this) return super.deliver();
        super.rejected(this.batch.length);
        this.batch = [];
        this.wake();
        this.startBatch();
      }
    },
  ),
  queue(
    "FAIL-05",
    "console.debug is replaced while deliveries fail",
    class extends QueueSink {
      readonly #debug = console.debug;

      protected override rejected(count: number): void {
        console.debug = () => {};
        super.rejected(count);
      }

      protected override async finish(timeoutMs: number): Promise<void> {
        await super.finish(timeoutMs);
        console.debug = this.#debug;
      }
    },
  ),
  queue(
    "FAIL-06",
    "each failed attempt is told once for every record that waits",
    class extends QueueSink {
      protected override retry(): void {
        for (const _ of this.queue) this.context.onError(new Error("the destination is down"));
        super.retry();
      }
    },
  ),
  queue(
    "FAIL-07",
    "a failed batch goes to the end of the queue",
    class extends QueueSink {
      protected override retry(): void {
        this.queue.push(...this.batch);
        this.batch = [];
        this.context.clock.schedule(() => this.startBatch(), 50);
      }
    },
  ),
];
