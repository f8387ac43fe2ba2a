import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { currentReadme, readmeSection, replaceSection } from "../src/readme.mjs";
import { latestResults, renderResults, resultsFolder } from "../src/results.mjs";

describe("committed results", () => {
  const rendered = renderResults(latestResults());
  test.each(Object.keys(rendered))("results/%s is what latest.json makes", (name) => {
    expect(readFileSync(join(resultsFolder, name), "utf8")).toBe(rendered[name]);
  });

  test("the README of the repository shows what latest.json holds (else: npm run bench, or node src/readme.mjs)", () => {
    expect(readFileSync(new URL("../../README.md", import.meta.url), "utf8")).toBe(currentReadme());
  });

  test("every record that we lost was reported, and every line was right", () => {
    const rows = latestResults().contests.flatMap((contest) => contest.rows);
    expect(rows.filter(({ name, lost, reported }) => name.startsWith("dagstack") && lost !== reported)).toEqual([]);
    expect(rows.filter(({ faults = [], error }) => error !== undefined || faults.length > 0)).toEqual([]);
  });
});

const results = {
  date: "2026-01-02",
  machine: "2 cores",
  command: "npm run bench",
  contests: [
    { name: "W2", title: "three", rows: [{ name: "dagstack, sync", cpu: { ratio: 0.5 } }] },
    {
      name: "otlp",
      title: "burst",
      rows: [
        { name: "OpenTelemetry SDK, default", lost: 7 },
        { name: "dagstack, OTLP", cpu: { ratio: 0.4 }, lost: 0 },
      ],
    },
  ],
};

test("the README's section is ratios, date, machine and command", () => {
  const section = readmeSection(results);
  expect(section).toContain("| W2: three | — | 0.50 | — | — | — | — |");
  expect(section).toContain("0.40 times OpenTelemetry's SDK; records lost: 0, by the SDK 7.");
  expect(section).toContain("2026-01-02, 2 cores, `npm run bench`");
});

test("only what lies between the markers is replaced", () => {
  const text = "a\n<!-- benchmarks: from benchmarks/results/latest.json -->\nold\n<!-- /benchmarks -->\nz\n";
  expect(replaceSection(text, "new")).toBe(text.replace("old", "new"));
});

test("a README without markers is an error", () => {
  expect(() => replaceSection("text", "new")).toThrow("lacks");
});
