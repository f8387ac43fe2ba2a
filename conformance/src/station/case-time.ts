/** Time as a check sees it: played on a clock that stands still, or waited for. */
import { type Clock, systemClock } from "@dagstack/logger-core";
import { ManualClock } from "@dagstack/logger-core/testing";

/** What became of something that was waited for. */
export type Settled<T> =
  | { readonly kind: "resolved"; readonly value: T }
  | { readonly kind: "rejected"; readonly error: unknown }
  | { readonly kind: "pending" };

/** How often a condition is looked at while time passes. */
const LOOKS = 100;
const LOOK_INTERVAL_MS = 2;

/** The time of one case. */
export class CaseTime {
  readonly clock: Clock;
  /** What a deadline may be late by: timers are not exact, and a shared machine stops programs for a while. */
  readonly graceMs: number;
  readonly #manual: ManualClock | undefined;

  constructor(kind: "real" | "manual") {
    this.#manual = kind === "manual" ? new ManualClock() : undefined;
    this.clock = this.#manual ?? systemClock;
    this.graceMs = kind === "manual" ? 50 : 1000;
  }

  /** Timers that are set, where the time is played. */
  get pendingTimers(): number | undefined {
    return this.#manual?.pendingTimers;
  }

  /** Lets what can happen at once happen: promises, and some turns of the event loop. */
  async turns(): Promise<void> {
    for (let turn = 0; turn < 3; turn++) {
      await this.#manual?.advance(0);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Lets time pass. */
  async pass(ms: number): Promise<void> {
    await this.until(() => false, ms);
  }

  /** Lets time pass until the condition holds, and no longer than `ms`; whether it held. */
  async until(condition: () => boolean | Promise<boolean>, ms: number): Promise<boolean> {
    const endMs = this.clock.monotonicMs() + ms;
    for (;;) {
      await this.turns();
      if (await condition()) return true;
      const leftMs = endMs - this.clock.monotonicMs();
      if (leftMs <= 0) return false;
      await this.#step(Math.min(leftMs, this.#manual === undefined ? LOOK_INTERVAL_MS : Math.max(1, ms / LOOKS)));
    }
  }

  /** Waits for something, and no longer than `ms` and the grace. A rejection is not lost. */
  async settled<T>(what: PromiseLike<T>, ms: number): Promise<Settled<T>> {
    let settled: Settled<T> = { kind: "pending" };
    what.then(
      (value) => {
        settled = { kind: "resolved", value };
      },
      (error: unknown) => {
        settled = { kind: "rejected", error };
      },
    );
    await this.until(() => settled.kind !== "pending", ms + this.graceMs);
    return settled;
  }

  async #step(ms: number): Promise<void> {
    if (this.#manual !== undefined) await this.#manual.advance(ms);
    else await new Promise((resolve) => setTimeout(resolve, ms));
  }
}
