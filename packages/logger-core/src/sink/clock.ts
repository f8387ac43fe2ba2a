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

const NANOS_PER_MS = 1_000_000;
const NANOS_PER_MS_BIG = 1_000_000n;
const MS_PER_SECOND = 1000;

/** The last reading of the system's clock. */
const last: WallTime = { ms: 0, nanos: 0 };
let currentMs = 0;
let currentMsStart = Number.NEGATIVE_INFINITY;

/**
 * `Date.now()` follows clock steps but ticks in milliseconds; the part below comes from the monotonic clock since that
 * millisecond was first seen, and while it lasts `Date.now()` need not be asked. A wall clock that falls behind by under
 * a second is held at last + 1 (§1.2).
 */
function readSystemClock(time: WallTime): void {
  const monotonic = performance.now();
  let below = monotonic - currentMsStart;
  if (below >= 1) {
    const now = Date.now();
    if (now !== currentMs) {
      currentMs = now;
      currentMsStart = monotonic;
      below = 0;
    }
  }
  let ms = currentMs;
  let nanos = below >= 1 ? NANOS_PER_MS - 1 : Math.floor(below * NANOS_PER_MS);
  const behindMs = last.ms - ms;
  if (behindMs >= 0 && behindMs < MS_PER_SECOND && (behindMs > 0 || nanos <= last.nanos)) {
    nanos = (last.nanos + 1) % NANOS_PER_MS;
    ms = nanos === 0 ? last.ms + 1 : last.ms;
  }
  last.ms = ms;
  last.nanos = nanos;
  time.ms = ms;
  time.nanos = nanos;
}

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

const reading: WallTime = { ms: 0, nanos: 0 };

function wallClockNanos(): bigint {
  readSystemClock(reading);
  return toUnixNano(reading);
}

interface NodeTimer {
  unref?(): void;
}

declare const setImmediate: ((callback: () => void) => NodeTimer) | undefined;
declare const clearImmediate: ((handle: NodeTimer) => void) | undefined;

/**
 * An immediate that does not hold the process does not wake an idle event loop either: one set from a timer's callback
 * waits until something else happens. So a timer runs beside it, and whichever comes first calls back.
 */
function nextTurn(callback: () => void, holdProcess: boolean): Timer {
  if (holdProcess) {
    const handle = setImmediate?.(callback);
    return { cancel: () => handle !== undefined && clearImmediate?.(handle) };
  }
  const cancel = (): void => {
    if (immediate !== undefined) clearImmediate?.(immediate);
    clearTimeout(timeout);
  };
  const run = (): void => {
    cancel();
    callback();
  };
  const immediate = setImmediate?.(run);
  immediate?.unref?.();
  const timeout = setTimeout(run, 1);
  (timeout as unknown as NodeTimer).unref?.();
  return { cancel };
}

/** The real clock. */
export const systemClock: Clock = Object.freeze({
  now: wallClockNanos,
  readInto: readSystemClock,
  monotonicMs: (): number => performance.now(),
  schedule(callback: () => void, delayMs: number, holdProcess = false): Timer {
    if (delayMs <= 0 && typeof setImmediate === "function") return nextTurn(callback, holdProcess);
    const handle = setTimeout(callback, delayMs);
    if (!holdProcess) (handle as unknown as NodeTimer).unref?.();
    return { cancel: () => clearTimeout(handle) };
  },
});
