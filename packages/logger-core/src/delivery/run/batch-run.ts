import type { Clock } from "../../sink/index.ts";
import { type DeliveryFailure, type Losses, readOutcome, readThrown, type Verdict } from "../outcome/index.ts";
import type { Batch } from "../queue/index.ts";
import type { FlyingBatch } from "./in-flight.ts";
import type { Outage } from "./outage.ts";
import { Part } from "./part.ts";
import type { RetryPolicy } from "./retry-policy.ts";
import type { ServerHold } from "./server-hold.ts";

/** What `deliver` is told besides the batch. */
export interface DeliveryContext {
  /** Aborted when `close` runs out of time; give it to `fetch`. What `deliver` still does then is ignored. */
  readonly signal: AbortSignal;
  /**
   * 1 for the first attempt at this batch. Halves of a batch that was split start again at 1; what a mixed outcome left
   * goes on counting.
   */
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
  /** Records of a run reached their end: so many delivered, the others lost. */
  settled(run: FlyingBatch, delivered: number, losses: Losses): void;
  /** Something is wrong that costs no record. */
  complain(failure: DeliveryFailure): void;
}

/**
 * Takes one batch to its end: attempt, back-off, attempt again with what is left, halves where the receiver wants them
 * smaller, until every record is delivered or lost, or the run is abandoned.
 */
export class BatchRun<T> implements FlyingBatch {
  readonly #port: DeliveryPort<T>;
  /** What is neither delivered nor lost; the last part is the one under way and has the lowest numbers. */
  readonly #parts: Part<T>[];
  #controller: AbortController | undefined;
  #endPause: (() => void) | undefined;
  #abandoned = false;

  constructor(batch: Batch<T>, port: DeliveryPort<T>) {
    this.#parts = [new Part(batch.items, batch.first)];
    this.#port = port;
  }

  get first(): number {
    return this.#parts.at(-1)?.first ?? Number.POSITIVE_INFINITY;
  }

  get remaining(): number {
    return this.countUpTo(Number.POSITIVE_INFINITY);
  }

  countUpTo(upTo: number): number {
    return this.#parts.reduce((count, part) => count + part.countUpTo(upTo), 0);
  }

  /** Calls `deliver` at once, unless the receiver asked for a pause. Resolves at the end; never rejects. */
  async run(): Promise<void> {
    try {
      for (let part = this.#parts.at(-1); part !== undefined && !this.#abandoned; part = this.#parts.at(-1)) {
        await this.#deliver(part);
      }
    } catch (error) {
      // The clock or the source of chance threw. Without this the records would stay pending for ever.
      const verdict = readThrown(error, this.remaining);
      if (verdict.status !== "split") this.#loseRest(verdict.failure);
    }
  }

  abandon(): void {
    this.#abandoned = true;
    this.#endPause?.();
    this.#controller?.abort();
  }

  async #deliver(whole: Part<T>): Promise<void> {
    const { clock, retry, outage, hold } = this.#port;
    let part = whole;
    let firstFailureMs: number | undefined;
    for (let attempts = 1; ; attempts++) {
      const verdict = await this.#attempt(part, attempts);
      if (this.#abandoned) return;
      if (verdict.status === "split") {
        this.#split(part);
        return;
      }
      if (verdict.complaint !== undefined) this.#port.complain(verdict.complaint);
      if (verdict.status === "settled") {
        if (verdict.lost < part.size) outage.delivered();
        this.#settle(undefined, part.size, verdict);
        return;
      }
      if (verdict.part !== undefined) {
        const { indexes, others } = verdict.part;
        const left = part.pick(indexes);
        this.#settle(left, part.size - left.size, others);
        part = left;
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

  async #attempt({ items }: Part<T>, attempt: number): Promise<Verdict> {
    const controller = new AbortController();
    this.#controller = controller;
    try {
      // A copy: an author who empties the array must not empty the next attempt.
      return readOutcome(await this.#port.deliver(items.slice(), { signal: controller.signal, attempt }), items.length);
    } catch (error) {
      return readThrown(error, items.length);
    } finally {
      this.#controller = undefined;
    }
  }

  #split(part: Part<T>): void {
    if (part.size === 1) {
      const failure = { type: "record_too_large", text: "a single record is too large for the receiver" };
      this.#settle(undefined, 1, { lost: 1, failure });
      return;
    }
    const [first, second] = part.halves();
    this.#parts.splice(-1, 1, second, first);
  }

  #giveUp(part: Part<T>, attempts: number, failure: DeliveryFailure): void {
    const tried = attempts === 1 ? "1 attempt" : `${attempts} attempts`;
    const text = `given up after ${tried}: ${failure.text}`;
    this.#settle(undefined, part.size, { lost: part.size, failure: { type: failure.type, text } });
    this.#port.outage.gaveUp();
  }

  /** `count` records of the part under way reached their end; `left` is what is left of it. */
  #settle(left: Part<T> | undefined, count: number, losses: Losses): void {
    this.#parts.pop();
    if (left !== undefined) this.#parts.push(left);
    if (count > 0) this.#port.settled(this, count - losses.lost, losses);
  }

  #loseRest(failure: DeliveryFailure | undefined): void {
    const lost = this.remaining;
    if (this.#abandoned || lost === 0) return;
    this.#parts.length = 0;
    this.#port.settled(this, 0, { lost, failure });
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
