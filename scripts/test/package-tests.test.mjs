import { deepEqual, equal, match } from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { packageTests } from "../checks/package-tests.mjs";
import { Tally } from "../checks/tally.mjs";

const GREEN = JSON.stringify({
  success: true,
  numPassedTests: 2,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [{ status: "passed", assertionResults: [] }],
});

/** Packages whose script `test` is the code, run by Node after it has written a green report. */
async function run(codes, options) {
  const folder = mkdtempSync(join(tmpdir(), "dagstack-tests-"));
  try {
    const packages = codes.map((code, index) => {
      const path = join(folder, `p${index}`);
      mkdirSync(join(path, "test-results"), { recursive: true });
      const write = `require("node:fs").writeFileSync("test-results/vitest.json", ${JSON.stringify(GREEN)});`;
      if (code.report === "old") writeFileSync(join(path, "test-results", "vitest.json"), GREEN);
      writeFileSync(join(path, "test.cjs"), `${code.report === "old" ? "" : write}\n${code.body ?? ""}`);
      return { path, manifest: { name: `p${index}`, scripts: { test: "node test.cjs" } } };
    });
    const tally = new Tally();
    await packageTests(tally, { packages, ...options?.(folder) });
    const said = packages.map(({ path }) => readOr(join(path, "said")));
    return { tally, said };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function readOr(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined; // it said nothing
  }
}

const say = (expression) => `require("node:fs").writeFileSync("said", String(${expression}));`;

test("the tests of all packages are counted", async () => {
  const { tally } = await run([{}, {}, {}]);
  deepEqual([tally.passed, tally.failed], [6, 0]);
});

test("a script that fails after a green vitest is a failure", async () => {
  const { tally } = await run([{ body: "console.log('not conforming'); process.exit(1)" }, {}]);
  deepEqual([tally.passed, tally.failed], [4, 1]);
  match(tally.failures[0].title, /^p0: /);
  match(tally.failures[0].detail, /not conforming/);
});

test("a report of an earlier run is none", async () => {
  const { tally } = await run([{ report: "old" }]);
  deepEqual([tally.passed, tally.failed], [0, 1]);
});

test("two packages run at a time, no more", async () => {
  const times = (ms) => ({
    body: `const from = Date.now(); setTimeout(() => { ${say("[from, Date.now()].join()")} }, ${ms})`,
  });
  const { said } = await run([times(600), times(600), times(100)]);
  const [first, second, third] = said.map((text) => text.split(",").map(Number));
  equal(second[0] < first[1] && first[0] < second[1], true);
  equal(third[0] >= Math.min(first[1], second[1]), true);
});

test("settings for OpenTelemetry do not reach the tests", async () => {
  process.env.OTEL_SDK_DISABLED = "true";
  try {
    const { said } = await run([{ body: say("process.env.OTEL_SDK_DISABLED") }]);
    deepEqual(said, ["undefined"]);
  } finally {
    delete process.env.OTEL_SDK_DISABLED;
  }
});

test("scripts find `node` in the given folder first", { skip: process.platform === "win32" }, async () => {
  const { said } = await run([{}], (folder) => {
    writeFileSync(join(folder, "node"), `#!/bin/sh\necho another node > said\nexec "${process.execPath}" "$@"\n`, {
      mode: 0o755,
    });
    return { firstOnPath: [folder] };
  });
  deepEqual(said, ["another node\n"]);
});
