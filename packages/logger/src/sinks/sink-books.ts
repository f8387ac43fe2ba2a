/** The books of one sink: what became of every record handed to it (§12). */
import { type DropReason, FlushAccount, Ledger, type LedgerSnapshot } from "@dagstack/logger-core";
import type { SinkCounters } from "./sink-counters.ts";

/** Sums over the life of a sink. */
export interface SinkTotals {
  readonly delivered: number;
  readonly dropped: number;
  /** Losses that the sink told of and that are not how it works. */
  readonly toldLosses: number;
}

/**
 * Keeps a sink's own ledger and, along with it, the metrics of its id, which may outlive the sink, be shared and be
 * reset. Nothing settles more records than are pending, whatever a sink tells.
 */
export class SinkBooks {
  /** Turns the losses that only the logger knows of into flush results. */
  declare readonly account: FlushAccount;
  /** How far earlier flushes have answered. */
  answered: SinkTotals = { delivered: 0, dropped: 0, toldLosses: 0 };
  readonly #ledger = new Ledger();
  /** The part of it that the sink does not know of: it threw, was re-entered or had been closed. */
  readonly #unknownToSink = new Ledger();
  readonly #countersOf: () => SinkCounters;
  #counters: SinkCounters | undefined;
  /** Records taken in before the metrics were reset: these, the oldest, are not in them. */
  #uncounted = 0;
  #toldLosses = 0;

  /** @param countersOf finds the metrics of the sink's id. */
  constructor(sinkId: string, countersOf: () => SinkCounters) {
    this.account = new FlushAccount(sinkId, this.#unknownToSink);
    this.#countersOf = countersOf;
    this.#counters = countersOf();
  }

  get counters(): SinkCounters {
    this.#counters ??= this.#countersOf();
    return this.#counters;
  }

  /** Records whose fate is open, as far as the sink tells. */
  get pending(): number {
    return this.#ledger.pending;
  }

  /** Those of them that the metrics know of, too: the others were left to their owners by a reset. */
  get pendingInMetrics(): number {
    return this.pending - this.#uncounted;
  }

  ledger(): LedgerSnapshot {
    return this.#ledger.snapshot();
  }

  totals(): SinkTotals {
    const { delivered, droppedTotal } = this.#ledger;
    return { delivered, dropped: droppedTotal, toldLosses: this.#toldLosses };
  }

  /** Whether flushes have answered for all that was lost. */
  get allAnswered(): boolean {
    return this.#ledger.droppedTotal === this.answered.dropped;
  }

  /** The metrics of the id were summed up with others: from here on there may be new ones. */
  lookAgain(): void {
    this.#counters = undefined;
  }

  /** After a reset of the metrics: counts anew from here. */
  countAnew(): void {
    this.#counters = undefined;
    this.#uncounted = this.pending;
  }

  accept(): void {
    this.#ledger.accept();
    this.counters.ledger.accept();
  }

  deliver(count: number): void {
    const settled = Math.max(0, Math.min(count, this.pending));
    this.#ledger.deliver(settled);
    this.counters.ledger.deliver(this.#inMetrics(settled));
  }

  /** Losses that the sink told of; `expected` when that is how it works. Answers how many there were to lose. */
  dropTold(count: number, reason: DropReason, expected: boolean): number {
    const settled = this.#drop(count, reason);
    if (!expected) this.#toldLosses += settled;
    return settled;
  }

  /** Losses that the sink does not know of. */
  dropUntold(count: number, reason: DropReason): void {
    this.#unknownToSink.drop(this.#drop(count, reason), reason);
  }

  #drop(count: number, reason: DropReason): number {
    const settled = Math.min(count, this.pending);
    this.#ledger.drop(settled, reason);
    this.counters.ledger.drop(this.#inMetrics(settled), reason);
    return settled;
  }

  /** How many of the records that settle now the metrics know of. */
  #inMetrics(count: number): number {
    const unknown = Math.min(count, this.#uncounted);
    this.#uncounted -= unknown;
    return count - unknown;
  }
}
