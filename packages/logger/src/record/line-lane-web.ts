import type { LineLane } from "./line-lane.ts";

/** In browsers and at the edge few sinks take lines, and every byte of code is downloaded. */
export function createLineLane(): LineLane | null {
  return null;
}
