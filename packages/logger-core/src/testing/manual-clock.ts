import type { Clock, Timer } from "../sink/index.ts";

interface Scheduled {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

const NANOS_PER_MS = 1_000_000;
/** Enough turns of the microtask queue for any promise chain in these packages. */
const SETTLE_TURNS = 64;

/** A clock that stands still until told otherwise. Timers fire inside `advance`, in order, each at its own time. */
export class ManualClock implements Clock {
  #nowNanos: bigint;
  #monotonicMs = 0;
  #order = 0;
  readonly #timers = new Set<Scheduled>();

  constructor(startUnixNano = 1_700_000_000_000_000_000n) {
    this.#nowNanos = startUnixNano;
  }

  now(): bigint {
    return this.#nowNanos;
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  /** Timers that have not fired. */
  get pendingTimers(): number {
    return this.#timers.size;
  }

  schedule(callback: () => void, delayMs: number): Timer {
    const timer: Scheduled = { at: this.#monotonicMs + Math.max(0, delayMs), order: this.#order++, callback };
    this.#timers.add(timer);
    return { cancel: () => void this.#timers.delete(timer) };
  }

  /** Moves time on by `ms`, firing what falls due and letting promises settle after each timer. */
  async advance(ms: number): Promise<void> {
    const end = this.#monotonicMs + ms;
    await this.settle();
    for (let next = this.#nextUntil(end); next !== undefined; next = this.#nextUntil(end)) {
      this.#timers.delete(next);
      this.#moveTo(next.at);
      next.callback();
      await this.settle();
    }
    this.#moveTo(end);
  }

  /** Lets promises settle without moving time. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < SETTLE_TURNS; turn++) await Promise.resolve();
  }

  /** Sets the wall clock alone, as an administrator or a time server does. */
  stepWallClock(nowUnixNano: bigint): void {
    this.#nowNanos = nowUnixNano;
  }

  #nextUntil(end: number): Scheduled | undefined {
    let next: Scheduled | undefined;
    for (const timer of this.#timers) {
      if (timer.at > end) continue;
      if (next === undefined || timer.at < next.at || (timer.at === next.at && timer.order < next.order)) next = timer;
    }
    return next;
  }

  #moveTo(monotonicMs: number): void {
    if (monotonicMs <= this.#monotonicMs) return;
    this.#nowNanos += BigInt(Math.round((monotonicMs - this.#monotonicMs) * NANOS_PER_MS));
    this.#monotonicMs = monotonicMs;
  }
}
