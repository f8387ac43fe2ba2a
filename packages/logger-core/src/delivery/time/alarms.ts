import type { Clock, Timer } from "../../sink/index.ts";

/** The part of a clock that the engine waits by. */
export type Waiting = Pick<Clock, "monotonicMs" | "schedule">;

/** A timer that is late by less may still come: the event loop was busy. */
const GRACE_MS = 100;

interface Alarm {
  readonly dueMs: number;
  readonly timer: Timer;
  readonly callback: () => void;
}

/**
 * The time and the timers of a sink. An armed timer is never the only way on: whoever fakes timers may take it away for
 * ever, so what is overdue is called when somebody looks. Each callback is called once at most. Time never runs back: a
 * clock that starts anew goes on where it was, and a timer that calls back tells how late it is at least.
 */
export class Alarms implements Waiting {
  readonly #clock: () => Clock;
  readonly #armed = new Set<Alarm>();
  /** No alarm is due earlier. */
  #earliestMs = Number.POSITIVE_INFINITY;
  #nowMs = Number.NEGATIVE_INFINITY;
  /** How far the clock is behind. */
  #behindMs = 0;

  constructor(clock: () => Clock) {
    this.#clock = clock;
  }

  monotonicMs(): number {
    return this.#notBefore(this.#nowMs);
  }

  schedule(callback: () => void, delayMs: number, holdProcess?: boolean): Timer {
    const dueMs = this.monotonicMs() + delayMs;
    const called = (): void => {
      this.#notBefore(dueMs);
      this.#ring(alarm);
    };
    const alarm: Alarm = { dueMs, callback, timer: this.#clock().schedule(called, delayMs, holdProcess) };
    this.#armed.add(alarm);
    this.#earliestMs = Math.min(this.#earliestMs, dueMs);
    return { cancel: () => this.#disarm(alarm) };
  }

  /** Calls what should have been called. Costs next to nothing while nothing is late. */
  look(): void {
    const nowMs = this.monotonicMs();
    if (nowMs < this.#earliestMs + GRACE_MS) return;
    const late = [...this.#armed].filter(({ dueMs }) => nowMs >= dueMs + GRACE_MS);
    for (const alarm of late) this.#ring(alarm);
    this.#earliestMs = Math.min(...[...this.#armed].map(({ dueMs }) => dueMs));
  }

  /** The time, which is no earlier than this. */
  #notBefore(earliestMs: number): number {
    const readMs = this.#clock().monotonicMs();
    if (readMs + this.#behindMs < earliestMs) this.#behindMs = earliestMs - readMs;
    this.#nowMs = readMs + this.#behindMs;
    return this.#nowMs;
  }

  #ring(alarm: Alarm): void {
    if (this.#disarm(alarm)) alarm.callback();
  }

  #disarm(alarm: Alarm): boolean {
    alarm.timer.cancel();
    return this.#armed.delete(alarm);
  }
}
