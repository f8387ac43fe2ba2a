// The results as Markdown.
import { peers } from "./peers/index.mjs";

const NONE = "—";

/** A ratio with as many digits as it is good for. */
export function ratioText(ratio) {
  if (ratio === undefined) return NONE;
  return ratio.toFixed(ratio < 9.995 ? 2 : 1);
}

/** A Markdown table; all columns but the first are aligned to the right unless `left` names them. */
export function markdownTable(head, rows, left = []) {
  const rule = head.map((title, column) => (column === 0 || left.includes(title) ? "---" : "--:"));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

const nanoseconds = (value) => (value === undefined ? NONE : value.toFixed(value < 100 ? 1 : 0));
const milliseconds = (value) => (value === undefined ? NONE : (value / 1e6).toFixed(1));
const spread = (ratio) => (ratio === undefined ? NONE : `${ratioText(ratio.low)} – ${ratioText(ratio.high)}`);

/** Rows are workloads, columns peers, cells CPU ratios against `base`. */
export function overview(contests, columns) {
  const cell = (contest, column) => ratioText(contest.rows.find(({ name }) => name === column)?.cpu?.ratio);
  return markdownTable(
    ["workload", ...columns],
    contests.map((contest) => [`${contest.name}: ${contest.title}`, ...columns.map((column) => cell(contest, column))]),
  );
}

function lostText({ lost, reported, faults }) {
  const known = reported > 0 ? [`${reported} of them reported`] : [];
  return [lost, ...known, ...faults].join("; ");
}

function details(contest) {
  const isImport = contest.name === "import";
  const unit = isImport ? "ms" : "ns";
  const time = isImport ? milliseconds : nanoseconds;
  const head = ["", "CPU", "its range", "goal", "caller", `CPU ${unit}`, `caller ${unit}`, "bytes", "lost"];
  const rows = contest.rows.map((row) => {
    if (row.unsupported) return [row.name, ...Array(head.length - 2).fill(NONE), "lacks it"];
    if (row.error !== undefined) return [row.name, ...Array(head.length - 2).fill(NONE), "failed"];
    return [
      row.name,
      ratioText(row.cpu?.ratio),
      spread(row.cpu),
      row.goal === undefined ? "" : `≤ ${row.goal}`,
      ratioText(row.caller?.ratio),
      time(row.cpuNs),
      time(row.callNs),
      row.bytesPerLine?.toFixed(0) ?? NONE,
      lostText(row),
    ];
  });
  return `### ${contest.name}: ${contest.title}\n\nRatios against ${contest.base}.\n\n${markdownTable(head, rows)}`;
}

function sustainedText({ peer, recordsPerTenth, cpuRatio, rssRatio, peakRssBytes, lost }) {
  const peak = peakRssBytes / 2 ** 20;
  return `### sustained: W2, ten times ${recordsPerTenth} records

${peer}, in one process. The last tenth costs ${ratioText(cpuRatio)} times the CPU of the first (goal ≤ 1.10); memory
after it is ${ratioText(rssRatio)} times that after the first, at most ${peak.toFixed(0)} MiB; ${lost} records lost.`;
}

/** The whole report. */
export function report(results) {
  const lines = results.contests.filter(({ base }) => base === "pino, sync");
  const columns = lines.find(({ name }) => name === "W2")?.rows.map(({ name }) => name) ?? [];
  const used = new Set(results.contests.flatMap((contest) => contest.rows.map(({ name }) => name)));
  const settings = Object.entries(peers).filter(([name]) => used.has(name));
  const versions = Object.entries(results.versions).map(([name, version]) => `${name} ${version}`);
  const load = results.loadAtStart === undefined ? "" : ` (load at the start ${results.loadAtStart.toFixed(1)})`;
  const parts = [
    "# Results",
    `${results.date}, ${results.machine}${load}; logs in ${results.logs}; revision ${results.revision ?? "unknown"}. Peers: ${versions.join(", ")}.`,
    `Command: \`${results.command}\` (${results.rounds} rounds of ${results.ms} ms). [How to read this](../README.md)`,
  ];
  if (columns.length > 0) {
    parts.push("## CPU per record, pino's synchronous destination = 1", "![CPU per record](latest.svg)");
    const overviewed = lines.filter(({ name }) => name.startsWith("W") && !name.startsWith("W1"));
    parts.push(overview(overviewed, columns));
  }
  parts.push("## Everything", ...results.contests.map(details));
  if (results.sustained !== undefined) parts.push(sustainedText(results.sustained));
  if (settings.length > 0)
    parts.push("## Settings", settings.map(([name, peer]) => `- **${name}**: ${peer.settings}`).join("\n"));
  return `${parts.join("\n\n")}\n`;
}
