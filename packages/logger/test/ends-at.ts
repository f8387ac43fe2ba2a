import type { ManualClock } from "@dagstack/logger-core/testing";
import { expect } from "vitest";

/** What a promise resolves to that a deadline ends: it is pending just before `ms` and settled at `ms`. */
export async function endsAt<T>(clock: ManualClock, ms: number, promise: Promise<T>): Promise<T> {
  let ended = false;
  const noted = promise.then(() => {
    ended = true;
  });
  if (ms > 0) {
    await clock.advance(ms - 1);
    expect(ended).toBe(false);
    await clock.advance(1);
  } else {
    await clock.advance(0);
  }
  expect(ended).toBe(true);
  await noted;
  return promise;
}
