/** A time since the Unix epoch in two numbers that are exact, since nanoseconds in one are not. */
export interface WallTime {
  /** Whole milliseconds. */
  ms: number;
  /** Nanoseconds beyond them, 0 to 999 999. */
  nanos: number;
}

/** Time as the packages see it, so that tests can own it. */
export interface Clock {
  /** Wall clock in nanoseconds since the Unix epoch. Does not run backwards by less than a second (§1.2). */
  now(): bigint;
  /** The same reading without the cost of a bigint, put into `time`. Optional: `readWallTime` does without it. */
  readInto?(time: WallTime): void;
  /** Milliseconds that only grow, from an arbitrary start: for durations and deadlines. */
  monotonicMs(): number;
  /**
   * Calls back once, after `delayMs` (0 = the next turn of the event loop). The timer does not keep the process alive,
   * unless `holdProcess` is true: for the deadline of something that a caller awaits, and for nothing else.
   */
  schedule(callback: () => void, delayMs: number, holdProcess?: boolean): Timer;
}

/** A scheduled callback. */
export interface Timer {
  /** Makes sure the callback will not run (any more). */
  cancel(): void;
}

const NANOS_PER_MS_BIG = 1_000_000n;

/** The time in nanoseconds. */
export function toUnixNano(time: WallTime): bigint {
  return BigInt(time.ms) * NANOS_PER_MS_BIG + BigInt(time.nanos);
}

/** Reads any clock into `time`. */
export function readWallTime(clock: Clock, time: WallTime): void {
  if (clock.readInto !== undefined) {
    clock.readInto(time);
    return;
  }
  const unixNano = clock.now();
  time.ms = Number(unixNano / NANOS_PER_MS_BIG);
  time.nanos = Number(unixNano % NANOS_PER_MS_BIG);
}
