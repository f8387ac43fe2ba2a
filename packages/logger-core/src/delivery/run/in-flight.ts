/** What `InFlight` must know of a batch that is being delivered. */
export interface FlyingBatch<T = unknown> {
  /** The number of its oldest record that is neither delivered nor lost. */
  readonly first: number;
  /** How many of its records are neither delivered nor lost. */
  readonly remaining: number;
  /** How many of those have a number up to `upTo`. */
  countUpTo(upTo: number): number;
  /** Stops working on it: what still comes of it is ignored. Answers what is neither delivered nor lost, in order. */
  abandon(): readonly T[];
}

/** The batches that have left the queue and are not settled yet, oldest first: at most `concurrency` of them. */
export class InFlight<T = unknown> {
  readonly #batches = new Set<FlyingBatch<T>>();
  readonly #concurrency: number;

  constructor(concurrency: number) {
    this.#concurrency = concurrency;
  }

  /** Whether another batch may start. */
  get hasRoom(): boolean {
    return this.#batches.size < this.#concurrency;
  }

  /** Batches must be added in the order of their numbers. */
  add(batch: FlyingBatch<T>): void {
    this.#batches.add(batch);
  }

  delete(batch: FlyingBatch<T>): void {
    this.#batches.delete(batch);
  }

  /** The number of the oldest unsettled record, `undefined` when nothing is in flight. */
  get oldest(): number | undefined {
    const [batch] = this.#batches;
    return batch?.first;
  }

  /** How many unsettled records have a number up to `upTo`. */
  unsettled(upTo: number): number {
    let count = 0;
    for (const batch of this.#batches) count += batch.countUpTo(upTo);
    return count;
  }

  /** Abandons all; answers what that costs, in order. */
  abandon(): T[] {
    const batches = [...this.#batches];
    this.#batches.clear();
    return batches.flatMap((batch) => batch.abandon());
  }
}
