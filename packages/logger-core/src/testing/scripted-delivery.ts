import type { DeliveryContext, DeliveryOutcome } from "../delivery/index.ts";
import type { LogRecord } from "../record/index.ts";

/** What a scripted delivery does once: resolves this outcome, or throws this error. */
export type ScriptedAnswer = DeliveryOutcome | Error | undefined;

/** One call of a scripted delivery. */
export interface ScriptedCall<Item> {
  readonly batch: readonly Item[];
  readonly attempt: number;
  readonly signal: AbortSignal;
}

/**
 * The `deliver` of a `BatchingSink` under test: keeps every call, answers as told and, while held, not at all. Without
 * a script it delivers everything.
 *
 * ```ts
 * const delivery = new ScriptedDelivery();
 * delivery.answer({ status: "retry" }, new Error("down"), undefined);
 * const sink = new BatchingSink({ id: "test", deliver: delivery.deliver });
 * ```
 */
export class ScriptedDelivery<Item = LogRecord> {
  /** Every call, in order. */
  readonly calls: ScriptedCall<Item>[] = [];
  /** What was delivered, in order. Of a rejected batch, the first `count` items are taken as refused. */
  readonly delivered: Item[] = [];
  #script: ScriptedAnswer[] = [];
  #held: (() => void)[] = [];
  #holding = false;
  #passes = 0;

  /** Give this to the sink. Ignores its signal, as hostile functions do; tests read it from `calls`. */
  readonly deliver = async (batch: readonly Item[], context: DeliveryContext): Promise<DeliveryOutcome | undefined> => {
    this.calls.push({ batch, attempt: context.attempt, signal: context.signal });
    if (this.#passes > 0) this.#passes -= 1;
    else if (this.#holding) await new Promise<void>((resolve) => this.#held.push(resolve));
    const answer = this.#script.shift();
    if (answer instanceof Error) throw answer;
    if (answer === undefined || answer.status === "delivered") this.delivered.push(...batch);
    if (answer?.status === "rejected") this.delivered.push(...batch.slice(answer.count));
    if (answer?.status === "mixed") {
      const others = new Set([...answer.retry, ...answer.rejected.map(({ index }) => index)]);
      this.delivered.push(...batch.filter((_, index) => !others.has(index)));
    }
    return answer;
  };

  /** The next calls to be answered get these answers, in this order; those after them deliver everything. */
  answer(...answers: ScriptedAnswer[]): void {
    this.#script.push(...answers);
  }

  /** From now on calls wait for `release`. */
  hold(): void {
    this.#holding = true;
  }

  /**
   * Lets calls go on: all that wait, and those to come; or just the next `count`, waiting or to come, while the others
   * stay held.
   */
  release(count?: number): void {
    if (count === undefined) {
      this.#holding = false;
      this.#passes = 0;
    }
    const released = this.#held.splice(0, count ?? this.#held.length);
    if (count !== undefined) this.#passes += count - released.length;
    for (const resolve of released) resolve();
  }
}
