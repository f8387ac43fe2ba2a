import type { SinkAccount } from "../accounting/index.ts";
import type { LogRecord } from "../record/index.ts";
import { withObservedTime } from "../record/index.ts";
import type { RunInContext } from "../sink/index.ts";
import type { CheckedOptions } from "./batching-sink-options.ts";
import { loseRecords } from "./lose-records.ts";
import { type DeliveryFailure, describeThrown } from "./outcome/index.ts";
import { type Batcher, type BoundedQueue, estimateBytes, estimateRecordBytes } from "./queue/index.ts";

/**
 * The way of a record into the queue: stamped, transformed, measured, and something giving way where there is no room
 * (§7.1). Each record that does not end in the queue is counted. Nothing throws.
 */
export class Intake<Item> {
  readonly #options: CheckedOptions<Item>;
  readonly #account: SinkAccount;
  readonly #queue: BoundedQueue<Item>;
  readonly #batcher: Batcher<Item>;
  readonly #inContext: RunInContext;
  readonly #onGone: () => void;
  /** The author's code runs: `transform`, `sizeOf` or `syncDrain`. */
  #busy = false;
  #reentryReported = false;

  /** @param onGone called when records left the queue here, evicted or written. */
  constructor(
    options: CheckedOptions<Item>,
    account: SinkAccount,
    queue: BoundedQueue<Item>,
    batcher: Batcher<Item>,
    inContext: RunInContext,
    onGone: () => void,
  ) {
    this.#options = options;
    this.#account = account;
    this.#queue = queue;
    this.#batcher = batcher;
    this.#inContext = inContext;
    this.#onGone = onGone;
  }

  /**
   * Takes one record in, which has been accepted, encoded or not. From within itself it is dropped, and reported once
   * (D-63).
   */
  take(record: LogRecord | Uint8Array): void {
    if (this.#busy) {
      this.#refuseReentry();
      return;
    }
    this.#busy = true;
    this.#reentryReported = false;
    try {
      this.#enqueue(record);
    } finally {
      this.#busy = false;
    }
  }

  /** Writes everything that waits with `syncDrain`. */
  drain(): void {
    if (this.#busy) return;
    this.#busy = true;
    try {
      while (this.#queue.size > 0) this.#drainBatch();
    } finally {
      this.#busy = false;
    }
  }

  #enqueue(record: LogRecord | Uint8Array): void {
    const { queueBytes } = this.#options;
    let item: Item;
    let bytes: number;
    try {
      item = this.#itemOf(record);
      bytes = this.#measure(item);
    } catch (error) {
      const { type, text } = describeThrown(error, "taking a record in");
      this.#account.refuse("sink_error");
      this.#account.error(new Error(`1 record lost: ${text}`), type);
      return;
    }
    if (bytes > queueBytes) {
      const text = `a record of ${bytes} bytes was dropped: it is larger than queueBytes (${queueBytes})`;
      this.#account.error(new Error(text), "record_too_large");
      this.#account.refuse("buffer_overflow");
    } else if (this.#makeRoom(bytes)) this.#batcher.add(item, bytes);
    else this.#account.refuse("buffer_overflow");
  }

  #itemOf(record: LogRecord | Uint8Array): Item {
    const { transform, transformLine } = this.#options;
    if (record instanceof Uint8Array) {
      if (transformLine === undefined) throw new TypeError("emitLine needs transformLine");
      return transformLine(record);
    }
    const observed = withObservedTime(record, this.#account.clock.now());
    return transform === undefined ? (observed as unknown as Item) : this.#inContext(() => transform(observed));
  }

  #measure(item: Item): number {
    const { sizeOf, transform } = this.#options;
    const bytes = sizeOf === undefined ? undefined : this.#ask(sizeOf, item);
    if (bytes !== undefined) return bytes;
    return transform === undefined ? estimateRecordBytes(item as unknown as LogRecord) : estimateBytes(item);
  }

  /** What the author's function answers, if it makes sense. */
  #ask(sizeOf: (item: Item) => number, item: Item): number | undefined {
    try {
      const bytes: unknown = sizeOf(item);
      if (typeof bytes === "number" && bytes >= 0 && bytes < Number.POSITIVE_INFINITY) return Math.ceil(bytes);
    } catch {
      // Reported below like any answer that is none. The size is estimated, so no record is lost.
    }
    this.#account.error(new Error("sizeOf must answer a number of bytes: the size was estimated instead"), "size_of");
    return undefined;
  }

  /** Whether there is room now, for an item that the empty queue could hold. */
  #makeRoom(bytes: number): boolean {
    if (this.#queue.fits(bytes)) return true;
    switch (this.#options.overflow) {
      case "drop_newest":
        return false;
      case "block":
        while (!this.#queue.fits(bytes)) this.#drainBatch();
        return true;
      case "drop_oldest":
        this.#account.drop(this.#queue.evictFor(bytes), "buffer_overflow");
        this.#onGone();
        return true;
    }
  }

  #drainBatch(): void {
    const { items } = this.#batcher.cut();
    const count = items.length;
    let failure: DeliveryFailure | undefined;
    try {
      const answer: unknown = this.#inContext(() => this.#options.syncDrain?.(items));
      if (answer !== undefined) failure = refuseAnswer(answer);
    } catch (error) {
      failure = describeThrown(error, "syncDrain");
    }
    if (failure === undefined) this.#account.deliver(count);
    else loseRecords(this.#account, count, failure);
    this.#onGone();
  }

  #refuseReentry(): void {
    this.#account.refuse("sink_error");
    if (this.#reentryReported) return;
    this.#reentryReported = true;
    this.#account.error(new Error("the sink logs into itself while it takes a record in"), "reentrant_emit");
  }
}

/** An async `syncDrain` has not written when it returns, and nobody would see it fail. */
function refuseAnswer(answer: unknown): DeliveryFailure {
  Promise.resolve(answer).catch(() => {
    // The batch is counted as lost already.
  });
  return { type: "sync_drain", text: "syncDrain must write before it returns, and return nothing" };
}
