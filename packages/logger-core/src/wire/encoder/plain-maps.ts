import { isPlain } from "../../value/index.ts";

const EMPTY = {};

/**
 * Whether every object seems to have members that are not its own, since `Object.prototype` has enumerable ones. The
 * reader must not be used then.
 */
export function isPrototypePolluted(): boolean {
  for (const _ in EMPTY) return true;
  return false;
}

/** Whether attribute maps can be read: each plain, null or undefined. */
export function arePlain(maps: readonly unknown[]): boolean {
  for (let at = 0; at < maps.length; at++) {
    const map = maps[at];
    if (map !== undefined && map !== null && !isPlain(map)) return false;
  }
  return true;
}
