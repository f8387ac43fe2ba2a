/** What `deliver` may answer, and how it is read: never trusted, never in silence. */

import { MAX_TIMER_MS } from "../../accounting/index.ts";
import { errorType } from "../../value/index.ts";
import { member, shortText } from "./foreign-value.ts";
import { readMixed } from "./mixed-outcome.ts";
import type { DeliveryFailure, Verdict } from "./verdict.ts";

/** What became of a batch. Resolving `undefined` means that all of it was delivered. */
export type DeliveryOutcome =
  | { readonly status: "delivered" }
  /**
   * The receiver refused `count` records for good; the others were delivered. The reason goes to diagnostics: no record
   * content, no text of the receiver.
   */
  | { readonly status: "rejected"; readonly count: number; readonly reason?: string }
  /** Try again: after `afterMs`, which then holds the whole sink, or with back-off. The reason as above. */
  | { readonly status: "retry"; readonly afterMs?: number | undefined; readonly reason?: string }
  /** Too large for the receiver (HTTP 413): deliver it again in two halves. A single record is lost. */
  | { readonly status: "split" }
  | MixedOutcome;

/**
 * What became of each record, for bulk APIs: those named are tried again or were refused for good, the others were
 * delivered. What is tried again keeps its order, its attempts and its budget.
 */
export interface MixedOutcome {
  readonly status: "mixed";
  /** Places in the batch, from 0, of records to be tried again. */
  readonly retry: readonly number[];
  /** Records refused for good, by place; the reasons go to diagnostics and to the dead letter. */
  readonly rejected: readonly { readonly index: number; readonly reason?: string }[];
  /** As for `retry`, and only if there is something to be tried again. */
  readonly afterMs?: number | undefined;
  /** Why those named are tried again. */
  readonly reason?: string;
}

const DELIVERED: Verdict = Object.freeze({ status: "settled", lost: 0 });
const SPLIT: Verdict = Object.freeze({ status: "split" });

/**
 * Reads what `deliver` resolved to for a batch of `size` records. What cannot be understood loses the batch, with an
 * error that says so: a wrong count would be worse.
 */
export function readOutcome(outcome: unknown, size: number): Verdict {
  if (outcome === undefined) return DELIVERED;
  const status = member(outcome, "status");
  switch (status) {
    case "delivered":
      return DELIVERED;
    case "split":
      return SPLIT;
    case "retry":
      return retry(outcome, { type: "delivery_retry", text: shortText(member(outcome, "reason"), "no reason given") });
    case "rejected":
      return rejected(outcome, size);
    case "mixed":
      return readMixed(outcome, size, wishMs(outcome));
  }
  const failure = {
    type: "delivery_outcome",
    text: "deliver must resolve undefined or { status: delivered, rejected, retry, mixed or split }, but did not",
  };
  return { status: "settled", lost: size, failure };
}

/** Reads what `deliver` threw: final for a `DeliveryError` that says so, else a reason to try again. */
export function readThrown(error: unknown, size: number): Verdict {
  const failure = describeThrown(error, "deliver");
  if (member(error, "retryable") === false) return { status: "settled", lost: size, failure };
  return retry(error, failure);
}

function retry(from: unknown, failure: DeliveryFailure): Verdict {
  return { status: "retry", afterMs: wishMs(from), failure };
}

/** No wish, or no sensible one, means plain back-off: 0 would have us hammer a receiver that is in trouble. */
function wishMs(from: unknown): number | undefined {
  const afterMs = member(from, "afterMs");
  return typeof afterMs === "number" && afterMs > 0 ? Math.min(afterMs, MAX_TIMER_MS) : undefined;
}

function rejected(outcome: unknown, size: number): Verdict {
  const count = member(outcome, "count");
  const reason = shortText(member(outcome, "reason"), "rejected by the receiver");
  if (typeof count === "number" && count >= 0) {
    const failure = { type: "delivery_rejected", text: reason };
    return { status: "settled", lost: Math.min(size, Math.ceil(count)), failure };
  }
  const failure = { type: "delivery_outcome", text: `${reason}; the count is no number, so all of it counts` };
  return { status: "settled", lost: size, failure };
}

/**
 * What may be said of something that `thrower` threw. Only a `DeliveryError` speaks for itself: the message of any
 * other error may hold a record or a secret (D-68), so its type and code must do.
 */
export function describeThrown(error: unknown, thrower: string): DeliveryFailure {
  if (member(error, "name") === "DeliveryError") {
    return { type: "DeliveryError", text: shortText(member(error, "message"), "no reason given") };
  }
  const type = identifier(errorType(error)) ?? "Error";
  const code = identifier(member(error, "code")) ?? identifier(member(member(error, "cause"), "code"));
  return { type: code ?? type, text: `${thrower} threw ${code === undefined ? type : `${type} (${code})`}` };
}

function identifier(value: unknown): string | undefined {
  return typeof value === "string" && /^[A-Za-z][\w.-]{0,63}$/.test(value) ? value : undefined;
}
