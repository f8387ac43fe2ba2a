import type { DeliveryFailure, Losses } from "../outcome/index.ts";
import type { ServerHold, Waiting } from "../time/index.ts";
import type { FlyingBatch } from "./in-flight.ts";
import type { Outage } from "./outage.ts";
import type { RetryPolicy } from "./retry-policy.ts";

/** What `deliver` is told besides the batch. */
export interface DeliveryContext {
  /**
   * Aborted when `attemptTimeoutMs` is over or `close` runs out of time; give it to `fetch`. What `deliver` still does
   * then is ignored.
   */
  readonly signal: AbortSignal;
  /**
   * 1 for the first attempt at this batch. Halves of a batch that was split start again at 1; what a mixed outcome left
   * goes on counting.
   */
  readonly attempt: number;
}

/** One record that is lost, and why. */
export interface Letter<T> {
  readonly entry: T;
  readonly text: string;
}

/** What the runs of one sink share. */
export interface DeliveryPort<T> {
  readonly clock: Waiting;
  readonly random: () => number;
  readonly retry: RetryPolicy;
  readonly hold: ServerHold;
  readonly outage: Outage;
  /** How long one call of `deliver` may take. */
  readonly attemptTimeoutMs: number;
  /** The sink author's function, which may do anything. */
  deliver(batch: readonly T[], context: DeliveryContext): unknown;
  /** Records of a run reached their end: so many delivered, the others lost. `letters`: those that are known, and why. */
  settled(run: FlyingBatch<T>, delivered: number, losses: Losses, letters: readonly Letter<T>[]): void;
  /** Something is wrong that costs no record. */
  complain(failure: DeliveryFailure): void;
}
