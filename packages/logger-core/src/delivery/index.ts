export {
  FlushAccount,
  type FlushOutcome,
  type FlushWindow,
  Ledger,
  type LedgerSnapshot,
  SinkAccount,
  settlesWithin,
  Waiters,
} from "../accounting/index.ts";
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
export { type FailedAttempt, type RetryLimits, RetryPolicy } from "./retry-policy.ts";
export { publicSinkId } from "./sink-id.ts";
