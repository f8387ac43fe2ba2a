import { type ArchiveSet, FRONT, type Place } from "./archive-set.ts";

/**
 * Makes room in the front of many archives, so that setting one more aside moves few of them however many there are. Beyond
 * the front, numbers are divided into zones, each as long as all before it, with its files at its far end. Whenever a
 * zone is full, all that is in it goes to the next one: a file is moved once for each zone, and the order stays the same.
 */
export function makeRoom(set: ArchiveSet): void {
  empty(set, 0);
}

/** The first number of a zone and the one after its last. */
function bounds(zone: number): readonly [start: number, end: number] {
  return zone === 0 ? [1, FRONT + 1] : [FRONT * 2 ** (zone - 1) + 1, FRONT * 2 ** zone + 1];
}

/** Moves all that is in a zone to the next, which is emptied first if it would not hold it. */
function empty(set: ArchiveSet, zone: number): void {
  const moving = placesOf(set, zone);
  let staying = placesOf(set, zone + 1);
  const [start, end] = bounds(zone + 1);
  const room = end - start - staying.filter(({ isForeign }) => isForeign).length;
  if (taken(moving).length + taken(staying).length > room) {
    empty(set, zone + 1);
    staying = placesOf(set, zone + 1);
  }
  const foreign = new Set(staying.filter(({ isForeign }) => isForeign).map(({ number }) => number));
  let free = end - 1;
  // From the far end, so that each goes to a number that is free by then, and none overtakes another.
  for (const place of [...taken(moving), ...taken(staying)].reverse()) {
    while (foreign.has(free)) free--;
    if (place.number !== free) set.move(place, free);
    free--;
  }
}

function placesOf(set: ArchiveSet, zone: number): readonly Place[] {
  const [start, end] = bounds(zone);
  return Array.from({ length: end - start }, (_, index) => set.at(start + index));
}

/** A number that something foreign has as well stays where it is. */
function taken(places: readonly Place[]): readonly Place[] {
  return places.filter(({ files, isForeign }) => files.length > 0 && !isForeign);
}
