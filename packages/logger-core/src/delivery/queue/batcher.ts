import type { Timer } from "../../sink/index.ts";
import type { Waiting } from "../time/index.ts";
import type { BoundedQueue } from "./bounded-queue.ts";

/** When a batch is due, and how large it may be. */
export interface BatchLimits {
  /** Items in a batch; this many waiting are due at once. */
  readonly batchSize: number;
  /** The sum of their sizes, likewise; a larger item goes alone. */
  readonly batchBytes: number;
  /** How long an item waits for a batch to fill up. 0: until the next turn of the event loop. */
  readonly flushIntervalMs: number;
}

/** Items cut off the queue. */
export interface Batch<T> {
  /** The number of the first item; the others follow without gaps. */
  readonly first: number;
  readonly items: T[];
}

/**
 * Decides when what waits in a queue is due, and cuts it into batches (§7.1, D-86): a full batch at once, a partial one
 * after the linger time or on demand. It says so by calling `start`, never before the next microtask.
 *
 * Items are numbered in the order they come. What waits is numbered without gaps up to the newest, since only the
 * oldest ever leave.
 */
export class Batcher<T> {
  readonly #queue: BoundedQueue<T>;
  readonly #limits: BatchLimits;
  readonly #waiting: Waiting;
  readonly #start: () => void;
  #nextNumber = 0;
  /** Items up to this number wait no longer for company. */
  #demandedUpTo = -1;
  #linger: Timer | undefined;
  #starting = false;

  /** @param start called when a batch may be due; `due` tells. */
  constructor(queue: BoundedQueue<T>, limits: BatchLimits, waiting: Waiting, start: () => void) {
    this.#queue = queue;
    this.#limits = limits;
    this.#waiting = waiting;
    this.#start = start;
  }

  /** The number of the newest item, waiting or not; -1 before the first. */
  get newest(): number {
    return this.#nextNumber - 1;
  }

  /** The number of the oldest waiting item; the next number when none waits. */
  get firstWaiting(): number {
    return this.#nextNumber - this.#queue.size;
  }

  /** Whether there is a batch to be delivered now. */
  get due(): boolean {
    return this.#queue.size > 0 && (this.#full || this.firstWaiting <= this.#demandedUpTo);
  }

  /** Queues an item; there must be room for it. */
  add(item: T, bytes: number): void {
    this.#queue.add(item, bytes);
    this.#nextNumber += 1;
    if (this.#full) this.#startSoon();
    // Also when full: what the full batches leave over must not wait longer than anything else.
    this.#linger ??= this.#waiting.schedule(() => {
      this.#linger = undefined;
      this.demand();
    }, this.#limits.flushIntervalMs);
  }

  /** Everything that waits now is due, as for a flush. */
  demand(): void {
    this.#demandedUpTo = this.newest;
    this.#startSoon();
  }

  /** Takes the next batch out of the queue, due or not. */
  cut(): Batch<T> {
    const first = this.firstWaiting;
    const items = this.#queue.take(this.#limits.batchSize, this.#limits.batchBytes);
    if (this.#queue.size === 0) this.#cancelLinger();
    return { first, items };
  }

  /** Takes out everything that waits. */
  clear(): T[] {
    this.#cancelLinger();
    return this.#queue.take(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  }

  get #full(): boolean {
    return this.#queue.size >= this.#limits.batchSize || this.#queue.bytes >= this.#limits.batchBytes;
  }

  #startSoon(): void {
    if (this.#starting) return;
    this.#starting = true;
    queueMicrotask(() => {
      this.#starting = false;
      this.#start();
    });
  }

  #cancelLinger(): void {
    this.#linger?.cancel();
    this.#linger = undefined;
  }
}
