import { type DropReason, Ledger } from "@dagstack/logger-core";

/** The counters of one sink id (§12). They run for the life of the process, whichever sink objects bear the id. */
export class SinkCounters {
  readonly ledger: Ledger = new Ledger();
  readonly #errors = new Map<string, number>();
  #flushCount = 0;
  #flushSeconds = 0;

  countError(errorType: string): void {
    this.#errors.set(errorType, (this.#errors.get(errorType) ?? 0) + 1);
  }

  countFlush(seconds: number): void {
    this.#flushCount += 1;
    this.#flushSeconds += seconds;
  }

  /** Counts all that another one has counted. */
  add(other: SinkCounters): void {
    const { accepted, delivered, dropped } = other.ledger.snapshot();
    this.ledger.accept(accepted);
    this.ledger.deliver(delivered);
    for (const [reason, count] of Object.entries(dropped)) this.ledger.drop(count, reason as DropReason);
    for (const [type, count] of other.#errors) this.#errors.set(type, (this.#errors.get(type) ?? 0) + count);
    this.#flushCount += other.#flushCount;
    this.#flushSeconds += other.#flushSeconds;
  }

  snapshot(): SinkMetrics {
    return {
      ...this.ledger.snapshot(),
      errors: Object.fromEntries([...this.#errors].sort(([a], [b]) => (a < b ? -1 : 1))),
      flushes: { count: this.#flushCount, seconds: this.#flushSeconds },
    };
  }
}

/** The metrics of one sink, as `Logger.metrics.snapshot()` has them. */
export interface SinkMetrics {
  readonly accepted: number;
  readonly delivered: number;
  readonly pending: number;
  /** By reason; only reasons that occurred. */
  readonly dropped: { readonly [reason: string]: number };
  /** By error type. */
  readonly errors: { readonly [errorType: string]: number };
  readonly flushes: { readonly count: number; readonly seconds: number };
}
