export { DeliveryError, type DeliveryErrorOptions } from "./delivery-error.ts";
export {
  type DeliveryOutcome,
  describeThrown,
  type MixedOutcome,
  readOutcome,
  readThrown,
} from "./delivery-outcome.ts";
export { member, shortText } from "./foreign-value.ts";
export type { DeliveryFailure, Losses, Verdict } from "./verdict.ts";
