import { deepEqual, equal } from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Tally } from "../checks/tally.mjs";
import { addVitestReport } from "../checks/vitest-report.mjs";

function tallyOf(report) {
  const folder = mkdtempSync(join(tmpdir(), "dagstack-report-"));
  const file = join(folder, "vitest.json");
  if (report !== undefined) writeFileSync(file, JSON.stringify(report));
  const tally = new Tally();
  addVitestReport(tally, "pkg", file);
  rmSync(folder, { recursive: true });
  return tally;
}

const file = (status, assertionResults, message = "") => ({ name: "a.test.ts", status, assertionResults, message });
const report = (parts) => ({
  success: true,
  numPassedTests: 1,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [file("passed", [])],
  ...parts,
});
const titles = (tally) => tally.failures.map(({ title }) => title);

test("passed tests are counted", () => {
  const tally = tallyOf(report({ numPassedTests: 12 }));
  deepEqual([tally.passed, tally.failed, tally.skipped], [12, 0, 0]);
});

test("a failed test is a failure with its name", () => {
  const failed = { status: "failed", fullName: "adds", failureMessages: ["no"] };
  deepEqual(titles(tallyOf(report({ success: false, testResults: [file("failed", [failed])] }))), ["pkg: adds"]);
});

test("a file that does not load is a failure", () => {
  deepEqual(titles(tallyOf(report({ success: false, testResults: [file("failed", [], "broken")] }))), [
    "pkg: a.test.ts",
  ]);
});

test("a run that fails outside any test is a failure", () => {
  deepEqual(titles(tallyOf(report({ success: false }))), ["pkg: the run failed outside any test"]);
});

test("no report and no test file are failures", () => {
  deepEqual(titles(tallyOf(undefined)), ["pkg: no test report was written"]);
  deepEqual(titles(tallyOf(report({ testResults: [] }))), ["pkg: no test file was found"]);
});

test("skipped and todo tests are told apart from passed ones", () => {
  equal(tallyOf(report({ numPendingTests: 2, numTodoTests: 1 })).skipped, 3);
});

test("rules of the conformance suite that do not apply to a sink are no skipped tests", () => {
  const skipped = [
    { status: "skipped", fullName: "@acme/sink: sink conformance 1.0 FLUSH-02 several at once" },
    { status: "skipped", fullName: "needs root" },
  ];
  equal(tallyOf(report({ numPendingTests: 2, testResults: [file("passed", skipped)] })).skipped, 1);
});
