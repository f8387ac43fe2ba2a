import type { SinkAccount } from "../accounting/index.ts";
import type { LogRecord } from "../record/index.ts";
import { withObservedTime } from "../record/index.ts";
import type { DropReason, RunInContext } from "../sink/index.ts";
import type { CheckedOptions } from "./checked-options.ts";
import type { DeadLetters } from "./dead-letters.ts";
import { loseRecords } from "./lose-records.ts";
import { type DeliveryFailure, describeThrown } from "./outcome/index.ts";
import {
  type Batcher,
  type BoundedQueue,
  type Contents,
  type Entry,
  estimateBytes,
  estimateRecordBytes,
} from "./queue/index.ts";
import type { Alarms } from "./time/index.ts";

/** While fewer wait, each record looks for timers that should have called back… */
const FEW = 8;
/** …and else one in so many: to look at the clock for each would cost more than all else. A power of two. */
const LOOK_EVERY = 64;

/** What an `Intake` works with. */
export interface IntakeParts<Item> {
  readonly options: CheckedOptions<Item>;
  readonly account: SinkAccount;
  readonly alarms: Alarms;
  readonly queue: BoundedQueue<Entry>;
  readonly batcher: Batcher<Entry>;
  readonly contents: Contents<Item>;
  readonly letters: DeadLetters | undefined;
  readonly inContext: RunInContext;
  /** Called when records left the queue here, evicted or written. */
  readonly onGone: () => void;
}

/**
 * The way of a record into the queue: stamped, transformed, measured, and something giving way where there is no room
 * (§7.1). Each record that does not end in the queue is counted. Nothing throws.
 */
export class Intake<Item> {
  readonly #parts: IntakeParts<Item>;
  readonly #handEvicted: ((entry: Entry) => void) | undefined;
  /** The author's code runs: `transform`, `sizeOf` or `syncDrain`. */
  #busy = false;
  #reentryReported = false;
  #taken = 0;

  constructor(parts: IntakeParts<Item>) {
    this.#parts = parts;
    const { letters, contents } = parts;
    if (letters !== undefined) this.#handEvicted = (entry) => letters.hand(contents.record(entry), "buffer_overflow");
  }

  /**
   * Takes one record in, which has been accepted, encoded or not. From within itself it is dropped, and reported once
   * (D-63).
   */
  take(record: LogRecord | Uint8Array): void {
    if (this.#busy) {
      this.#refuseReentry(record);
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
      while (this.#parts.queue.size > 0) this.#drainBatch();
    } finally {
      this.#busy = false;
    }
  }

  /** Counts a record that does not get into the queue, tells why where that is news, and hands it on. */
  refuse(record: LogRecord | Uint8Array, reason: DropReason, text: string = reason, failure?: DeliveryFailure): void {
    const { account, letters } = this.#parts;
    account.refuse(reason);
    if (failure !== undefined) account.error(new Error(failure.text), failure.type);
    if (!(record instanceof Uint8Array)) letters?.hand(record, text);
  }

  #enqueue(record: LogRecord | Uint8Array): void {
    const parts = this.#parts;
    const { account, contents } = parts;
    let entry: Entry;
    let bytes: number;
    try {
      this.#taken = (this.#taken + 1) & (LOOK_EVERY - 1);
      if (this.#taken === 0 || parts.queue.size < FEW) parts.alarms.look();
      if (record instanceof Uint8Array) {
        const item = this.#itemOfLine(record);
        entry = contents.enter(item, undefined);
        bytes = this.#measure(item);
      } else {
        const observed = withObservedTime(record, account.clock.now());
        const item = this.#itemOf(observed);
        entry = contents.enter(item, observed);
        bytes = this.#measure(item) + (contents.keepsRecords ? estimateRecordBytes(observed) : 0);
      }
    } catch (error) {
      const { type, text } = describeThrown(error, "taking a record in");
      this.refuse(record, "sink_error", text, { type, text: `1 record lost: ${text}` });
      return;
    }
    const { queueBytes } = parts.options;
    if (bytes > queueBytes) {
      const text = `a record of ${bytes} bytes was dropped: it is larger than queueBytes (${queueBytes})`;
      this.refuse(record, "buffer_overflow", "record_too_large", { type: "record_too_large", text });
    } else if (this.#makeRoom(bytes)) parts.batcher.add(entry, bytes);
    else this.refuse(record, "buffer_overflow");
  }

  #itemOfLine(line: Uint8Array): Item {
    const { transformLine } = this.#parts.options;
    if (transformLine === undefined) throw new TypeError("emitLine needs transformLine");
    return transformLine(line);
  }

  #itemOf(record: LogRecord): Item {
    const { transform } = this.#parts.options;
    return transform === undefined ? (record as unknown as Item) : this.#parts.inContext(() => transform(record));
  }

  #measure(item: Item): number {
    const { sizeOf, transform } = this.#parts.options;
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
    const text = "sizeOf must answer a number of bytes: the size was estimated instead";
    this.#parts.account.error(new Error(text), "size_of");
    return undefined;
  }

  /** Whether there is room now, for an item that the empty queue could hold. */
  #makeRoom(bytes: number): boolean {
    const { queue } = this.#parts;
    if (queue.fits(bytes)) return true;
    const { options, account, onGone } = this.#parts;
    switch (options.overflow) {
      case "drop_newest":
        return false;
      case "block":
        while (!queue.fits(bytes)) this.#drainBatch();
        return true;
      case "drop_oldest":
        account.drop(queue.evictFor(bytes, this.#handEvicted), "buffer_overflow");
        onGone();
        return true;
    }
  }

  #drainBatch(): void {
    const { options, account, batcher, contents, letters, inContext, onGone } = this.#parts;
    const entries = batcher.cut().items;
    let failure: DeliveryFailure | undefined;
    try {
      const answer: unknown = inContext(() => options.syncDrain?.(contents.items(entries)));
      if (answer !== undefined) failure = refuseAnswer(answer);
    } catch (error) {
      failure = describeThrown(error, "syncDrain");
    }
    if (failure === undefined) account.deliver(entries.length);
    else {
      loseRecords(account, entries.length, failure);
      for (const entry of entries) letters?.hand(contents.record(entry), failure.text);
    }
    onGone();
  }

  #refuseReentry(record: LogRecord | Uint8Array): void {
    const type = "reentrant_emit";
    const text = "the sink logs into itself while it takes a record in";
    this.refuse(record, "sink_error", type, this.#reentryReported ? undefined : { type, text });
    this.#reentryReported = true;
  }
}

/** An async `syncDrain` has not written when it returns, and nobody would see it fail. */
function refuseAnswer(answer: unknown): DeliveryFailure {
  Promise.resolve(answer).catch(() => {
    // The batch is counted as lost already.
  });
  return { type: "sync_drain", text: "syncDrain must write before it returns, and return nothing" };
}
