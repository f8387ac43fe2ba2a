/** At most so often is a primary that refuses everything tried with a record that may be lost by it. */
const MIN_PROBE_MS = 1000;

/** What a primary sink told of itself, and what follows for the next record. */
export class PrimaryHealth {
  readonly #afterMs: number;
  #failingSinceMs: number | undefined;
  #lastFailureMs = 0;

  /** @param afterMs how long it must have failed without a delivery until records take the other way. */
  constructor(afterMs: number) {
    this.#afterMs = afterMs;
  }

  /** Whether it has not failed since its last delivery. */
  get isWell(): boolean {
    return this.#failingSinceMs === undefined;
  }

  /** Something was delivered. */
  delivered(): void {
    this.#failingSinceMs = undefined;
  }

  /** A delivery failed, or records were lost. */
  failed(nowMs: number): void {
    this.#failingSinceMs ??= nowMs;
    this.#lastFailureMs = nowMs;
  }

  /** For how long it has been failing; 0 when it is well. A clock that runs backwards only makes that shorter. */
  failingMs(nowMs: number): number {
    return this.#failingSinceMs === undefined ? 0 : Math.max(0, nowMs - this.#failingSinceMs);
  }

  /**
   * Whether the next record takes the other way. While it does and the primary has nothing left to try, a record now and
   * then goes to it all the same: nothing else could show that it is well again.
   *
   * @param pending how many records the primary still tries to deliver.
   */
  isBypassed(nowMs: number, pending: number): boolean {
    if (this.#failingSinceMs === undefined || this.failingMs(nowMs) < this.#afterMs) return false;
    return pending > 0 || nowMs - this.#lastFailureMs < Math.max(this.#afterMs, MIN_PROBE_MS);
  }
}
