/**
 * A pause that the receiver asked for (such as `Retry-After`). It holds the whole sink: no batch is tried before it is
 * over, whichever batch was told. A clock that starts anew does not make it longer.
 */
export class ServerHold {
  #untilMs = Number.NEGATIVE_INFINITY;
  #lastMs = Number.NEGATIVE_INFINITY;

  /** Nothing is to be sent for `afterMs` from now on. A later word never shortens an earlier one. */
  extend(nowMs: number, afterMs: number): void {
    this.#untilMs = nowMs + Math.max(this.remainingMs(nowMs), afterMs);
  }

  /** How much of it is left; 0 when there is none. */
  remainingMs(nowMs: number): number {
    if (nowMs < this.#lastMs) this.#untilMs -= this.#lastMs - nowMs;
    this.#lastMs = nowMs;
    return Math.max(0, this.#untilMs - nowMs);
  }
}
