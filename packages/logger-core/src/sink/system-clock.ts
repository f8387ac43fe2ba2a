import { type Clock, type Timer, toUnixNano, type WallTime } from "./clock.ts";
import { type HostTime, hostTime } from "./host-time.ts";
import { TimerList } from "./timer-list.ts";

const NANOS_PER_MS = 1_000_000;
const MS_PER_SECOND = 1000;

/**
 * A clock on those of the runtime.
 *
 * The wall clock is the one that the program sees, whoever set it. `Date.now()` follows its steps but ticks in
 * milliseconds; the part below comes from the monotonic clock since that millisecond was first seen, and while it lasts
 * `Date.now()` need not be asked. A wall clock that falls behind by under a second is held at last + 1 (§1.2).
 */
export function createSystemClock({ isOwnDate, monotonicMs: readMonotonic, startTimer }: HostTime): Clock {
  /** The runtime's own, and one that is not, as far as they were met. */
  let ownNow: (() => number) | undefined;
  let foreignNow: (() => number) | undefined;
  /** The last reading. */
  const last: WallTime = { ms: 0, nanos: 0 };
  /** In one object, whose numbers V8 changes in place: as variables each change would leave one for the collector. */
  const state = {
    /** The last answer of the wall clock, and when it was first given. */
    currentMs: Number.NaN,
    currentMsStart: Number.NEGATIVE_INFINITY,
    /** The last answer of the monotonic clock, and what is added to it. */
    raw: Number.NEGATIVE_INFINITY,
    offsetMs: 0,
  };
  const timers = new TimerList(startTimer);

  /** A monotonic clock that begins anew, as in a start-up snapshot, goes on where it was. */
  const beginAnew = (raw: number): void => {
    state.offsetMs += state.raw - raw;
    state.currentMsStart = Number.NEGATIVE_INFINITY;
  };

  const monotonicMs = (): number => {
    const raw = readMonotonic();
    if (raw < state.raw) beginAnew(raw);
    state.raw = raw;
    return raw + state.offsetMs;
  };

  const isOwnNow = (): boolean => {
    const { now } = Date;
    if (now !== ownNow && now !== foreignNow) {
      if (isOwnDate(now)) ownNow = now;
      else foreignNow = now;
    }
    return now === ownNow;
  };

  const readInto = (time: WallTime): void => {
    const raw = readMonotonic();
    if (raw < state.raw) beginAnew(raw);
    state.raw = raw;
    let below = raw - state.currentMsStart;
    if (below >= 1 || Date.now !== ownNow) {
      const isOwn = isOwnNow();
      const now = readDate(last.ms);
      // To somebody else's clock, which stands or jumps as he likes, nothing is added, and it is asked each time.
      if (now !== state.currentMs || !isOwn) {
        state.currentMs = now;
        state.currentMsStart = isOwn ? raw : Number.NEGATIVE_INFINITY;
        below = 0;
      }
      timers.notice(raw + state.offsetMs);
    }
    let ms = state.currentMs;
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
  };

  const reading: WallTime = { ms: 0, nanos: 0 };
  return Object.freeze({
    now(): bigint {
      readInto(reading);
      return toUnixNano(reading);
    },
    readInto,
    monotonicMs,
    schedule: (callback: () => void, delayMs: number, holdProcess = false): Timer =>
      timers.add(callback, delayMs, holdProcess, monotonicMs()),
  });
}

/** What the program's wall clock says; one that fails or talks nonsense stands still. */
function readDate(before: number): number {
  try {
    const now = Math.floor(Date.now());
    return now >= 0 ? now : before;
  } catch {
    return before; // nothing is lost: a log call must not fail because somebody's clock does
  }
}

/** The real clock. */
export const systemClock: Clock = /* @__PURE__ */ createSystemClock(hostTime);
