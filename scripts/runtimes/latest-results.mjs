// The last result of each cell, kept beside the tools: docs/runtimes.md can be written from several runs.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { cacheFolder } from "./tools.mjs";

const file = join(cacheFolder, "results.json");

/** `{ cell: { results, logtape, left } }`. */
export function latestResults() {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
}

export function keepResult(cell, { results, logtape, left }) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ ...latestResults(), [cell]: { results, logtape, left } }, null, 1));
}
