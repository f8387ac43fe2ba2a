export { BatchRun, type DeliveryContext, type DeliveryPort } from "./batch-run.ts";
export { type FlyingBatch, InFlight } from "./in-flight.ts";
export { Outage } from "./outage.ts";
export { type FailedAttempt, type RetryLimits, RetryPolicy } from "./retry-policy.ts";
export { ServerHold } from "./server-hold.ts";
