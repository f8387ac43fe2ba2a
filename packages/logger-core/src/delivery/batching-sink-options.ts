import type { Level } from "../options/index.ts";
import type { LogRecord } from "../record/index.ts";
import type { EncodedFormat, Sink } from "../sink/index.ts";
import type { DeliveryOutcome } from "./outcome/index.ts";
import type { DeliveryContext } from "./run/index.ts";

/** What happens to a record that finds the queue full (§7.1). */
export type OverflowStrategy = "drop_oldest" | "drop_newest" | "block";

/** Delivers a batch: resolves what became of it, or throws to have it tried again. See `DeliveryOutcome`. */
export type DeliverFunction<Item = LogRecord> = (
  batch: readonly Item[],
  context: DeliveryContext,
) => Promise<DeliveryOutcome | undefined> | Promise<void>;

/** When failed deliveries are tried again: equal jitter, half of each wait fixed and half random. */
export interface RetryOptions {
  /** The wait after the first failure, in milliseconds; it doubles each time. Default 1000. */
  readonly initialMs?: number | undefined;
  /** The longest wait. Default 30 000, or `initialMs` if that is longer. */
  readonly maxMs?: number | undefined;
  /**
   * How long after its first failure a batch may be tried again; then it is given up (`sink_error`). The last wait, and
   * one that the receiver asked for, is shortened to its end (D-97). Default 300 000.
   */
  readonly budgetMs?: number | undefined;
  /** How often a batch is tried in all; 1 means no retries. Default: as often as the budget allows. */
  readonly maxAttempts?: number | undefined;
}

/** Options of `BatchingSink`, apart from `transform`. */
export interface BatchingSinkSettings<Item> {
  /** Non-empty, unique within one configuration. User info and query of a URL in it are left out (§7.1, D-50). */
  readonly id: string;
  /** Delivers a batch. Left out by subclasses, which override the method `deliver` instead. */
  readonly deliver?: DeliverFunction<Item> | undefined;
  /** Records below are ignored without a trace. Default: everything. */
  readonly minSeverity?: Level | undefined;
  /** How many records may wait; batches being delivered are held beside them. Default 10 000. */
  readonly queueSize?: number | undefined;
  /** How many bytes may wait, by `sizeOf`. A record larger than this alone is dropped. Default 33 554 432 (32 MiB). */
  readonly queueBytes?: number | undefined;
  /** What an item counts for against `queueBytes` and `batchBytes`. Default: an estimate of the memory it takes. */
  readonly sizeOf?: ((item: Item) => number) | undefined;
  /** Records in a batch. This many waiting are delivered at once. Default 512; never more than `queueSize`. */
  readonly batchSize?: number | undefined;
  /**
   * Bytes in a batch, likewise; a larger record goes alone. Default 4 194 304 (4 MiB); never more than half of
   * `queueBytes`.
   */
  readonly batchBytes?: number | undefined;
  /** How long a record waits for its batch to fill up; 0 is the next turn of the event loop. Default 1000 (D-86). */
  readonly flushIntervalMs?: number | undefined;
  /** What gives way when the queue is full. Default `drop_oldest`. `block` needs `syncDrain` (D-56). */
  readonly overflow?: OverflowStrategy | undefined;
  /**
   * Writes a batch before it returns; a throw loses the batch. With `overflow: "block"` it is called inside `emit` when
   * the queue is full, and may then overtake a batch that `deliver` is working on. Also gives the sink `flushSync`.
   */
  readonly syncDrain?: ((batch: readonly Item[]) => void) | undefined;
  /** How many batches may be delivered at the same time. Above 1 their order is not kept. Default 1. */
  readonly concurrency?: number | undefined;
  /**
   * How long one call of `deliver` may take: then its signal is aborted, and the batch is tried again, which may make
   * doubles. Give requests a limit of their own that is shorter; this one keeps a call that never settles from holding
   * the sink for ever. Default 300 000.
   */
  readonly attemptTimeoutMs?: number | undefined;
  /** When failed deliveries are tried again. */
  readonly retry?: RetryOptions | undefined;
  /** How long `close` goes on delivering when it is given no time. Default 5000. */
  readonly closeTimeoutMs?: number | undefined;
  /** Asks the logger for records in this format where it can give them; they go to `transformLine`. */
  readonly lineFormat?: EncodedFormat | undefined;
  /**
   * Makes of an encoded record, inside `emitLine`, what is queued and delivered; a throw loses the record
   * (`sink_error`). The bytes are valid during the call only. Needs `lineFormat`.
   */
  readonly transformLine?: ((line: Uint8Array) => Item) | undefined;
  /**
   * Gets what this sink loses for good: refused, too large, overflowed, given up, left when `close` ran out of time. Each
   * such record is counted as dropped here and accepted there, with the attributes `dagstack.dead_letter.sink` and
   * `dagstack.dead_letter.reason`. This sink attaches, flushes and closes it: give it to no other sink and no logger.
   * With it, records come as objects, whatever `lineFormat` says, and are kept beside what `transform` makes of them
   * until they settle; both count against `queueBytes`.
   */
  readonly deadLetter?: Sink | undefined;
  /** Called once, at the end of `close`, to release what the sink holds: connections, agents. */
  readonly release?: (() => void | Promise<void>) | undefined;
}

/**
 * Options of `BatchingSink`. `transform` makes of each record, inside `emit`, what is queued and delivered in its
 * place, such as its encoded bytes; a throw loses the record (`sink_error`).
 */
export type BatchingSinkOptions<Item = LogRecord> = BatchingSinkSettings<Item> &
  ([LogRecord] extends [Item]
    ? { readonly transform?: ((record: LogRecord) => Item) | undefined }
    : { readonly transform: (record: LogRecord) => Item });
