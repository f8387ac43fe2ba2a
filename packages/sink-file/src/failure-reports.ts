import type { Clock, SinkAccount, Timer } from "@dagstack/logger-core";
import { errorCode } from "@dagstack/logger-core/files";

/** Failures of one file are reported at most this often. */
const REPORT_INTERVAL_MS = 1_000;
/** Of failures that come faster than they may be told, so many wait that differ; later ones of them replace earlier ones. */
const MAX_WAITING = 8;

/** Tells the context what is wrong with the file, at most once a second (§8.8 of the design), and what was mended. */
export class FailureReports {
  readonly #sinkId: string;
  readonly #account: SinkAccount;
  readonly #clock: () => Clock;
  #isAttached = false;
  #lastMs: number | undefined;
  /** What was healed before there was a context to tell. */
  #healed: string | undefined;
  /** What may not be told yet, by what it is. */
  readonly #waiting = new Map<string, unknown>();
  #timer: Timer | undefined;

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
    this.#tellNext();
  }

  /** Says that something was found broken and mended; at once, or when there is a context. */
  healed(reason: string): void {
    this.#healed = this.#isAttached ? undefined : reason;
    this.#account.diagnostic({ event: "sink_recovered", sinkId: this.#sinkId, reason });
  }

  /**
   * A failure that comes again for as long as it lasts. Answers whether it was passed on: not without a context, and not
   * within a second of the last one.
   */
  report(error: unknown): boolean {
    if (!this.#isAttached || this.#restMs() > 0) return false;
    this.#lastMs = this.#clock().monotonicMs();
    this.#account.error(error);
    return true;
  }

  /** A failure that may not come again: told now or as soon as there is a context and the second is over. */
  tell(error: unknown): void {
    if (this.#waiting.size === 0 && this.report(error)) return;
    const kind = errorCode(error) || String(error);
    this.#waiting.delete(kind);
    if (this.#waiting.size < MAX_WAITING) this.#waiting.set(kind, error);
    this.#tellNext();
  }

  /** Tells what waits, however little time has passed: nothing comes later. */
  close(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    for (const error of this.#waiting.values()) this.#account.error(error);
    this.#waiting.clear();
  }

  /** Milliseconds until the next report may be made. */
  #restMs(): number {
    const passedMs = this.#clock().monotonicMs() - (this.#lastMs ?? Number.NEGATIVE_INFINITY);
    return passedMs >= 0 ? REPORT_INTERVAL_MS - passedMs : 0;
  }

  #tellNext(): void {
    const [next] = this.#waiting;
    if (next === undefined || !this.#isAttached) return;
    const restMs = this.#restMs();
    if (restMs > 0) {
      this.#timer ??= this.#clock().schedule(() => {
        this.#timer = undefined;
        this.#tellNext();
      }, restMs);
      return;
    }
    this.#waiting.delete(next[0]);
    this.report(next[1]);
    this.#tellNext();
  }
}
