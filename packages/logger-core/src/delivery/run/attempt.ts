import type { Timer } from "../../sink/index.ts";
import { readOutcome, readThrown, type Verdict } from "../outcome/index.ts";
import type { DeliveryPort } from "./delivery-port.ts";

/** A timer that comes so much too late tells that nothing ran: the process was frozen, or busy. */
const LATE_MS = 1000;
/** How long an answer that came in the meantime has to be read. */
const SECOND_CHANCE_MS = 1000;

/** One call of `deliver`: guarded, and over when its time is over, whatever the author's function does. */
export class Attempt<T> {
  readonly #port: DeliveryPort<T>;
  readonly #controller = new AbortController();
  #timer: Timer | undefined;

  constructor(port: DeliveryPort<T>) {
    this.#port = port;
  }

  /** Resolves when `deliver` settles or its time is over. Rejects only when the clock does. */
  verdict(items: readonly T[], attempt: number): Promise<Verdict> {
    return new Promise((resolve) => {
      this.#startTimer(resolve);
      const end = (verdict: Verdict): void => {
        this.#timer?.cancel();
        resolve(verdict);
      };
      const failed = (error: unknown): void => end(readThrown(error, items.length));
      try {
        const { signal } = this.#controller;
        const answer = Promise.resolve(this.#port.deliver(items, { signal, attempt }));
        answer.then((outcome) => end(readOutcome(outcome, items.length)), failed);
      } catch (error) {
        failed(error);
      }
    });
  }

  /** Tells the author's function to stop. What it still answers may be waited for, or not. */
  abort(): void {
    this.#timer?.cancel();
    this.#controller.abort();
  }

  #startTimer(resolve: (verdict: Verdict) => void): void {
    const { clock, attemptTimeoutMs } = this.#port;
    const dueMs = clock.monotonicMs() + attemptTimeoutMs;
    const end = (): void => {
      const text = `deliver did not settle in ${attemptTimeoutMs} ms`;
      resolve({ status: "retry", afterMs: undefined, failure: { type: "attempt_timeout", text } });
      this.abort();
    };
    this.#timer = clock.schedule(() => {
      const lateMs = clock.monotonicMs() - dueMs;
      if (lateMs > LATE_MS) this.#timer = clock.schedule(end, SECOND_CHANCE_MS);
      else end();
    }, attemptTimeoutMs);
  }
}
