// Runs contests, round by round, and works out ratios.
import { runJob } from "./jobs.mjs";
import { median, ratioOf, rotated } from "./statistics.mjs";

/**
 * Runs the rows of a contest in every round, beginning with another one each time, so that a slow minute of the machine
 * hits all of them. A row that is not supported or fails is not tried again.
 *
 * @param settings `{ rounds, ms, warmUpMs, records, together }`; `together` jobs run at once, which spoils every time
 * @returns by row: `{ rounds: (result | undefined)[] }` with `error` or `unsupported`
 */
async function runRounds(contest, settings) {
  const rows = Object.fromEntries(Object.keys(contest.rows).map((name) => [name, { rounds: [] }]));
  const runRow = async (name, round) => {
    const row = rows[name];
    if (row.error !== undefined || row.unsupported) return;
    try {
      const { ms, warmUpMs, records } = settings;
      const result = await runJob({ ms, warmUpMs, records, ...contest.rows[name] });
      if (result.unsupported) row.unsupported = true;
      else row.rounds[round] = result;
    } catch (error) {
      row.error = error.message;
    }
  };
  for (let round = 0; round < settings.rounds; round++) {
    const waiting = rotated(Object.keys(rows), round);
    const worker = async () => {
      for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) await runRow(name, round);
    };
    await Promise.all(Array.from({ length: settings.together }, worker));
  }
  return rows;
}

/** One contest's table, as data: see `summarise`. */
export async function compare(contest, settings) {
  return summarise(contest, await runRounds(contest, settings));
}

/** Medians over the rounds, and ratios against the base row. */
export function summarise({ name, title, base, goals = {} }, rows) {
  const baseRounds = rows[base]?.rounds ?? [];
  const table = Object.entries(rows).map(([row, { rounds, unsupported, error }]) => {
    if (unsupported) return { name: row, unsupported };
    if (error !== undefined) return { name: row, error };
    const results = rounds.filter((result) => result !== undefined);
    const medianOf = (key) => median(results.flatMap((result) => result[key] ?? []));
    return {
      name: row,
      cpu: ratioOf(rounds, baseRounds, "cpuNs"),
      caller: ratioOf(rounds, baseRounds, "callNs"),
      cpuNs: medianOf("cpuNs"),
      callNs: medianOf("callNs"),
      bytesPerLine: medianOf("bytesPerLine"),
      lost: sumOf(results, "lost"),
      reported: sumOf(results, "reported"),
      faults: [...new Set(results.flatMap(({ faults = [] }) => faults))],
      goal: goals[row],
    };
  });
  return { name, title, base, rows: table };
}

const sumOf = (results, key) => results.reduce((sum, result) => sum + (result[key] ?? 0), 0);

/** How the last tenth of a long run compares with the first. */
export async function sustain(records) {
  const job = { kind: "sustained", peer: "dagstack, rotated", workload: "W2", records };
  const { segments, lost } = await runJob(job);
  const [first, last] = [segments[0], segments.at(-1)];
  return {
    peer: job.peer,
    recordsPerTenth: records,
    cpuRatio: last.cpuNs / first.cpuNs,
    rssRatio: last.rssBytes / first.rssBytes,
    peakRssBytes: Math.max(...segments.map(({ rssBytes }) => rssBytes)),
    lost,
  };
}
