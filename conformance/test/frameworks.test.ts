// The suite as a stranger's tests: each framework in a process of its own, the package as it is built.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

interface Run {
  readonly exitCode: number | null;
  readonly output: string;
}

const RULES = ["SHAPE-01", "SHAPE-03", "FLUSH-01"];
const WAIVED = "waived: its authors count in C";

const folder = fileURLToPath(new URL("frameworks/", import.meta.url));
const require = createRequire(import.meta.url);

/** What to give to Node so that the framework runs `<kind>.spec.mjs`, and where it shows a skip at run time. */
const frameworks = [
  {
    name: "vitest",
    args: (kind: string) => [
      join(require.resolve("vitest/package.json"), "../vitest.mjs"),
      "run",
      "--root",
      `${folder}vitest`,
      "--reporter=verbose",
      kind,
    ],
    skip: new RegExp(`↓ .*SHAPE-03.*${WAIVED}`),
  },
  {
    name: "node:test",
    args: (kind: string) => ["--test", "--test-reporter=tap", `${folder}node-test/${kind}.spec.mjs`],
    skip: new RegExp(`^ *ok .*SHAPE-03.* # SKIP ${WAIVED}$`, "m"),
  },
  {
    name: "jest", // cannot skip a test that runs: the line is a warning
    args: (kind: string) => [
      "--experimental-vm-modules",
      join(require.resolve("jest/package.json"), "../bin/jest.js"),
      `--config=${folder}jest/jest.config.mjs`,
      "--verbose",
      kind,
    ],
    skip: new RegExp(`console.warn\\s+a sink with a waiver: SHAPE-03.*${WAIVED}`),
  },
  {
    name: "mocha",
    args: (kind: string) => [
      join(require.resolve("mocha/package.json"), "../bin/mocha.js"),
      `${folder}mocha/${kind}.spec.mjs`,
    ],
    skip: new RegExp(`^ *- SHAPE-03.*${WAIVED}`, "m"),
  },
];

function run(args: readonly string[]): Promise<Run> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(VITEST|TEST$|NODE_|FORCE_COLOR)/.test(name));
  const env = { ...Object.fromEntries(inherited), NO_COLOR: "1" };
  const child = spawn(process.execPath, args, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (output += text));
  return new Promise((resolve) => child.on("close", (exitCode) => resolve({ exitCode, output })));
}

describe.each(frameworks)("registerSinkConformance under $name", ({ args, skip }) => {
  test("a sink that keeps the rules: one passing test for each", async () => {
    const { exitCode, output } = await run(args("passing"));
    expect(output).toContain("a sink that passes: sink conformance");
    for (const id of RULES) expect(output).toMatch(new RegExp(`(✓|✔|^ *ok \\d+ -) .*${id} `, "m"));
    expect(output).not.toMatch(/✕|×|not ok|^ *\d+\) /m);
    expect(exitCode).toBe(0);
  });

  test("sinks that do not: the explanation, no stack of the suite, and an exit code", async () => {
    const { exitCode, output } = await run(args("failing"));
    const plain = output.replaceAll(/\s+/g, " ");
    expect(plain).toContain("expected: records 1–10 at the destination once flush said success");
    expect(plain).toContain("happened: records 1–10 were not there");
    expect(plain).toContain("likely cause: flush resolves when it has started a delivery");
    expect(plain).toContain("the subject is at fault: create threw RangeError: no port is free");
    expect(plain).toContain("ConformanceFailure");
    expect(output).not.toMatch(/(lab|station|run|cases\/\w+)\.[jt]s:\d/);
    expect(output).toMatch(skip);
    expect(exitCode).toBeGreaterThan(0); // mocha counts the failures
  });
});
