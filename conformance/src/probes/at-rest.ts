/** What most rules begin with: records at the destination, and nothing under way. */
import type { Seen, Station } from "../station/index.ts";

/**
 * What is at the destination after a flush, whatever the flush said: a flush that does not tell the truth has rules of
 * its own. Waits until every record accepted has arrived or was told lost, or the time for that is over.
 *
 * @param unreadable how many records would not be known again at this destination.
 */
export async function atRest(station: Station, unreadable = 0): Promise<Seen[]> {
  await station.flush();
  const { time, claims } = station;
  await time.until(
    async () => (await station.deliveredNumbers()).length + unreadable + station.lost >= station.accepted,
    (claims.deliversWithinMs ?? 2000) + time.graceMs,
  );
  return station.delivered();
}

/** The first delivery of each record, in order of arrival: remote sinks deliver at least once. */
export function firstOfEach(seen: readonly Seen[]): Seen[] {
  const known = new Set<number>();
  return seen.filter(({ n }) => !known.has(n) && known.add(n));
}
