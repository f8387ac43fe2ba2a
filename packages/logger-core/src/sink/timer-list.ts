import type { Timer } from "./clock.ts";
import type { HostTime } from "./host-time.ts";

/** How late a timer may be before it counts as lost. */
const GRACE_MS = 250;

interface Waiting {
  readonly dueMs: number;
  readonly ring: () => void;
}

/**
 * Timers that have not rung. A timer of the runtime may never ring: it was a test's that has ended, or the runtime froze.
 * So it is never the only way on: whoever reads the clock later notices those that are overdue.
 */
export class TimerList {
  readonly #start: HostTime["startTimer"];
  readonly #waiting = new Set<Waiting>();
  /** No timer is due earlier. */
  #earliestDueMs = Number.POSITIVE_INFINITY;
  #isRinging = false;

  constructor(start: HostTime["startTimer"]) {
    this.#start = start;
  }

  /** @param nowMs by the monotonic clock. */
  add(callback: () => void, delayMs: number, holdProcess: boolean, nowMs: number): Timer {
    let stop: (() => void) | undefined;
    const waiting: Waiting = {
      dueMs: nowMs + Math.max(0, delayMs),
      ring: () => {
        if (!this.#waiting.delete(waiting)) return;
        stop?.();
        callback();
      },
    };
    this.#waiting.add(waiting);
    this.#earliestDueMs = Math.min(this.#earliestDueMs, waiting.dueMs);
    stop = this.#start(waiting.ring, delayMs, holdProcess);
    return {
      cancel: () => {
        if (this.#waiting.delete(waiting)) stop?.();
      },
    };
  }

  /** Has the overdue ring soon, in a microtask: the caller may be in the middle of a log call. */
  notice(nowMs: number): void {
    if (nowMs <= this.#earliestDueMs + GRACE_MS || this.#isRinging) return;
    this.#isRinging = true;
    void Promise.resolve().then(() => this.#ringOverdue(nowMs));
  }

  #ringOverdue(nowMs: number): void {
    this.#isRinging = false;
    this.#earliestDueMs = Number.POSITIVE_INFINITY;
    for (const waiting of this.#waiting) {
      if (waiting.dueMs + GRACE_MS < nowMs) void Promise.resolve().then(waiting.ring);
      else this.#earliestDueMs = Math.min(this.#earliestDueMs, waiting.dueMs);
    }
  }
}
