import type { Clock, Timer } from "../sink/index.ts";

/** The longest delay that timers of every runtime can hold, about 24.8 days. */
export const MAX_TIMER_MS = 2_147_483_647;

/**
 * Whether a promise settles, either way, before `timeoutMs` is over. Never rejects. Someone awaits the answer, so the
 * process stays alive until then. Without a time, or with one beyond
 * what a timer can hold (24 days) or NaN, it waits for as long as it takes; a negative time counts as 0. A promise that has
 * already settled wins against 0.
 */
export function settlesWithin(
  promise: Promise<unknown>,
  timeoutMs: number | undefined,
  clock: Clock,
): Promise<boolean> {
  return new Promise<boolean>((resolve) => {
    let timer: Timer | undefined;
    const settled = (): void => {
      timer?.cancel();
      resolve(true);
    };
    promise.then(settled, settled);
    if (timeoutMs === undefined || !(timeoutMs <= MAX_TIMER_MS)) return;
    timer = clock.schedule(() => resolve(false), Math.max(0, timeoutMs), true);
  });
}
