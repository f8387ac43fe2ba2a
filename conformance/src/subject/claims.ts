/** What a sink says it does, beyond what every sink must do. Rules about the rest are skipped, by name. */

/** What gives way when a bounded queue is full (§7.1). */
export type OverflowStrategy = "drop_oldest" | "drop_newest" | "block";

/** A bounded queue. `create` must honour `env.settings.overflow` for each strategy claimed. */
export interface OverflowClaim {
  /** The strategies that the sink offers; the first is its default. */
  readonly strategies: readonly OverflowStrategy[];
  /** What the bound counts. With `bytes`, the suite does not compute which record falls out, only that none is uncounted. */
  readonly unit: "records" | "bytes";
  /** Records that `emit` itself hands to a stalled destination before any has to wait. Default 0. */
  readonly inFlight?: number | undefined;
  /** The queue is the destination, as with a ring in memory: it fills up while all is well. Default false. */
  readonly ring?: boolean | undefined;
}

/** The claims of one sink. Each one that is left out is not claimed. */
export interface SinkClaims {
  /** `create` honours `env.settings.minSeverity`: less severe records are ignored without a trace. */
  readonly threshold?: boolean | undefined;
  /** Records may reach the destination after `emit` has returned. */
  readonly buffered?: boolean | undefined;
  /**
   * How long a record may wait for its batch when nothing else happens, in milliseconds; with `buffered`. Default 2000.
   */
  readonly deliversWithinMs?: number | undefined;
  /** How long `close` goes on at most when it ignores the time it is given, in milliseconds. Default 5000. */
  readonly closeTimeoutMs?: number | undefined;
  /** What waits is bounded, and how. */
  readonly overflow?: OverflowClaim | undefined;
  /** Failed deliveries are tried again until the destination works, and nothing is lost meanwhile. */
  readonly retries?: boolean | undefined;
  /** After a flush that says success, the records outlive the process, however it ends. */
  readonly durableFlush?: boolean | undefined;
  /** Has `lineFormat` and `emitLine`. */
  readonly lineLane?: boolean | undefined;
}

/** The name of a claim. */
export type ClaimName = "threshold" | "buffered" | "overflow" | "retries" | "durableFlush" | "lineLane";
