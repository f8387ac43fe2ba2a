import { FLUSH_SUCCEEDED, type FlushResult, type LogRecord, type SinkContext, type Timer } from "@dagstack/logger-core";
import { RecordingContext } from "@dagstack/logger-core/testing";
import type { OverflowStrategy } from "../../src/subject/claims.ts";
import type { Destination } from "./destination.ts";

/** Options of the reference queue sink. */
export interface QueueSinkOptions {
  readonly destination: Destination<LogRecord>;
  readonly minSeverity?: number;
  readonly queueSize?: number;
  readonly overflow?: OverflowStrategy;
}

const BATCH_SIZE = 4;
const FLUSH_INTERVAL_MS = 100;
const RETRY_MS = 50;

/**
 * A bounded queue in front of a destination, plain and correct: what the mutants break, one method at a time. It shares
 * no code with the delivery engine, so that a mistake there cannot hide in the suite.
 */
export class QueueSink {
  readonly id: string = "reference:queue";
  protected readonly destination: Destination<LogRecord>;
  protected readonly minSeverity: number;
  protected readonly queueSize: number;
  protected readonly overflow: OverflowStrategy;
  protected context: SinkContext = new RecordingContext();
  protected queue: LogRecord[] = [];
  protected batch: LogRecord[] = [];
  protected closed = false;
  /** Set when close has run out of time: nothing counts any more. */
  protected abandoned = false;
  /** Records that ever got into the queue; what waits is the newest of them, without gaps. */
  protected acceptedCount = 0;
  /** How many of them came before the batch under way. */
  protected batchStart = 0;
  /** Since the last flush ended. */
  protected lost = 0;
  protected gotThrough = 0;
  protected waiters: { readonly upTo: number; readonly done: () => void }[] = [];
  protected timer: Timer | undefined;
  protected closing: Promise<void> | undefined;

  constructor(options: QueueSinkOptions) {
    this.destination = options.destination;
    this.minSeverity = options.minSeverity ?? 1;
    this.queueSize = options.queueSize ?? 1000;
    this.overflow = options.overflow ?? "drop_oldest";
  }

  attach(context: SinkContext): void {
    this.context = context;
  }

  supportsSeverity(severityNumber: number): boolean {
    return severityNumber >= this.minSeverity;
  }

  emit(record: LogRecord): void {
    if (record.severityNumber < this.minSeverity) return;
    if (this.closed) this.refuse();
    else this.take(this.observe(record));
  }

  async flush(timeoutMs?: number): Promise<FlushResult> {
    const upTo = this.acceptedCount;
    this.startBatch();
    const inTime = await this.settledWithin(upTo, timeoutMs);
    return this.answer(inTime);
  }

  close(timeoutMs = 5000): Promise<void> {
    this.closing ??= this.finish(timeoutMs);
    return this.closing;
  }

  /** The record as it is kept: stamped, on a copy. */
  protected observe(record: LogRecord): LogRecord {
    return record.observedTimeUnixNano === null
      ? { ...record, observedTimeUnixNano: this.context.clock.now() }
      : record;
  }

  /** A record after close. */
  protected refuse(): void {
    this.lost += 1;
    this.context.onDrop(1, "closed");
  }

  protected take(record: LogRecord): void {
    if (this.queue.length >= this.queueSize && !this.makeRoom()) return;
    this.acceptedCount += 1;
    this.queue.push(record);
    if (this.queue.length >= BATCH_SIZE) queueMicrotask(() => this.startBatch());
    else this.scheduleBatch();
  }

  /** Whether the new record may come in. */
  protected makeRoom(): boolean {
    if (this.overflow === "drop_newest") {
      this.lose(1, "buffer_overflow");
      return false;
    }
    if (this.overflow === "drop_oldest" || !this.drain()) this.evict();
    return true;
  }

  protected evict(): void {
    this.queue.shift();
    this.lose(1, "buffer_overflow");
  }

  /** Delivers what waits without waiting; false when the destination is down. It may overtake the batch under way. */
  protected drain(): boolean {
    try {
      const taken = this.destination.takeNow(this.queue);
      if (taken) this.arrived(this.queue.length);
      else this.rejected(this.queue.length);
    } catch (error) {
      this.context.onError(error);
      return false;
    }
    this.queue = [];
    this.wake();
    return true;
  }

  /** A partial batch waits, but not for ever. */
  protected scheduleBatch(): void {
    this.timer ??= this.context.clock.schedule(() => {
      this.timer = undefined;
      this.startBatch();
    }, FLUSH_INTERVAL_MS);
  }

  protected startBatch(): void {
    if (this.batch.length > 0 || this.queue.length === 0) return;
    this.batchStart = this.settledCount;
    this.batch = this.queue.splice(0, BATCH_SIZE);
    void this.deliver();
  }

  protected async deliver(): Promise<void> {
    const count = this.batch.length;
    try {
      const taken = await this.destination.take(this.batch);
      if (this.abandoned) return;
      if (taken) this.arrived(count);
      else this.rejected(count);
    } catch (error) {
      if (this.abandoned) return;
      this.context.onError(error);
      this.retry();
      return;
    }
    this.batch = [];
    this.wake();
    this.startBatch();
  }

  protected retry(): void {
    this.context.clock.schedule(() => void this.deliver(), RETRY_MS);
  }

  protected arrived(count: number): void {
    this.gotThrough += count;
    this.context.onDelivered(count);
  }

  protected rejected(count: number): void {
    this.context.onError(new Error(`the destination refused a batch: ${count} records`), "rejected");
    this.lose(count, "sink_error");
  }

  protected lose(count: number, reason: "buffer_overflow" | "sink_error" | "closed"): void {
    this.lost += count;
    this.context.onDrop(count, reason);
  }

  /** How many records are delivered or lost, up to the first that is neither. */
  protected get settledCount(): number {
    return this.batch.length > 0 ? this.batchStart : this.acceptedCount - this.queue.length;
  }

  protected wake(): void {
    const due = this.waiters.filter(({ upTo }) => upTo <= this.settledCount);
    this.waiters = this.waiters.filter(({ upTo }) => upTo > this.settledCount);
    for (const { done } of due) done();
  }

  protected settledWithin(upTo: number, timeoutMs: number | undefined): Promise<boolean> {
    if (upTo <= this.settledCount) return Promise.resolve(true);
    return new Promise((resolve) => {
      const late =
        timeoutMs === undefined ? undefined : this.context.clock.schedule(() => resolve(false), timeoutMs, true);
      const done = (): void => {
        late?.cancel();
        resolve(true);
      };
      this.waiters.push({ upTo, done });
    });
  }

  protected answer(inTime: boolean): FlushResult {
    const { lost, gotThrough } = this;
    this.lost = 0;
    this.gotThrough = 0;
    if (inTime && lost === 0) return FLUSH_SUCCEEDED;
    const errors = [...(inTime ? [] : ["timeout"]), ...(lost === 0 ? [] : [`${lost} records dropped`])];
    return {
      success: false,
      partial: gotThrough > 0,
      failedSinks: [{ sinkId: this.id, error: errors.join("; ") }],
      droppedCount: lost,
    };
  }

  protected async finish(timeoutMs: number): Promise<void> {
    this.closed = true;
    this.startBatch();
    const inTime = await this.settledWithin(this.acceptedCount, timeoutMs);
    this.timer?.cancel();
    if (!inTime) this.abandon();
  }

  protected abandon(): void {
    this.abandoned = true;
    const left = this.queue.length + this.batch.length;
    this.queue = [];
    this.batch = [];
    if (left > 0) this.lose(left, "closed");
    this.wake();
  }
}
