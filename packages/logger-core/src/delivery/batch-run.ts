import type { Clock } from "../sink/index.ts";
import type { Batch } from "./batcher.ts";
import { type DeliveryFailure, readOutcome, readThrown, type Verdict } from "./delivery-outcome.ts";
import type { FlyingBatch } from "./in-flight.ts";
import type { Outage } from "./outage.ts";
import type { RetryPolicy } from "./retry-policy.ts";
import type { ServerHold } from "./server-hold.ts";

/** What `deliver` is told besides the batch. */
export interface DeliveryContext {
  /** Aborted when `close` runs out of time; give it to `fetch`. What `deliver` still does then is ignored. */
  readonly signal: AbortSignal;
  /** 1 for the first attempt at this batch. Halves of a batch that was split start again at 1. */
  readonly attempt: number;
}

/** What the runs of one sink share. */
export interface DeliveryPort<T> {
  readonly clock: Clock;
  readonly random: () => number;
  readonly retry: RetryPolicy;
  readonly hold: ServerHold;
  readonly outage: Outage;
  /** The sink author's function, which may do anything. */
  deliver(batch: readonly T[], context: DeliveryContext): unknown;
  /** Records of a run reached their end: so many delivered, so many lost because of `failure`. */
  settled(run: FlyingBatch, delivered: number, lost: number, failure: DeliveryFailure | undefined): void;
}

/**
 * Takes one batch to its end: attempt, back-off, attempt again, halves where the receiver wants them smaller, until
 * every record is delivered or lost, or the run is abandoned. Records settle in order.
 */
export class BatchRun<T> implements FlyingBatch {
  #first: number;
  #remaining: number;
  readonly #port: DeliveryPort<T>;
  /** What is still to be delivered; the next part is the last, so that halves go on top. */
  readonly #parts: (readonly T[])[];
  #controller: AbortController | undefined;
  #endPause: (() => void) | undefined;
  #abandoned = false;

  constructor(batch: Batch<T>, port: DeliveryPort<T>) {
    this.#first = batch.first;
    this.#remaining = batch.items.length;
    this.#parts = [batch.items];
    this.#port = port;
  }

  get first(): number {
    return this.#first;
  }

  get remaining(): number {
    return this.#remaining;
  }

  /** Calls `deliver` at once, unless the receiver asked for a pause. Resolves at the end; never rejects. */
  async run(): Promise<void> {
    try {
      for (let part = this.#parts.pop(); part !== undefined && !this.#abandoned; part = this.#parts.pop()) {
        await this.#deliver(part);
      }
    } catch (error) {
      // The clock or the source of chance threw. Without this the records would stay pending for ever.
      const verdict = readThrown(error, this.#remaining);
      if (verdict.status !== "split") this.#settle(this.#remaining, this.#remaining, verdict.failure);
    }
  }

  abandon(): void {
    this.#abandoned = true;
    this.#endPause?.();
    this.#controller?.abort();
  }

  async #deliver(part: readonly T[]): Promise<void> {
    const { clock, retry, outage, hold } = this.#port;
    let firstFailureMs: number | undefined;
    for (let attempts = 1; ; attempts++) {
      const verdict = await this.#attempt(part, attempts);
      if (this.#abandoned) return;
      if (verdict.status === "split") {
        this.#split(part);
        return;
      }
      if (verdict.status === "settled") {
        this.#settle(part.length, verdict.rejected, verdict.failure);
        return;
      }
      const nowMs = clock.monotonicMs();
      firstFailureMs ??= nowMs;
      const { afterMs, failure } = verdict;
      if (afterMs !== undefined) hold.extend(nowMs, afterMs);
      const delayMs = retry.delayMs({ attempts, elapsedMs: nowMs - firstFailureMs, afterMs }, this.#port.random);
      if (delayMs === undefined) {
        this.#giveUp(part, attempts, failure);
        return;
      }
      outage.failed(failure);
      await this.#rest(delayMs);
      if (this.#abandoned) return;
    }
  }

  async #attempt(part: readonly T[], attempt: number): Promise<Verdict> {
    const controller = new AbortController();
    this.#controller = controller;
    try {
      // A copy: an author who empties the array must not empty the next attempt.
      return readOutcome(await this.#port.deliver(part.slice(), { signal: controller.signal, attempt }), part.length);
    } catch (error) {
      return readThrown(error, part.length);
    } finally {
      this.#controller = undefined;
    }
  }

  #split(part: readonly T[]): void {
    if (part.length === 1) {
      this.#settle(1, 1, { type: "record_too_large", text: "a single record is too large for the receiver" });
      return;
    }
    const half = Math.ceil(part.length / 2);
    this.#parts.push(part.slice(half), part.slice(0, half));
  }

  #giveUp(part: readonly T[], attempts: number, failure: DeliveryFailure): void {
    const tried = attempts === 1 ? "1 attempt" : `${attempts} attempts`;
    this.#settle(part.length, part.length, { type: failure.type, text: `given up after ${tried}: ${failure.text}` });
    this.#port.outage.gaveUp();
  }

  #settle(count: number, lost: number, failure: DeliveryFailure | undefined): void {
    if (this.#abandoned || count === 0) return;
    this.#first += count;
    this.#remaining -= count;
    if (lost < count) this.#port.outage.delivered();
    this.#port.settled(this, count - lost, lost, failure);
  }

  /** Waits for the back-off, and longer while the receiver wants no batch at all. */
  async #rest(delayMs: number): Promise<void> {
    const { clock, hold } = this.#port;
    await this.#pause(delayMs);
    for (let heldMs = hold.remainingMs(clock.monotonicMs()); heldMs > 0 && !this.#abandoned; ) {
      await this.#pause(heldMs);
      heldMs = hold.remainingMs(clock.monotonicMs());
    }
  }

  #pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#port.clock.schedule(resolve, delayMs);
      this.#endPause = () => {
        timer.cancel();
        resolve();
      };
    });
  }
}
