import type { LogRecord } from "@dagstack/logger-core";
import { DirectSink, type DirectSinkOptions } from "./direct-sink.ts";

/** Options of the reference ring. */
export interface RingSinkOptions extends DirectSinkOptions<LogRecord> {
  readonly capacity?: number;
}

/** Holds the last records in memory: the ring is the destination, so what falls out is counted, and no failure. */
export class RingSink extends DirectSink<LogRecord> {
  override readonly id: string = "reference:ring";
  readonly capacity: number;

  constructor(options: RingSinkOptions) {
    super(options);
    this.capacity = options.capacity ?? 1000;
  }

  protected override toItem(record: LogRecord): LogRecord {
    return record;
  }

  protected override deliver(record: LogRecord): void {
    const { items } = this.destination;
    items.push(record);
    if (items.length > this.capacity) this.evict();
    else this.arrived();
  }

  /** The record that falls out was told as delivered; the new one takes its place in the books. */
  protected evict(): void {
    this.destination.items.shift();
    this.gotThrough += 1;
    this.context.onDrop(1, "buffer_overflow", true);
  }
}
