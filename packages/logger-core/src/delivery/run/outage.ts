import type { SinkAccount } from "../../accounting/index.ts";
import type { Timer } from "../../sink/index.ts";
import type { DeliveryFailure } from "../outcome/index.ts";
import type { Waiting } from "../time/index.ts";

/** `sink_recovered` at most so often (§7.4). */
const WINDOW_MS = 10_000;

/**
 * The time from the first failed attempt to the first delivery after it. Says so once at its start and once at its end,
 * however many attempts lie between: an outage of an hour is two diagnostics. An outage that flaps is one as well: what
 * would follow a recovery within ten seconds is told when they are over, as things stand then.
 */
export class Outage {
  readonly #sinkId: string;
  readonly #account: SinkAccount;
  readonly #waiting: Waiting;
  #lasts = false;
  /** Whether its start has been told, and its end has not. */
  #told = false;
  #quietUntilMs = Number.NEGATIVE_INFINITY;
  #telling: Timer | undefined;

  constructor(sinkId: string, account: SinkAccount, waiting: Waiting) {
    this.#sinkId = sinkId;
    this.#account = account;
    this.#waiting = waiting;
  }

  /** An attempt failed and will be repeated. */
  failed(failure: DeliveryFailure): void {
    if (!this.#told) this.#account.error(new Error(`delivery will be tried again: ${failure.text}`), failure.type);
    this.gaveUp();
  }

  /** An attempt failed and the batch was given up; that loss has been reported. */
  gaveUp(): void {
    this.#lasts = true;
    this.#told = true;
  }

  /** Something was delivered. */
  delivered(): void {
    if (!this.#lasts) return;
    this.#lasts = false;
    const quietMs = Math.min(WINDOW_MS, this.#quietUntilMs - this.#waiting.monotonicMs());
    if (quietMs <= 0) this.#tellEnd();
    else this.#telling ??= this.#waiting.schedule(() => this.end(), quietMs);
  }

  /** Tells now what waits to be told: the sink closes, or it is time. */
  end(): void {
    this.#telling?.cancel();
    this.#telling = undefined;
    if (this.#told && !this.#lasts) this.#tellEnd();
  }

  #tellEnd(): void {
    this.#told = false;
    this.#quietUntilMs = this.#waiting.monotonicMs() + WINDOW_MS;
    this.#account.diagnostic({ event: "sink_recovered", sinkId: this.#sinkId });
  }
}
