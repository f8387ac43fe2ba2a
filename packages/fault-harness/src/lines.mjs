// Reading what came out: JSON lines, their bodies, and whether they are the records 0 … total-1.
import { existsSync, readFileSync } from "node:fs";

/**
 * The text of a file, or none if it is not there.
 *
 * @param {string} path
 */
export const textOf = (path) => (existsSync(path) ? readFileSync(path, "utf8") : "");

/**
 * The objects of JSON lines among other text.
 *
 * @param {string} text
 */
export function jsonLines(text) {
  const found = [];
  for (const line of text.split("\n")) {
    if (!line.startsWith("{")) continue;
    try {
      found.push(JSON.parse(line));
    } catch {
      // a source line in a printed stack that happens to begin with a brace; no line of ours
    }
  }
  return found;
}

/**
 * The bodies of lines; `undefined` stands for a line that is torn.
 *
 * @param {string} text
 * @returns {unknown[]}
 */
export function bodiesIn(text) {
  const lines = text.split("\n");
  const rest = lines.pop();
  const bodies = lines.map((line) => {
    try {
      return JSON.parse(line).body;
    } catch {
      return undefined; // torn: no scenario takes it for a record
    }
  });
  return rest === "" ? bodies : [...bodies, undefined];
}

/**
 * How many of the records 0 … total-1 a text holds, in order and each on a line of its own. -1 says that there is
 * something else in it: a torn line, one twice, the wrong order. An empty line is nothing: the last words of a process begin with
 * a line end where what is stuck in its stderr may have left half a line.
 *
 * @param {string} text
 * @param {number} total
 */
export function recordsIn(text, total) {
  let before = -1;
  const bodies = bodiesIn(text.replaceAll(/^\n/gm, ""));
  for (const body of bodies) {
    if (typeof body !== "number" || !Number.isInteger(body) || body <= before || body >= total) return -1;
    before = body;
  }
  return bodies.length;
}
