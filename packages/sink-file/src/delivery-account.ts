import { type Clock, type DropReason, Ledger, type SinkContext } from "@dagstack/logger-core";

/** Errors of one sink are reported at most this often. */
const REPORT_INTERVAL_MS = 1_000;

/** What became of a sink's records: counted here, and told to the context once there is one (§12). Never throws. */
export class DeliveryAccount {
  readonly ledger: Ledger = new Ledger();
  readonly #clock: () => Clock;
  #context: SinkContext | undefined;
  /** Records taken in before there was a context, which hears nothing of them. */
  #unattached = 0;
  #lastReportMs: number | undefined;

  constructor(clock: () => Clock) {
    this.#clock = clock;
  }

  attach(context: SinkContext): void {
    if (this.#context === undefined) this.#unattached = this.ledger.pending;
    this.#context = context;
    this.#lastReportMs = undefined;
  }

  delivered(count: number): void {
    this.ledger.deliver(count);
    const told = this.#settle(count);
    if (told > 0) this.#tell((context) => context.onDelivered(told));
  }

  dropped(count: number, reason: DropReason): void {
    this.ledger.drop(count, reason);
    const told = this.#settle(count);
    if (told > 0) this.#tell((context) => context.onDrop(told, reason));
  }

  /** One accepted record was lost before it got into the queue. */
  refused(reason: DropReason): void {
    this.ledger.drop(1, reason);
    this.#tell((context) => context.onDrop(1, reason));
  }

  /** The same, because of an error that is worth a report of its own. */
  failed(error: unknown, errorType?: string): void {
    this.refused("sink_error");
    this.#tell((context) => context.onError(error, errorType));
  }

  /** Something is wrong with the file. Reported at most once a second; answers whether it was. */
  fileFailed(error: unknown): boolean {
    if (this.#context === undefined) return false;
    const nowMs = this.#clock().monotonicMs();
    if (this.#lastReportMs !== undefined && nowMs - this.#lastReportMs < REPORT_INTERVAL_MS) return false;
    this.#lastReportMs = nowMs;
    this.#tell((context) => context.onError(error));
    return true;
  }

  /** The oldest records settle first, so those from before `attach` do. */
  #settle(count: number): number {
    const untold = Math.min(this.#unattached, count);
    this.#unattached -= untold;
    return count - untold;
  }

  #tell(call: (context: SinkContext) => void): void {
    if (this.#context === undefined) return;
    try {
      call(this.#context);
    } catch {
      // the record is counted in this sink's own ledger; a context that throws has nobody to be reported to
    }
  }
}
