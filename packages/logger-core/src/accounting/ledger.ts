/** The ledger: per sink, accepted = delivered + dropped(reason) + pending, at every instant (§12). */
import type { DropReason } from "../sink/index.ts";

/** The numbers of a ledger at one instant. */
export interface LedgerSnapshot {
  readonly accepted: number;
  readonly delivered: number;
  readonly pending: number;
  /** Only reasons that occurred. */
  readonly dropped: { readonly [R in DropReason]?: number };
}

/** Counts what became of the records that one sink accepted. Counters only grow; `pending` follows from them. */
export class Ledger {
  #accepted = 0;
  #delivered = 0;
  #droppedTotal = 0;
  readonly #dropped = new Map<DropReason, number>();

  get accepted(): number {
    return this.#accepted;
  }

  get delivered(): number {
    return this.#delivered;
  }

  get droppedTotal(): number {
    return this.#droppedTotal;
  }

  /** Records that are neither delivered nor dropped yet. */
  get pending(): number {
    return this.#accepted - this.#delivered - this.#droppedTotal;
  }

  dropped(reason: DropReason): number {
    return this.#dropped.get(reason) ?? 0;
  }

  accept(count = 1): void {
    this.#accepted += count;
  }

  deliver(count = 1): void {
    this.#delivered += count;
  }

  drop(count: number, reason: DropReason): void {
    if (count === 0) return;
    this.#droppedTotal += count;
    this.#dropped.set(reason, this.dropped(reason) + count);
  }

  /** Back to zero. For tests. */
  reset(): void {
    this.#accepted = 0;
    this.#delivered = 0;
    this.#droppedTotal = 0;
    this.#dropped.clear();
  }

  snapshot(): LedgerSnapshot {
    return {
      accepted: this.#accepted,
      delivered: this.#delivered,
      pending: this.pending,
      dropped: Object.fromEntries([...this.#dropped].sort(([a], [b]) => (a < b ? -1 : 1))),
    };
  }
}
