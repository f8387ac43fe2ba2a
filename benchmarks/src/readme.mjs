// node src/readme.mjs: writes the table in the repository's README.md from results/latest.json. A test compares the two.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { overview, ratioText } from "./report.mjs";
import { latestResults } from "./results.mjs";

const BEGIN = "<!-- benchmarks: from benchmarks/results/latest.json -->";
const END = "<!-- /benchmarks -->";
const WORKLOADS = ["W2", "W3", "W4", "W5", "W6"];
const PEERS = [
  "dagstack, default",
  "dagstack, sync",
  "pino, sync",
  "winston, console",
  "LogTape, stream file",
  "console.log",
];

const readmeFile = fileURLToPath(new URL("../../README.md", import.meta.url));

/** The table with what is needed to judge it. */
export function readmeSection(results) {
  const contests = WORKLOADS.flatMap((name) => results.contests.find((contest) => contest.name === name) ?? []);
  const burst = results.contests.find(({ name }) => name === "otlp")?.rows ?? [];
  const ours = burst.find(({ name }) => name === "dagstack, OTLP");
  const theirs = burst.find(({ name }) => name === "OpenTelemetry SDK, default");
  const sentences = [
    "CPU time per record, as a multiple of pino's with its synchronous destination. Less is better; ours are sorted, redacted",
    "lines with scope and resource.",
    ...(ours?.cpu === undefined
      ? []
      : [
          `In a burst to an OTLP receiver: ${ratioText(ours.cpu.ratio)} times OpenTelemetry's SDK; records lost: ${ours.lost}, by the SDK ${theirs.lost}.`,
        ]),
    `${results.date}, ${results.machine}, \`${results.command}\`;`,
    "[method](benchmarks/README.md), [all figures](benchmarks/results/latest.md).",
  ];
  return `${overview(contests, PEERS)}\n\n${sentences.join("\n")}`;
}

/** @throws Error when the text lacks the markers. */
export function replaceSection(text, section) {
  const [start, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (start === -1 || end < start) throw new Error(`README.md lacks ${BEGIN} … ${END}`);
  return `${text.slice(0, start + BEGIN.length)}\n${section}\n${text.slice(end)}`;
}

/** The README as it should be. */
export const currentReadme = () => replaceSection(readFileSync(readmeFile, "utf8"), readmeSection(latestResults()));

export const writeReadme = () => writeFileSync(readmeFile, currentReadme());

if (process.argv[1] === fileURLToPath(import.meta.url)) writeReadme();
