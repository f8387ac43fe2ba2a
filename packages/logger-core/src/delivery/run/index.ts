export { BatchRun } from "./batch-run.ts";
export type { DeliveryContext, DeliveryPort, Letter } from "./delivery-port.ts";
export { type FlyingBatch, InFlight } from "./in-flight.ts";
export { Outage } from "./outage.ts";
export { type FailedAttempt, type RetryLimits, RetryPolicy } from "./retry-policy.ts";
