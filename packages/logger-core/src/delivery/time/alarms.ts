import type { Clock, Timer } from "../../sink/index.ts";

/** The part of a clock that the engine waits by. */
export type Waiting = Pick<Clock, "monotonicMs" | "schedule">;

/** A timer that is late by less may still come: the event loop was busy. */
const GRACE_MS = 100;

interface Alarm {
  dueMs: number;
  readonly timer: Timer;
  readonly callback: () => void;
}

/**
 * The timers of a sink. An armed timer is never the only way on: whoever fakes timers may take it away for ever, so what
 * is overdue is called when somebody looks. Each callback is called once at most.
 */
export class Alarms implements Waiting {
  readonly #clock: () => Clock;
  readonly #armed = new Set<Alarm>();
  /** No alarm is due earlier. */
  #earliestMs = Number.POSITIVE_INFINITY;
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(clock: () => Clock) {
    this.#clock = clock;
  }

  monotonicMs(): number {
    return this.#clock().monotonicMs();
  }

  schedule(callback: () => void, delayMs: number, holdProcess?: boolean): Timer {
    const dueMs = this.monotonicMs() + delayMs;
    const alarm: Alarm = {
      dueMs,
      callback,
      timer: this.#clock().schedule(() => this.#ring(alarm), delayMs, holdProcess),
    };
    this.#armed.add(alarm);
    this.#earliestMs = Math.min(this.#earliestMs, dueMs);
    return { cancel: () => this.#disarm(alarm) };
  }

  /** Calls what should have been called. Costs next to nothing while nothing is late. */
  look(): void {
    const nowMs = this.monotonicMs();
    if (nowMs < this.#lastMs) this.#turnBack(this.#lastMs - nowMs);
    this.#lastMs = nowMs;
    if (nowMs < this.#earliestMs + GRACE_MS) return;
    const late = [...this.#armed].filter(({ dueMs }) => nowMs >= dueMs + GRACE_MS);
    for (const alarm of late) this.#ring(alarm);
    this.#earliestMs = Math.min(...[...this.#armed].map(({ dueMs }) => dueMs));
  }

  /** The clock started anew: what is left of each wait stays the same. */
  #turnBack(byMs: number): void {
    for (const alarm of this.#armed) alarm.dueMs -= byMs;
    this.#earliestMs -= byMs;
  }

  #ring(alarm: Alarm): void {
    if (this.#disarm(alarm)) alarm.callback();
  }

  #disarm(alarm: Alarm): boolean {
    alarm.timer.cancel();
    return this.#armed.delete(alarm);
  }
}
