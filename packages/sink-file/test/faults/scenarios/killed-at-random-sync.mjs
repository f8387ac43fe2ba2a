import { killAtRandom } from "../kill-at-random.mjs";

export const id = "killed-at-random-sync";
export const row = 2;
export const injected = "the same with `sync: true`";
export const promised =
  "0 lost of those whose log call returned; at most one torn last line per kill, healed at the next start";

export const run = (scale) => killAtRandom({ sync: true, scale, tolerated: 0 });
