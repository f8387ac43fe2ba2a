import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { inFolder } from "../src/folder.mjs";

interface Report {
  readonly testResults: readonly [{ readonly assertionResults: readonly TestResult[] }];
}
interface TestResult {
  readonly title: string;
  readonly status: string;
  readonly failureMessages: readonly string[];
}

const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/** The tests of `nested/scenarios`, in a vitest of their own. */
function nestedRun(): Promise<readonly TestResult[]> {
  return inFolder(async (folder) => {
    const report = join(folder, "report.json");
    const vitest = path("../node_modules/vitest/vitest.mjs");
    const args = [vitest, "run", "--root", path("nested"), "--reporter=json", `--outputFile=${report}`];
    await new Promise((resolve) => execFile(process.execPath, args, resolve)); // it fails, as it should: the report says why
    return (JSON.parse(readFileSync(report, "utf8")) as Report).testResults[0].assertionResults;
  });
}

it("fails what does not hold with what was seen, skips what cannot be played, and runs side by side but for those alone", async () => {
  const results = await nestedRun();
  expect(results.map(({ title, status }) => `${title}: ${status}`)).toEqual([
    "first (row 1): the next one beside it: passed",
    "second (row 2): what does not hold: failed",
    "third (row 2): what this machine cannot play: skipped",
    "alone (row 3): no other scenario under way: passed",
  ]);
  expect(results[1]?.failureMessages.join("\n")).toContain("something else, fast");
});
