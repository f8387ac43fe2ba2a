import { killAtRandom } from "../kill-at-random.mjs";

export const id = "killed-at-random";
export const row = 2;
export const injected =
  "`kill -9` at random points while lines of 20 bytes to 300 kB are written; the same file opened again each time";
export const promised = "nothing older than 250 ms lost; at most one torn last line per kill, healed at the next start";

export const run = (scale) => killAtRandom({ sync: false, scale, tolerated: 250 });
