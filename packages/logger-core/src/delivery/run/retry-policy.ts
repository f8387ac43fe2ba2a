/** When a failed delivery is tried again (design: equal jitter within a budget). Pure: time and chance are given. */
export interface RetryLimits {
  /** The back-off after the first failure; it doubles from failure to failure. */
  readonly initialMs: number;
  /** Where doubling ends. */
  readonly maxMs: number;
  /** How long after its first failure a batch may be tried again. */
  readonly budgetMs: number;
  /** How often a batch is tried in all. */
  readonly maxAttempts: number;
}

/** What is known when an attempt has failed. */
export interface FailedAttempt {
  /** Attempts made, this one included. */
  readonly attempts: number;
  /** Time since the first failure; 0 at the first. */
  readonly elapsedMs: number;
  /** The wait that the receiver asked for, if it did: it takes the place of the back-off. */
  readonly afterMs?: number | undefined;
}

/** Less of a budget than this is none: no timer could wait for it. */
const MIN_WAIT_MS = 1;
/** However small the budget is, a receiver that asks for a pause gets a moment. */
const MIN_HOLD_MS = 1000;

/** Decides after each failure whether, and after how long, a batch is tried again. */
export class RetryPolicy {
  readonly #limits: RetryLimits;

  constructor(limits: RetryLimits) {
    this.#limits = limits;
  }

  /**
   * How long to wait before the next attempt, or `undefined` to give up: after `maxAttempts`, or when the budget is
   * over. The last wait, and one that the receiver asked for, is shortened to the end of the budget (D-97).
   *
   * @param random uniform in [0, 1).
   */
  delayMs(failed: FailedAttempt, random: () => number): number | undefined {
    if (failed.attempts >= this.#limits.maxAttempts) return undefined;
    const leftMs = this.#limits.budgetMs - failed.elapsedMs;
    if (leftMs < MIN_WAIT_MS) return undefined;
    return Math.min(leftMs, failed.afterMs ?? this.#backoffMs(failed.attempts, random));
  }

  /**
   * How long a pause that the receiver asked for holds the batches after one that was given up: no longer than the
   * budget, so that the receiver is asked again.
   */
  holdMs(afterMs: number): number {
    return Math.min(afterMs, Math.max(this.#limits.budgetMs, MIN_HOLD_MS));
  }

  /** Equal jitter: half of the time is fixed, so that nobody hammers; half is random, so that not all come at once. */
  #backoffMs(failures: number, random: () => number): number {
    const { initialMs, maxMs } = this.#limits;
    const half = Math.min(maxMs, initialMs * 2 ** (failures - 1)) / 2;
    const chance = random();
    return half + half * (chance >= 0 && chance <= 1 ? chance : 1);
  }
}
