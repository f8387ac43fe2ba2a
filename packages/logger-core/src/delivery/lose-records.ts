import type { SinkAccount } from "../accounting/index.ts";
import type { DeliveryFailure } from "./outcome/index.ts";

/** Counts and reports records that a failure cost. */
export function loseRecords(account: SinkAccount, count: number, failure: DeliveryFailure): void {
  const records = count === 1 ? "1 record" : `${count} records`;
  // In this order: the number is told with the reason.
  account.drop(count, "sink_error");
  account.error(new Error(`${records} lost: ${failure.text}`), failure.type);
}
