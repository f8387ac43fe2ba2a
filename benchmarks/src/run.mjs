// node src/run.mjs [--quick] [--only W2,W3,…] [--peers "dagstack, sync;pino, sync"] [--rounds 5] [--ms 500] [--out folder]
// Compares us with other loggers; README.md says what the figures mean. A complete run replaces what is in results/ and the table in the root README.
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { parseArgs } from "node:util";
import { compare, sustain } from "./compare.mjs";
import { contests } from "./contests.mjs";
import { parentOfLogs } from "./jobs.mjs";
import { machineClass, peerVersions, revision } from "./machine.mjs";
import { writeReadme } from "./readme.mjs";
import { overview, report } from "./report.mjs";
import { resultsFolder, writeResults } from "./results.mjs";

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string" },
    peers: { type: "string" },
    rounds: { type: "string" },
    ms: { type: "string" },
    out: { type: "string" },
  },
});

/** Every peer once and briefly: it works, and its lines are right. Times mean nothing then. */
const QUICK = { rounds: 1, ms: 20, warmUpMs: 5, records: 4_000, tenth: 4_000, together: availableParallelism() };
const FULL = { rounds: 5, ms: 500, warmUpMs: 400, records: 200_000, tenth: 1_000_000, together: 1 };
const QUICK_CONTESTS = [
  "W1",
  "W2",
  "W3",
  "W3r",
  "W4",
  "W5",
  "W6",
  "records",
  "deep",
  "sinks",
  "import",
  "otlp",
  "sustained",
];

function numberOption(name, fallback) {
  const number = values[name] === undefined ? fallback : Number(values[name]);
  if (!Number.isInteger(number) || number < 1) throw new Error(`--${name} takes a whole number from 1`);
  return number;
}

/** The contests chosen, with the rows chosen; the row that ratios are taken against always stays. */
function chosenContests(only) {
  const known = [...contests.map(({ name }) => name), "sustained"];
  const unknown = only?.filter((name) => !known.includes(name)) ?? [];
  if (unknown.length > 0) throw new Error(`no contest is called ${unknown.join(", ")}; there are ${known.join(", ")}`);
  const wanted = values.peers?.split(";").map((name) => name.trim());
  const rowsOf = ({ rows, base }) =>
    Object.fromEntries(
      Object.entries(rows).filter(([name]) => wanted === undefined || name === base || wanted.includes(name)),
    );
  return contests
    .filter(({ name }) => only?.includes(name) ?? true)
    .map((contest) => ({ ...contest, rows: rowsOf(contest) }))
    .filter(({ rows }) => Object.keys(rows).length > 1);
}

const isOurs = (name) => !/^(pino|winston|LogTape|@logtape|OpenTelemetry|console|no logging)/.test(name);

/** What makes the run fail: a row that broke or wrote wrong lines, and a record that we lost without counting it. Other losses are results. */
function failuresOf(results) {
  const rows = results.contests.flatMap((contest) => contest.rows.map((row) => ({ ...row, contest: contest.name })));
  return [
    ...rows.filter(({ error }) => error).map(({ contest, name, error }) => `${contest}, ${name}: ${error}`),
    ...rows.filter(({ faults = [] }) => faults.length > 0).map((row) => `${row.contest}, ${row.name}: ${row.faults}`),
    ...rows
      .filter(({ name, lost, reported }) => isOurs(name) && lost !== undefined && lost !== reported)
      .map((row) => `${row.contest}, ${row.name}: lost ${row.lost}`),
    ...(results.sustained?.lost > 0 ? [`sustained: lost ${results.sustained.lost}`] : []),
  ];
}

async function main() {
  const defaults = values.quick ? QUICK : FULL;
  const settings = {
    ...defaults,
    rounds: numberOption("rounds", defaults.rounds),
    ms: numberOption("ms", defaults.ms),
  };
  const only = values.only?.split(",") ?? (values.quick ? QUICK_CONTESTS : undefined);
  const isComplete = only === undefined && values.peers === undefined;
  const results = {
    date: new Date().toISOString().slice(0, 10),
    machine: machineClass(),
    loadAtStart: loadavg()[0],
    logs: parentOfLogs() === tmpdir() ? "the temporary folder" : "a file system in memory",
    revision: revision(),
    command: ["npm run bench", ...(process.argv.length > 2 ? ["--", ...process.argv.slice(2)] : [])].join(" "),
    rounds: settings.rounds,
    ms: settings.ms,
    versions: peerVersions(),
    contests: [],
  };
  for (const contest of chosenContests(only)) {
    process.stderr.write(`${contest.name}: ${contest.title} …\n`);
    const table = await compare(contest, settings);
    results.contests.push(table);
    if (!values.quick)
      console.log(
        `${overview(
          [table],
          table.rows.map(({ name }) => name),
        )}\n`,
      );
  }
  if (only?.includes("sustained") ?? isComplete) results.sustained = await sustain(settings.tenth);

  const folder = values.out ?? (isComplete ? resultsFolder : undefined);
  if (folder !== undefined) writeResults(results, folder);
  if (folder === resultsFolder) writeReadme();
  if (!values.quick) console.log(report(results));
  const failures = failuresOf(results);
  for (const failure of failures) console.error(`failed: ${failure}`);
  const rows = results.contests.flatMap((contest) => contest.rows).filter(({ unsupported }) => !unsupported);
  console.log(`${rows.length} comparisons, ${failures.length} failures${folder ? `; written to ${folder}` : ""}`);
  process.exitCode = failures.length === 0 ? 0 : 1;
}

await main();
