import { existsSync, readFileSync } from "node:fs";

const firstLines = (text, count) => text.split("\n").slice(0, count).join("\n");

/** Of a test that ran out of time, vitest's report has a stack and no message. */
function failureText(messages) {
  return firstLines(
    messages.join("\n").replace("Error: STACK_TRACE_ERROR", "no message: the test ran out of time"),
    30,
  );
}

/** Rules of the conformance suite that say nothing about a sink: its certificate lists them, with the reasons. */
function rulesNotApplicable({ testResults }) {
  return testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status, fullName }) => status === "skipped" && /: sink conformance \d/.test(fullName)).length;
}

/** Adds the counts of one vitest JSON report. No report means that vitest did not get that far: one failure, with its `output`. */
export function addVitestReport(tally, name, file, output = "") {
  if (!existsSync(file)) {
    tally.fail(`${name}: no test report was written`, output);
    return;
  }
  const failedBefore = tally.failed;
  const report = JSON.parse(readFileSync(file, "utf8"));
  tally.pass(report.numPassedTests);
  const skipped = report.numPendingTests + report.numTodoTests - rulesNotApplicable(report);
  if (skipped > 0) tally.skip(`${name}: ${skipped} tests skipped by their own conditions`, skipped);
  for (const suite of report.testResults) {
    const failures = suite.assertionResults.filter(({ status }) => status === "failed");
    for (const { fullName, failureMessages } of failures) {
      tally.fail(`${name}: ${fullName}`, failureText(failureMessages));
    }
    // A file that does not load has no failed test of its own.
    if (suite.status === "failed" && failures.length === 0)
      tally.fail(`${name}: ${suite.name}`, firstLines(suite.message, 30));
  }
  if (report.testResults.length === 0) tally.fail(`${name}: no test file was found`);
  else if (!report.success && tally.failed === failedBefore) tally.fail(`${name}: the run failed outside any test`);
}
