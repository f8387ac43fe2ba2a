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
  readonly performance?: Performance;
  readonly process?: { getBuiltinModule?(name: string): unknown };
}

const host = globalThis as unknown as Host;

/** Undefined if all that there is belongs to a test that was there first. */
const taken: Timers | undefined = [host, builtin<Timers>("node:timers")]
  .map(genuine)
  .find((timers) => timers !== undefined);

/** What the runtime had when the package was loaded. */
export const hostTime: HostTime = {
  isOwnDate: isNative,
  monotonicMs: monotonicClock(),
  startTimer(callback, delayMs, holdProcess) {
    // Timers of a test end with it: whatever is there at the time is better than those.
    const timers = taken ?? host;
    return delayMs > 0 || timers.setImmediate === undefined
      ? startTimeout(timers, callback, delayMs, holdProcess)
      : startImmediate(timers, callback, holdProcess);
  },
};

/** A copy of what nobody has replaced; fake timers of sinon, vitest and jest have a clock, others another name. */
function genuine(timers: Timers | undefined): Timers | undefined {
  const names = ["setTimeout", "clearTimeout", "setImmediate", "clearImmediate"] as const;
  const found = names.flatMap((name) => (typeof timers?.[name] === "function" ? [[name, timers[name]] as const] : []));
  const isGenuine = found.every(
    ([name, timer]) => timer.name === name && !("clock" in timer || "_isMockFunction" in timer),
  );
  return found.length >= 2 && isGenuine ? (Object.fromEntries(found) as unknown as Timers) : undefined;
}

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
  const own = isNative(host.performance?.now) ? host.performance : undefined;
  const performance = builtin<{ readonly performance?: Performance }>("node:perf_hooks")?.performance ?? own;
  if (performance === undefined) return () => host.performance?.now() ?? Date.now();
  const prototype = Object.getPrototypeOf(performance) as Partial<Performance> | null;
  const now = prototype?.now ?? performance.now;
  return () => now.call(performance);
}

/** A module of Node, where there is one. */
function builtin<Module>(name: string): Module | undefined {
  try {
    return host.process?.getBuiltinModule?.(name) as Module | undefined;
  } catch {
    return undefined; // a runtime that refuses has the global functions
  }
}

function isNative(value: unknown): boolean {
  if (typeof value !== "function" || value.name !== "now") return false;
  return /\[native code\]/.test(Function.prototype.toString.call(value));
}
