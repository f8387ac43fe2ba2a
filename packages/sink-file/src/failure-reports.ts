import type { Clock, SinkAccount } from "@dagstack/logger-core";

/** Failures of one file are reported at most this often. */
const REPORT_INTERVAL_MS = 1_000;

/** Tells the context what is wrong with the file, at most once a second (§8.8 of the design), and what was mended. */
export class FailureReports {
  readonly #sinkId: string;
  readonly #account: SinkAccount;
  readonly #clock: () => Clock;
  #isAttached = false;
  #lastMs: number | undefined;
  /** What was healed before there was a context to tell. */
  #healed: string | undefined;

  constructor(sinkId: string, account: SinkAccount, clock: () => Clock) {
    this.#sinkId = sinkId;
    this.#account = account;
    this.#clock = clock;
  }

  /** To be called when the account has got a context, which may have brought another clock. */
  attached(): void {
    this.#isAttached = true;
    this.#lastMs = undefined;
    if (this.#healed !== undefined) this.healed(this.#healed);
  }

  /** Says that something was found broken and mended; at once, or when there is a context. */
  healed(reason: string): void {
    this.#healed = this.#isAttached ? undefined : reason;
    this.#account.diagnostic({ event: "sink_recovered", sinkId: this.#sinkId, reason });
  }

  /** Answers whether the failure was passed on: not without a context, and not within a second of the last one. */
  report(error: unknown): boolean {
    if (!this.#isAttached) return false;
    const nowMs = this.#clock().monotonicMs();
    if (this.#lastMs !== undefined && nowMs - this.#lastMs < REPORT_INTERVAL_MS) return false;
    this.#lastMs = nowMs;
    this.#account.error(error);
    return true;
  }
}
