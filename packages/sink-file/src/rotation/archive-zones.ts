import { type ArchiveSet, FRONT, type Place } from "./archive-set.ts";

/** So many files are moved in one go, or so many numbers looked at: a fraction of a millisecond, on slow disks a few. */
const PIECE_MOVES = 16;
const PIECE_LOOKS = 64;

/**
 * Makes room in the front of many archives, so that setting one more aside moves few of them however many there are. Beyond
 * the front, numbers are divided into zones, each as long as all before it, with its files at its far end. Whenever a
 * zone is full, all that is in it goes to the next one: a file is moved once for each zone, and the order stays the same.
 *
 * Can be done in pieces, between which others rotate or do the same: then answers false, and is to be begun anew.
 */
export function makeRoom(set: ArchiveSet): Generator<undefined, boolean, undefined> {
  return empty(set, 0);
}

/** Whether making room would move no more than so many files. */
export function isRoomCheap(set: ArchiveSet, maxMoves: number): boolean {
  let moving = FRONT;
  for (let zone = 1, moves = moving; moves <= maxMoves; zone++) {
    const [start, end] = bounds(zone);
    let staying = 0;
    for (let number = start; number < end; number++) if (set.at(number).files.length > 0) staying++;
    if (moving + staying <= end - start) return true;
    moves += staying;
    moving = staying;
  }
  return false;
}

/** A file as it was when its move was planned. */
interface Move {
  readonly from: number;
  readonly to: number;
  readonly identity: string;
}

/** The first number of a zone and the one after its last. */
function bounds(zone: number): readonly [start: number, end: number] {
  return zone === 0 ? [1, FRONT + 1] : [FRONT * 2 ** (zone - 1) + 1, FRONT * 2 ** zone + 1];
}

/** Moves all that is in a zone to the next, which is emptied first if it would not hold it. */
function* empty(set: ArchiveSet, zone: number): Generator<undefined, boolean, undefined> {
  const [start, end] = bounds(zone + 1);
  let staying = yield* placesOf(set, zone + 1);
  let moving = yield* placesOf(set, zone);
  const room = end - start - staying.filter(({ isForeign }) => isForeign).length;
  if (taken(moving).length + taken(staying).length > room) {
    if (!(yield* empty(set, zone + 1))) return false;
    staying = yield* placesOf(set, zone + 1);
  }
  // The front is rotated meanwhile: it is looked at and moved in one go.
  if (zone === 0) moving = frontOf(set);
  let moves = 0;
  for (const move of plan(moving, staying, end - 1)) {
    if (!carryOut(set, move)) return false;
    if (zone > 0 && ++moves % PIECE_MOVES === 0) yield;
  }
  return true;
}

/** From the far end, so that each goes to a number that is free by then, and none overtakes another. */
function plan(moving: readonly Place[], staying: readonly Place[], end: number): readonly Move[] {
  const foreign = new Set(staying.filter(({ isForeign }) => isForeign).map(({ number }) => number));
  const moves: Move[] = [];
  let to = end;
  for (const place of [...taken(moving), ...taken(staying)].reverse()) {
    while (foreign.has(to)) to--;
    if (place.number !== to) moves.push({ from: place.number, to, identity: identityOf(place) });
    to--;
  }
  return moves;
}

/** False when another process has been at it since. */
function carryOut(set: ArchiveSet, { from, to, identity }: Move): boolean {
  const place = set.at(from);
  const target = set.at(to);
  if (identityOf(place) !== identity || target.files.length > 0 || target.isForeign) return false;
  set.move(place, to);
  return true;
}

function identityOf({ files }: Place): string {
  return files.map(({ suffix, status }) => `${suffix}:${status.identity}`).join();
}

function* placesOf(set: ArchiveSet, zone: number): Generator<undefined, readonly Place[], undefined> {
  const [start, end] = bounds(zone);
  const places: Place[] = [];
  for (let number = start; number < end; number++) {
    places.push(set.at(number));
    if (places.length % PIECE_LOOKS === 0) yield;
  }
  return places;
}

function frontOf(set: ArchiveSet): readonly Place[] {
  return Array.from({ length: FRONT }, (_, index) => set.at(index + 1));
}

/** A number that something foreign has as well stays where it is. */
function taken(places: readonly Place[]): readonly Place[] {
  return places.filter(({ files, isForeign }) => files.length > 0 && !isForeign);
}
