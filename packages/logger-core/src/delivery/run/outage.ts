import type { SinkAccount } from "../../accounting/index.ts";
import type { DeliveryFailure } from "../outcome/index.ts";

/**
 * The time from the first failed attempt to the first delivery after it. Says so once at its start and once at its end,
 * however many attempts lie between: an outage of an hour is two diagnostics.
 */
export class Outage {
  readonly #sinkId: string;
  readonly #account: SinkAccount;
  #lasts = false;

  constructor(sinkId: string, account: SinkAccount) {
    this.#sinkId = sinkId;
    this.#account = account;
  }

  /** An attempt failed and will be repeated. */
  failed(failure: DeliveryFailure): void {
    if (!this.#lasts) this.#account.error(new Error(`delivery will be tried again: ${failure.text}`), failure.type);
    this.#lasts = true;
  }

  /** An attempt failed and the batch was given up; that loss has been reported. */
  gaveUp(): void {
    this.#lasts = true;
  }

  /** Something was delivered. */
  delivered(): void {
    if (!this.#lasts) return;
    this.#lasts = false;
    this.#account.diagnostic({ event: "sink_recovered", sinkId: this.#sinkId });
  }
}
