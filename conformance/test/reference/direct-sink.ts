import {
  type DropReason,
  FLUSH_SUCCEEDED,
  type FlushResult,
  type LogRecord,
  type SinkContext,
  withObservedTime,
} from "@dagstack/logger-core";
import { RecordingContext } from "@dagstack/logger-core/testing";
import type { Destination } from "./destination.ts";

/** Options of the direct reference sinks. */
export interface DirectSinkOptions<Item> {
  readonly destination: Destination<Item>;
  readonly minSeverity?: number;
}

/** Delivers inside `emit`, plain and correct: what the mutants break, one method at a time. */
export abstract class DirectSink<Item> {
  readonly id: string = "reference:direct";
  protected readonly destination: Destination<Item>;
  protected readonly minSeverity: number;
  protected context: SinkContext = new RecordingContext();
  protected closed = false;
  /** While a record is handed over: one that comes meanwhile was caused by it (D-63). */
  protected busy = false;
  /** Since the last flush. */
  protected lost = 0;
  protected gotThrough = 0;

  constructor(options: DirectSinkOptions<Item>) {
    this.destination = options.destination;
    this.minSeverity = options.minSeverity ?? 1;
  }

  protected abstract toItem(record: LogRecord): Item;

  attach(context: SinkContext): void {
    this.context = context;
  }

  supportsSeverity(severityNumber: number): boolean {
    return severityNumber >= this.minSeverity;
  }

  emit(record: LogRecord): void {
    if (record.severityNumber < this.minSeverity) return;
    this.take(() => this.toItem(this.observe(record)));
  }

  async flush(): Promise<FlushResult> {
    const { lost, gotThrough } = this;
    this.lost = 0;
    this.gotThrough = 0;
    if (lost === 0) return FLUSH_SUCCEEDED;
    return {
      success: false,
      partial: gotThrough > 0,
      failedSinks: [{ sinkId: this.id, error: `${lost} records dropped` }],
      droppedCount: lost,
    };
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  protected observe(record: LogRecord): LogRecord {
    return withObservedTime(record, this.context.clock.now());
  }

  protected take(item: () => Item): void {
    if (this.closed) this.lose("closed");
    else if (this.busy) this.lose("sink_error");
    else this.guarded(() => this.deliver(item()));
  }

  protected guarded(step: () => void): void {
    this.busy = true;
    try {
      step();
    } finally {
      this.busy = false;
    }
  }

  protected deliver(item: Item): void {
    let failure: unknown;
    try {
      if (this.destination.takeNow([item])) {
        this.arrived();
        return;
      }
      failure = new Error("the destination refused a record");
    } catch (error) {
      failure = error;
    }
    this.failed(failure);
  }

  protected arrived(): void {
    this.gotThrough += 1;
    this.context.onDelivered(1);
  }

  protected failed(error: unknown): void {
    this.lose("sink_error");
    this.context.onError(error);
  }

  protected lose(reason: DropReason): void {
    this.lost += 1;
    this.context.onDrop(1, reason);
  }
}

/** Delivers records as they are. */
export class DirectRecordSink extends DirectSink<LogRecord> {
  protected override toItem(record: LogRecord): LogRecord {
    return record;
  }
}
