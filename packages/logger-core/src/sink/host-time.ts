/**
 * The clocks and timers of the runtime, taken when the package is loaded: what a test installs later, to make time stand
 * still, stops the test's code and not ours.
 */

/** What the system's clock stands on. */
export interface HostTime {
  /** Whether a `Date.now` is the runtime's own. While `Date` has another, somebody else owns the wall clock. */
  readonly isOwnDate: (dateNow: () => number) => boolean;
  /** Milliseconds from an arbitrary start. */
  readonly monotonicMs: () => number;
  /**
   * Starts a timer; the answer stops it. With a delay of 0 it calls back in the next turn of the event loop, if the
   * runtime can tell.
   */
  readonly startTimer: (callback: () => void, delayMs: number, holdProcess: boolean) => () => void;
}

type Handle = { unref?(): void } | number;

interface Timers {
  readonly setTimeout: (callback: () => void, delayMs: number) => Handle;
  readonly clearTimeout: (handle: Handle) => void;
  readonly setImmediate?: (callback: () => void) => Handle;
  readonly clearImmediate?: (handle: Handle) => void;
}

interface Performance {
  now(): number;
}

interface Host extends Timers {
  readonly performance: Performance;
  readonly process?: { getBuiltinModule?(name: string): { readonly performance?: Performance } | undefined };
}

const host = globalThis as unknown as Host;
const taken: Timers = {
  setTimeout: host.setTimeout,
  clearTimeout: host.clearTimeout,
  ...(typeof host.setImmediate === "function" && { setImmediate: host.setImmediate }),
  ...(typeof host.clearImmediate === "function" && { clearImmediate: host.clearImmediate }),
};

const tookFakes = Object.entries(taken).some(([name, timer]) => isFake(name, timer));

/** What the runtime had when the package was loaded. */
export const hostTime: HostTime = {
  isOwnDate: isNative,
  monotonicMs: monotonicClock(),
  startTimer(callback, delayMs, holdProcess) {
    // Timers of a test that was there first end with the test: then those that there are at the time.
    const timers = tookFakes ? host : taken;
    return delayMs > 0 || timers.setImmediate === undefined
      ? startTimeout(timers, callback, delayMs, holdProcess)
      : startImmediate(timers, callback, holdProcess);
  },
};

/** Functions are called as such and not as methods, which browsers refuse. */
function startTimeout(timers: Timers, callback: () => void, delayMs: number, holdProcess: boolean): () => void {
  const { setTimeout, clearTimeout } = timers;
  const handle = setTimeout(callback, delayMs);
  if (!holdProcess) unref(handle);
  return () => clearTimeout(handle);
}

/**
 * An immediate that does not hold the process does not wake an idle event loop either: one set from a timer's callback
 * waits until something else happens. So a timer runs beside it, and whichever comes first calls back.
 */
function startImmediate(timers: Timers, callback: () => void, holdProcess: boolean): () => void {
  const { setImmediate, clearImmediate } = timers;
  const handle = setImmediate?.(callback);
  const stop = (): void => void (handle !== undefined && clearImmediate?.(handle));
  if (holdProcess || handle === undefined) return stop;
  unref(handle);
  const stopTimeout = startTimeout(timers, callback, 1, false);
  return () => {
    stop();
    stopTimeout();
  };
}

function unref(handle: Handle): void {
  if (typeof handle === "object") handle.unref?.();
}

/** Node's own object is not the one that tests replace; a browser's is known by its code; any other is asked each time. */
function monotonicClock(): () => number {
  const performance = builtinPerformance() ?? (isNative(host.performance.now) ? host.performance : undefined);
  if (performance === undefined) return () => host.performance.now();
  const prototype = Object.getPrototypeOf(performance) as Performance;
  const now = typeof prototype?.now === "function" ? prototype.now : performance.now;
  return () => now.call(performance);
}

function builtinPerformance(): Performance | undefined {
  try {
    return host.process?.getBuiltinModule?.("node:perf_hooks")?.performance;
  } catch {
    return undefined; // a runtime that refuses has the global one
  }
}

/** Fake timers say so: those of sinon, vitest and jest have a clock, others another name. */
function isFake(name: string, timer: object): boolean {
  return "clock" in timer || "_isMockFunction" in timer || (timer as { readonly name?: unknown }).name !== name;
}

function isNative(value: unknown): boolean {
  return (
    typeof value === "function" &&
    value.name === "now" &&
    /\[native code\]/.test(Function.prototype.toString.call(value))
  );
}
