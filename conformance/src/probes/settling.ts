/** Where records are, and time for them to get there. */
import type { Station } from "../station/index.ts";

const TRY_EVERY_MS = 100;

/** Those of the records that are not at the destination. */
export async function missing(station: Station, numbers: readonly number[]): Promise<number[]> {
  const arrived = new Set(await station.deliveredNumbers());
  return numbers.filter((n) => !arrived.has(n));
}

/** Lets time pass until everything accepted is at the destination or was told lost; whether it came to that. */
export function accounted(station: Station, ms: number): Promise<boolean> {
  return station.time.until(
    async () => (await station.deliveredNumbers()).length + station.lost >= station.accepted,
    ms + station.time.graceMs,
  );
}

/**
 * Emits a record now and then until one arrives; whether one did. A sink may leave a destination alone for a moment
 * after a failure, and lose what comes then.
 */
export function goesOn(station: Station, ms: number): Promise<boolean> {
  const { clock } = station.time;
  const startMs = clock.monotonicMs();
  const emitted: number[] = [];
  return station.time.until(async () => {
    if (clock.monotonicMs() >= startMs + emitted.length * TRY_EVERY_MS) emitted.push(...station.emit());
    return (await missing(station, emitted)).length < emitted.length;
  }, ms);
}
