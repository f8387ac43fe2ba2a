/** What a flush answers: the losses of its window, as the contract words them (§7.1, D-51 to D-53). */
import type { DropReason, FlushResult } from "../sink/index.ts";
import { FLUSH_SUCCEEDED } from "../sink/index.ts";
import type { Ledger, LedgerSnapshot } from "./ledger.ts";

/** How a flush went, apart from what the ledger knows. */
export interface FlushOutcome {
  /** The time was over before everything accepted earlier had been delivered or lost. Default false. */
  readonly timedOut?: boolean;
  /** Records accepted before the call that still wait; a time-out with none is no failure. Default 0. */
  readonly pending?: number;
  /** A failure that is no loss of records, such as an fsync error. Must not hold record content. */
  readonly failure?: string | undefined;
  /**
   * Whether something accepted in the window was delivered, from a sink that can tell it from what had waited before.
   * Default: whether anything was delivered in it.
   */
  readonly someDelivered?: boolean;
}

/** One flush under way. */
export interface FlushWindow {
  /** Ends the flush: call it once, when the flush is about to resolve. */
  result(outcome?: FlushOutcome): FlushResult;
  /** Ends the time that the flush answers for now, and lets it resolve later. */
  end(): Pick<FlushWindow, "result">;
}

const NOTHING_YET: LedgerSnapshot = Object.freeze({
  accepted: 0,
  delivered: 0,
  pending: 0,
  dropped: Object.freeze({}),
});

/**
 * Turns the numbers of a sink's own ledger into flush results. Each flush answers for the time between the end of the
 * last flush that ended before it began and its own end, so two flushes that overlap both report a loss and the next
 * one does not.
 */
export class FlushAccount {
  readonly #sinkId: string;
  readonly #ledger: Ledger;
  readonly #harmless: readonly DropReason[];
  #lastEnd = NOTHING_YET;

  /**
   * @param ledger the sink's own ledger, which it must never reset.
   * @param harmless reasons that are counted in `droppedCount` but do not fail a flush, such as a ring's evictions.
   */
  constructor(sinkId: string, ledger: Ledger, harmless: readonly DropReason[] = []) {
    this.#sinkId = sinkId;
    this.#ledger = ledger;
    this.#harmless = harmless;
  }

  /** Starts a flush. */
  begin(): FlushWindow {
    const start = this.#lastEnd;
    const end = (): Pick<FlushWindow, "result"> => {
      const now = this.#ledger.snapshot();
      this.#lastEnd = now;
      return { result: (outcome = {}) => this.#result(start, now, outcome) };
    };
    return { result: (outcome) => end().result(outcome), end };
  }

  #result(start: LedgerSnapshot, end: LedgerSnapshot, outcome: FlushOutcome): FlushResult {
    const drops = dropsBetween(start, end);
    const droppedCount = total(drops);
    const losses = drops.filter(([reason]) => !this.#harmless.includes(reason));
    const errors: string[] = [];
    if (outcome.timedOut === true && (outcome.pending ?? 0) > 0) {
      errors.push(`timeout: ${records(outcome.pending ?? 0)} still waiting`);
    }
    if (losses.length > 0) errors.push(`${records(total(losses))} dropped: ${reasons(losses)}`);
    if (outcome.failure !== undefined) errors.push(outcome.failure);
    if (errors.length === 0) {
      return droppedCount === 0 ? FLUSH_SUCCEEDED : Object.freeze({ ...FLUSH_SUCCEEDED, droppedCount });
    }
    return Object.freeze({
      success: false,
      partial: outcome.someDelivered ?? end.delivered > start.delivered,
      failedSinks: Object.freeze([Object.freeze({ sinkId: this.#sinkId, error: errors.join("; ") })]),
      droppedCount,
    });
  }
}

type Drops = readonly (readonly [reason: DropReason, count: number])[];

function dropsBetween(start: LedgerSnapshot, end: LedgerSnapshot): Drops {
  return (Object.entries(end.dropped) as [DropReason, number][])
    .map(([reason, count]): [DropReason, number] => [reason, count - (start.dropped[reason] ?? 0)])
    .filter(([, count]) => count > 0);
}

function total(drops: Drops): number {
  return drops.reduce((sum, [, count]) => sum + count, 0);
}

function reasons(drops: Drops): string {
  if (drops.length === 1) return drops.map(([reason]) => reason).join("");
  return drops.map(([reason, count]) => `${count} ${reason}`).join(", ");
}

function records(count: number): string {
  return count === 1 ? "1 record" : `${count} records`;
}
