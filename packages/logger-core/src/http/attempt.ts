import type { Clock, Timer } from "../sink/index.ts";
import { TransportError } from "./transport/index.ts";

/** A time limit is counted in pieces of this length. */
const SLICE_MS = 1_000;

/**
 * The time limit of one attempt, on the injected clock, joined to the engine's signal.
 *
 * Time that passed while the process stood still (stopped, frozen by its platform, its machine asleep) is not the
 * receiver's fault, so each piece of the limit counts for no more than itself, however late its timer comes. When the
 * limit is over, what has arrived by then is read before the attempt ends: one turn of the event loop, or if the last
 * timer came late, one more piece.
 */
export class Attempt {
  readonly #controller = new AbortController();
  readonly #aborted: Promise<never>;
  readonly #clock: Clock;
  readonly #outer: AbortSignal;
  #timer: Timer | undefined;
  #timedOut = false;

  constructor(clock: Clock, timeoutMs: number, outer: AbortSignal) {
    this.#clock = clock;
    this.#outer = outer;
    this.#aborted = new Promise((_, reject) => {
      this.signal.addEventListener("abort", () => reject(new TransportError("ABORTED")), { once: true });
    });
    this.#aborted.catch(() => {}); // nobody may be racing any more; the outcome has been told by then
    outer.addEventListener("abort", this.#abort);
    if (outer.aborted) this.#abort();
    else this.#wait(timeoutMs);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether the time limit ended it. */
  get timedOut(): boolean {
    return this.#timedOut;
  }

  /** The work, or a rejection when the time is over: a header function or a transport may ignore the signal. */
  race<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#aborted]);
  }

  /** Nothing more is to be waited for. */
  end(): void {
    this.#timer?.cancel();
    this.#outer.removeEventListener("abort", this.#abort);
  }

  readonly #abort = (): void => this.#controller.abort();

  #wait(leftMs: number, isExtra = false): void {
    const sliceMs = Math.min(leftMs, SLICE_MS);
    const startMs = this.#clock.monotonicMs();
    this.#timer = this.#clock.schedule(() => {
      const isLate = this.#clock.monotonicMs() - startMs > sliceMs + SLICE_MS;
      if (leftMs > sliceMs) this.#wait(leftMs - sliceMs);
      else if (isLate && !isExtra) this.#wait(SLICE_MS, true);
      else this.#timer = this.#clock.schedule(() => this.#timeOut(), 0);
    }, sliceMs);
  }

  #timeOut(): void {
    this.#timedOut = true;
    this.#abort();
  }
}
