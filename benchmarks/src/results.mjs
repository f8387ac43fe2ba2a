// The files in results/: data, and the table and the picture that are made from it.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chart } from "./chart.mjs";
import { report } from "./report.mjs";

export const resultsFolder = fileURLToPath(new URL("../results", import.meta.url));

const CHARTED = ["W2", "W3", "W3r", "W4", "W5", "W6", "W9-16", "W9-64"];
const PEERS = [
  "dagstack, default",
  "dagstack, sync",
  "pino, sync",
  "pino, buffered",
  "winston, console",
  "winston, file",
  "LogTape, stream file",
  "console.log",
];

/** Three significant digits: more would be noise, and noise makes diffs. */
const rounded = (_key, value) =>
  typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(3)) : value;

export function latestResults() {
  return JSON.parse(readFileSync(join(resultsFolder, "latest.json"), "utf8"));
}

/** The contents of the three files, by name. */
export function renderResults(results) {
  const json = `${JSON.stringify(results, rounded, 2)}\n`;
  const read = JSON.parse(json);
  const charted = read.contests.filter(({ name }) => CHARTED.includes(name));
  const caption = `${read.date}, ${read.machine}; ${read.command}`;
  return { "latest.json": json, "latest.md": report(read), "latest.svg": chart(charted, PEERS, caption) };
}

export function writeResults(results, folder = resultsFolder) {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(renderResults(results))) writeFileSync(join(folder, name), content);
}
