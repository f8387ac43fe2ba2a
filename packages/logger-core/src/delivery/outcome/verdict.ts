/** Why a delivery did not succeed, fit for diagnostics. */
export interface DeliveryFailure {
  /** For the `error_type` label (§12). */
  readonly type: string;
  readonly text: string;
}

/** One record that is lost, by its place in the batch, and why. */
export interface LostIndex {
  readonly index: number;
  readonly text: string;
}

/** How many records of an attempt were lost; those that are neither lost nor tried again were delivered. */
export interface Losses {
  readonly lost: number;
  readonly failure?: DeliveryFailure | undefined;
  /** Those that are known one by one. Left out where only the number is known, or all of the batch is lost. */
  readonly which?: readonly LostIndex[];
}

/** An outcome as the engine acts on it; counts and places are within the batch. */
export type Verdict =
  | ({ readonly status: "settled"; readonly complaint?: DeliveryFailure | undefined } & Losses)
  | {
      readonly status: "retry";
      readonly afterMs: number | undefined;
      readonly failure: DeliveryFailure;
      /** Only these are tried again, in ascending order; the others are settled. Default: all of the batch. */
      readonly part?: RetriedPart;
      readonly complaint?: DeliveryFailure | undefined;
    }
  | { readonly status: "split" };

/** Which records of a batch are tried again, and what became of the others. */
export interface RetriedPart {
  readonly indexes: readonly number[];
  readonly others: Losses;
}
