import { expect, test } from "vitest";
import { markdownTable, overview, ratioText, report } from "../src/report.mjs";

const ratio = (value) => ({ ratio: value, low: value - 0.1, high: value + 0.1 });
const contest = {
  name: "W2",
  title: "three attributes",
  base: "pino, sync",
  rows: [
    {
      name: "pino, sync",
      cpu: ratio(1),
      caller: ratio(1),
      cpuNs: 4_000,
      callNs: 3_000,
      bytesPerLine: 300,
      lost: 0,
      faults: [],
    },
    {
      name: "dagstack, sync",
      cpu: ratio(0.5),
      caller: ratio(0.4),
      cpuNs: 2_000,
      callNs: 1_200,
      bytesPerLine: 400,
      lost: 3,
      reported: 2,
      faults: ["torn"],
      goal: 0.75,
    },
    { name: "console.log", unsupported: true },
    { name: "winston, file", error: "exit 1" },
  ],
};
const results = {
  date: "2026-01-02",
  machine: "2 cores",
  loadAtStart: 0.26,
  logs: "memory",
  command: "npm run bench",
  rounds: 5,
  ms: 500,
  versions: { pino: "1.2.3" },
  contests: [contest],
};

test("a ratio has two decimals below ten and one above, and a dash when there is none", () => {
  expect([0.254, 9.994, 9.996, 123.44, undefined].map(ratioText)).toEqual(["0.25", "9.99", "10.0", "123.4", "—"]);
});

test("the first column of a table is aligned to the left, the others to the right", () => {
  expect(markdownTable(["a", "b"], [["x", "1"]])).toBe("| a | b |\n| --- | --: |\n| x | 1 |");
});

test("the overview has a dash for a peer that lacks a workload, failed or did not take part", () => {
  const rows = overview([contest], ["dagstack, sync", "console.log", "winston, file", "nobody"]).split("\n");
  expect(rows.at(-1)).toBe("| W2: three attributes | 0.50 | — | — | — |");
});

test("a row of the details shows ratios, range, goal, times, bytes, losses and what was wrong with its lines", () => {
  expect(report(results)).toContain(
    "| dagstack, sync | 0.50 | 0.40 – 0.60 | ≤ 0.75 | 0.40 | 2000 | 1200 | 400 | 3; 2 of them reported; torn |",
  );
});

test("the report names date, machine, command, versions, and the settings of those who took part only", () => {
  const text = report(results);
  for (const part of [
    "2026-01-02",
    "2 cores (load at the start 0.3)",
    "`npm run bench`",
    "pino 1.2.3",
    "- **pino, sync**",
  ])
    expect(text).toContain(part);
  expect(text).not.toContain("OpenTelemetry SDK");
});

test("the long run is told as ratios, with what was lost", () => {
  const sustained = {
    peer: "p",
    recordsPerTenth: 10,
    cpuRatio: 1.05,
    rssRatio: 1.2,
    peakRssBytes: 3 * 2 ** 20,
    lost: 4,
  };
  const text = report({ ...results, sustained });
  for (const part of ["costs 1.05 times", "is 1.20 times", "at most 3 MiB", "4 records lost"])
    expect(text).toContain(part);
});
