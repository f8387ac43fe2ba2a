/**
 * A pause that the receiver asked for (such as `Retry-After`). It holds the whole sink: no batch is tried before it is
 * over, whichever batch was told.
 */
export class ServerHold {
  #untilMs = Number.NEGATIVE_INFINITY;

  /** Nothing is to be sent for `afterMs` from now on. A later word never shortens an earlier one. */
  extend(nowMs: number, afterMs: number): void {
    this.#untilMs = Math.max(this.#untilMs, nowMs + afterMs);
  }

  /** How much of it is left; 0 when there is none. */
  remainingMs(nowMs: number): number {
    return Math.max(0, this.#untilMs - nowMs);
  }
}
