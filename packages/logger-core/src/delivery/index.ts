export type { DeliveryContext } from "./batch-run.ts";
export { BatchingSink } from "./batching-sink.ts";
export type {
  BatchingSinkOptions,
  BatchingSinkSettings,
  DeliverFunction,
  OverflowStrategy,
  RetryOptions,
} from "./batching-sink-options.ts";
export { BoundedQueue, type QueueBounds } from "./bounded-queue.ts";
export { DeliveryError, type DeliveryErrorOptions } from "./delivery-error.ts";
export type { DeliveryOutcome } from "./delivery-outcome.ts";
export { FlushAccount, type FlushOutcome, type FlushWindow } from "./flush-account.ts";
export { Ledger, type LedgerSnapshot } from "./ledger.ts";
export { type FailedAttempt, type RetryLimits, RetryPolicy } from "./retry-policy.ts";
export { settlesWithin } from "./settles-within.ts";
export { SinkAccount } from "./sink-account.ts";
export { publicSinkId } from "./sink-id.ts";
export { Waiters } from "./waiters.ts";
