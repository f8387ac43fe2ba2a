/** Options of `DeliveryError`. */
export interface DeliveryErrorOptions {
  /** Whether trying again makes sense. Default true. */
  readonly retryable?: boolean;
  /** How long the receiver asked to be left alone, in milliseconds. Holds the whole sink. */
  readonly afterMs?: number | undefined;
  /** The error behind it; never passed on to diagnostics. */
  readonly cause?: unknown;
}

/**
 * What `deliver` may throw to say more than "it failed". Anything else that it throws is retried.
 *
 * The message goes to diagnostics, which are not redacted: name the status, never a record or the receiver's text.
 * Recognised by its shape (`retryable`, `afterMs`), so that two copies of this package get on.
 */
export class DeliveryError extends Error {
  override readonly name = "DeliveryError";
  /** Whether the batch is tried again; if not, all of it is lost. */
  readonly retryable: boolean;
  /** See `DeliveryErrorOptions`. */
  readonly afterMs: number | undefined;

  constructor(message: string, options: DeliveryErrorOptions = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.retryable = options.retryable ?? true;
    this.afterMs = options.afterMs;
  }
}
