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
export { BatchingSink } from "./batching-sink.ts";
export type {
  BatchingSinkOptions,
  BatchingSinkSettings,
  DeliverFunction,
  OverflowStrategy,
  RetryOptions,
} from "./batching-sink-options.ts";
export { FallbackSink, type FallbackSinkOptions } from "./fallback/index.ts";
export { DeliveryError, type DeliveryErrorOptions, type DeliveryOutcome, type MixedOutcome } from "./outcome/index.ts";
export { BoundedQueue, type QueueBounds } from "./queue/index.ts";
export { type DeliveryContext, type FailedAttempt, type RetryLimits, RetryPolicy } from "./run/index.ts";
export { publicSinkId } from "./sink-id.ts";
