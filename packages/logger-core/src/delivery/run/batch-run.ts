import { type DeliveryFailure, type Losses, readThrown } from "../outcome/index.ts";
import type { Batch } from "../queue/index.ts";
import { Attempt } from "./attempt.ts";
import type { DeliveryPort, Letter } from "./delivery-port.ts";
import type { FlyingBatch } from "./in-flight.ts";
import { Part } from "./part.ts";

/**
 * Takes one batch to its end: attempt, back-off, attempt again with what is left, halves where the receiver wants them
 * smaller, until every record is delivered or lost, or the run is abandoned.
 */
export class BatchRun<T> implements FlyingBatch<T> {
  readonly #port: DeliveryPort<T>;
  /** What is neither delivered nor lost; the last part is the one under way and has the lowest numbers. */
  readonly #parts: Part<T>[];
  #attempt: Attempt<T> | undefined;
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

  abandon(): T[] {
    const left = this.#parts.map(({ items }) => items).reverse();
    this.#abandoned = true;
    this.#endPause?.();
    this.#attempt?.abort();
    return left.flat();
  }

  async #deliver(whole: Part<T>): Promise<void> {
    const { clock, retry, outage, hold, attemptTimeoutMs } = this.#port;
    let part = whole;
    // Since the first failure. Waits count as they were meant: time in which nothing ran is not the receiver's fault.
    let elapsedMs: number | undefined;
    for (let attempts = 1; ; attempts++) {
      const startMs = clock.monotonicMs();
      const attempt = new Attempt(this.#port);
      this.#attempt = attempt;
      const verdict = await attempt.verdict(part.items, attempts);
      this.#attempt = undefined;
      if (this.#abandoned) return;
      if (verdict.status === "split") {
        this.#split(part);
        return;
      }
      if (verdict.complaint !== undefined) this.#port.complain(verdict.complaint);
      if (verdict.status === "settled") {
        if (verdict.lost < part.size) outage.delivered();
        this.#settle(part, undefined, verdict);
        return;
      }
      if (verdict.part !== undefined) {
        const { indexes, others } = verdict.part;
        const left = part.pick(indexes);
        this.#settle(part, left, others);
        part = left;
      }
      const nowMs = clock.monotonicMs();
      const tookMs = Math.min(attemptTimeoutMs, Math.max(0, nowMs - startMs));
      elapsedMs = elapsedMs === undefined ? 0 : elapsedMs + tookMs;
      const { afterMs, failure } = verdict;
      const delayMs = retry.delayMs({ attempts, elapsedMs, afterMs }, this.#port.random);
      if (afterMs !== undefined) hold.extend(nowMs, delayMs ?? retry.holdMs(afterMs));
      if (delayMs === undefined) {
        this.#giveUp(part, attempts, failure);
        return;
      }
      outage.failed(failure);
      elapsedMs += await this.#rest(delayMs);
      if (this.#abandoned) return;
    }
  }

  #split(part: Part<T>): void {
    if (part.size === 1) {
      const failure = { type: "record_too_large", text: "a single record is too large for the receiver" };
      this.#settle(part, undefined, { lost: 1, failure });
      return;
    }
    const [first, second] = part.halves();
    this.#parts.splice(-1, 1, second, first);
  }

  #giveUp(part: Part<T>, attempts: number, failure: DeliveryFailure): void {
    const tried = attempts === 1 ? "1 attempt" : `${attempts} attempts`;
    const text = `given up after ${tried}: ${failure.text}`;
    this.#settle(part, undefined, { lost: part.size, failure: { type: failure.type, text } });
    this.#port.outage.gaveUp();
  }

  /** The records of the part under way reached their end, but for `left`, which takes its place. */
  #settle(part: Part<T>, left: Part<T> | undefined, losses: Losses): void {
    this.#parts.pop();
    if (left !== undefined) this.#parts.push(left);
    const count = part.size - (left?.size ?? 0);
    if (count > 0) this.#port.settled(this, count - losses.lost, losses, lettersOf(part, losses));
  }

  #loseRest(failure: DeliveryFailure | undefined): void {
    while (this.#parts.length > 0 && !this.#abandoned) {
      const part = this.#parts.at(-1) as Part<T>;
      this.#settle(part, undefined, { lost: part.size, failure });
    }
  }

  /** Waits for the back-off, and longer while the receiver wants no batch at all; answers how long in all. */
  async #rest(delayMs: number): Promise<number> {
    const { clock, hold } = this.#port;
    let restedMs = 0;
    for (let leftMs = delayMs; leftMs > 0 && !this.#abandoned; leftMs = hold.remainingMs(clock.monotonicMs())) {
      await this.#pause(leftMs);
      restedMs += leftMs;
    }
    return restedMs;
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

/** Which records were lost, as far as the outcome says. */
function lettersOf<T>({ items }: Part<T>, { lost, which, failure }: Losses): Letter<T>[] {
  if (which !== undefined) return which.map(({ index, text }) => ({ entry: items[index] as T, text }));
  const text = failure?.text ?? "";
  return lost === items.length ? items.map((entry) => ({ entry, text })) : [];
}
