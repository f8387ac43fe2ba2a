/** Time as the packages see it, so that tests can own it. */
export interface Clock {
  /** Wall clock in nanoseconds since the Unix epoch. Does not run backwards by less than a second (§1.2). */
  now(): bigint;
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

const NANOS_PER_MS = 1_000_000n;
const NANOS_PER_SECOND = 1_000_000_000n;

let currentMs = 0;
let currentMsNanos = 0n;
let currentMsStart = 0;
let lastNanos = 0n;

/**
 * `Date.now()` follows clock steps but ticks in milliseconds; the part below comes from the monotonic clock since that
 * millisecond was first seen. A wall clock that falls behind by under a second is held at last + 1 (§1.2).
 */
function wallClockNanos(): bigint {
  const ms = Date.now();
  const monotonic = performance.now();
  if (ms !== currentMs) {
    currentMs = ms;
    currentMsNanos = BigInt(ms) * NANOS_PER_MS;
    currentMsStart = monotonic;
  }
  const below = Math.min(999_999, Math.floor((monotonic - currentMsStart) * 1e6));
  let nanos = currentMsNanos + BigInt(below);
  if (nanos <= lastNanos && lastNanos - nanos < NANOS_PER_SECOND) nanos = lastNanos + 1n;
  lastNanos = nanos;
  return nanos;
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
  monotonicMs: (): number => performance.now(),
  schedule(callback: () => void, delayMs: number, holdProcess = false): Timer {
    if (delayMs <= 0 && typeof setImmediate === "function") return nextTurn(callback, holdProcess);
    const handle = setTimeout(callback, delayMs);
    if (!holdProcess) (handle as unknown as NodeTimer).unref?.();
    return { cancel: () => clearTimeout(handle) };
  },
});
