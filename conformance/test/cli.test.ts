import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readCommandLine, UsageError } from "../src/command-line/cli-options.ts";
import { showProgress } from "../src/command-line/progress.ts";
import type { RuleOutcome, SinkRule } from "../src/index.ts";
import { sinkRules } from "../src/index.ts";
import { runCli } from "./run-cli.ts";

const PLAIN = fileURLToPath(new URL("subjects/plain.mjs", import.meta.url));
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cli-test-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A module that says this, and its path. */
function moduleFile(name: string, code: string): string {
  const path = join(folder, name);
  writeFileSync(
    path,
    `import { plainSubject, plainSink } from ${JSON.stringify(pathToFileURL(PLAIN).href)};\n${code}\n`,
  );
  return path;
}

describe("exit status 0", () => {
  test("for a sink that conforms, with the report on standard output and progress on standard error", async () => {
    const { status, stdout, stderr } = await runCli([PLAIN, "--rule", "SHAPE-03,FLUSH-01"]);
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(stdout).toContain("plain conforms: 3 pass in");
    expect(stderr.split("\n").map((line) => line.replace(/\(.*/, ""))).toEqual([
      "[1/3] SHAPE-01 pass ",
      "[2/3] SHAPE-03 pass ",
      "[3/3] FLUSH-01 pass ",
      "",
    ]);
  });

  test("for --list, which needs no module: every rule with its level and what it says", async () => {
    const { status, stdout } = await runCli(["--list"]);
    expect(status).toBe(0);
    expect(
      stdout
        .trimEnd()
        .split("\n")
        .map((line) => line.split(" ")[0]),
    ).toEqual(sinkRules.map(({ id }) => id));
    expect(stdout).toContain(sinkRules[0]?.what);
  });

  test("for --list of some rules, as JSON", async () => {
    const { status, stdout } = await runCli(["--list", "--rule", "exit-02", "--format", "json"]);
    expect(status).toBe(0);
    expect((JSON.parse(stdout) as SinkRule[]).map(({ id }) => id)).toEqual(["EXIT-02"]);
  });

  test("for --help", async () => {
    const { status, stdout } = await runCli(["--help"]);
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: expect.stringMatching(/^Usage: sink-conformance <module>/),
    });
  });
});

describe("exit status 1", () => {
  test("for a sink that does not conform", async () => {
    const path = moduleFile(
      "broken.mjs",
      "export const subject = plainSubject('broken', import.meta.url, { create: () => ({ sink: { ...plainSink(), supportsSeverity: () => 'yes' }, delivered: () => [] }) });",
    );
    const { status, stdout } = await runCli([path, "--rule", "SHAPE-03", "--quiet"]);
    expect(status).toBe(1);
    expect(stdout).toContain("broken does not conform: 1 pass, 1 fail");
    expect(stdout).toContain("likely cause:");
  });

  test("told in one failure for what is no sink, without a stack trace", async () => {
    const { status, stdout, stderr } = await runCli([
      fileURLToPath(new URL("subjects/no-sink.mjs", import.meta.url)),
      "--quiet",
    ]);
    expect(status).toBe(1);
    expect(stdout).toContain("emit, flush, close, supportsSeverity are missing");
    expect(stdout).toMatch(/does not conform: 1 fail, \d+ skipped/);
    expect(stdout + stderr).not.toMatch(/^\s+at /m);
  });

  test("when an error escaped to the process, which does not end the run", async () => {
    const path = moduleFile(
      "escapes.mjs",
      "export const subject = plainSubject('escapes', import.meta.url, { create: () => ({ sink: plainSink(), delivered: () => { void Promise.reject(new Error('nobody caught it')); return []; } }) });",
    );
    const { status, stdout, stderr } = await runCli([path, "--rule", "SHAPE-01"]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: expect.stringContaining("escapes conforms: 1 pass") });
    expect(stderr).toContain("an error escaped to the process while SHAPE-01 ran: Error: nobody caught it");
  });
});

describe("exit status 2, one message and no stack trace", () => {
  const cases: readonly (readonly [string, () => readonly string[], string])[] = [
    ["no module", () => [], "which module?"],
    ["a file that is not there", () => ["nowhere.mjs"], "there is no file"],
    ["two modules", () => [PLAIN, "b.mjs"], "one module at a time"],
    ["an unknown option", () => [PLAIN, "--fromat", "json"], "'--fromat'"],
    ["an unknown format", () => [PLAIN, "--format", "yaml"], "allowed are text, json, junit, markdown"],
    ["a rule that does not exist", () => [PLAIN, "--rule", "FLUSH-99"], "FLUSH-99"],
    ["a seed that is none", () => [PLAIN, "--seed", "x"], "--seed x"],
    ["a date that is none", () => [PLAIN, "--date", "today"], "--date today"],
    ["a list in a form that it does not have", () => ["--list", "--format", "junit"], "text and json"],
    [
      "a module that throws",
      () => [moduleFile("throws.mjs", "throw new TypeError('at the top')")],
      "TypeError: at the top",
    ],
    ["a module with a slip of the pen", () => [moduleFile("slip.mjs", "const = 1;")], "run it with node to see where"],
    ["a module without a subject", () => [moduleFile("none.mjs", "export const a = 1;")], "no subject is exported"],
    [
      "a subject with a slip in its claims",
      () => [
        moduleFile("claims.mjs", "export const s = plainSubject('s', import.meta.url, { claims: { bufered: true } });"),
      ],
      "claims.bufered",
    ],
    [
      "an output that cannot be written",
      () => [PLAIN, "--rule", "SHAPE-01", "--output", "/nowhere/report"],
      "cannot be written",
    ],
  ];

  test.each(cases)("%s", async (_, args, message) => {
    const { status, stdout, stderr } = await runCli([...args(), "--quiet"], folder);
    expect({ status, stdout, stderr }).toEqual({ status: 2, stdout: "", stderr: expect.stringContaining(message) });
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

describe("which subject", () => {
  test("several are listed, and one is chosen with --export", async () => {
    const path = moduleFile(
      "two.mjs",
      "export const one = plainSubject('first', import.meta.url); export default plainSubject('second', import.meta.url);",
    );
    const refused = await runCli([path]);
    expect(refused).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/--export: (default, one|one, default)/),
    });
    const chosen = await runCli([path, "--export", "default", "--rule", "SHAPE-01", "--quiet"]);
    expect(chosen).toMatchObject({ status: 0, stdout: expect.stringContaining("second conforms") });
    expect(await runCli([path, "--export", "x"])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("there are: "),
    });
  });

  test("one that is exported twice is one", async () => {
    const path = moduleFile(
      "twice.mjs",
      "export const one = plainSubject('one', import.meta.url); export default one;",
    );
    expect(await runCli([path, "--rule", "SHAPE-01", "--quiet"])).toMatchObject({ status: 0 });
  });

  test("it gets its module when it leaves it out, also as an instance of a class and when it is frozen", async () => {
    const path = moduleFile(
      "bare.mjs",
      "class Bare { #made = 0; name = 'class'; create() { this.#made += 1; const got = []; return { sink: plainSink(got), delivered: () => got }; } }\n" +
        "export const instance = new Bare();\nexport const frozen = Object.freeze(plainSubject('frozen', undefined));",
    );
    for (const name of ["instance", "frozen"]) {
      const { stdout } = await runCli([path, "--export", name, "--rule", "EXIT-01", "--quiet"]);
      expect(stdout).toContain("✓ EXIT-01");
    }
  });
});

test("--output writes the report to a file, in its format and with its date", async () => {
  const run = await runCli(
    [PLAIN, "--rule", "SHAPE-01", "--format", "markdown", "--date", "2026-05-01", "--output", "out.md"],
    folder,
  );
  expect(run).toMatchObject({ status: 0, stdout: "" });
  expect(readFileSync(join(folder, "out.md"), "utf8")).toMatch(
    /^\*\*plain\*\* conforms to the sink contract: .*on 2026-05-01/,
  );
});

test("two runs give the same certificate", async () => {
  const [one, two] = await Promise.all([1, 2].map(() => runCli([PLAIN, "--format", "markdown", "--quiet"])));
  expect(one?.stdout).toBe(two?.stdout);
});

test("a long report is not cut off at a pipe", async () => {
  const { stdout } = await runCli(["--list", "--format", "json"]);
  expect(() => JSON.parse(stdout) as unknown).not.toThrow();
});

describe("the options", () => {
  test("rules may come in lists, several times, with spaces", () => {
    expect(readCommandLine(["m.js", "--rule", "A-01, B", "--rule", "C"]).rules).toEqual(["A-01", "B", "C"]);
  });

  test("the defaults", () => {
    const { rules, format, quiet, list, seed } = readCommandLine(["m.js"]);
    expect({ rules, format, quiet, list, seed }).toEqual({
      rules: [],
      format: "text",
      quiet: false,
      list: false,
      seed: undefined,
    });
  });

  test("a seed is a number of at most ten digits", () => {
    expect(readCommandLine(["m.js", "--seed", "4294967295"]).seed).toBe(4294967295);
    expect(() => readCommandLine(["m.js", "--seed", "12345678901"])).toThrow(UsageError);
  });
});

describe("progress", () => {
  const rule = sinkRules[0] as SinkRule;
  const outcome: RuleOutcome = { rule, verdict: "pass", durationMs: 3.2 };

  function written(isTTY: boolean, quiet = false): string[] {
    const texts: string[] = [];
    const progress = showProgress({ isTTY, columns: 30, write: (text) => texts.push(text) }, quiet);
    progress.onRule(rule, 0, 9);
    progress.note("a note\u001b");
    progress.onOutcome(outcome);
    progress.end();
    return texts;
  }

  test("at a terminal: one line that is written over, no wider than it, and cleared at the end", () => {
    const clear = "\r\u001b[2K";
    expect(written(true)).toEqual([
      `${clear}${`[1/9] ${rule.id} ${rule.what}`.slice(0, 29)}`,
      `${clear}a note\\u{1b}\n`,
      clear,
    ]);
  });

  test("elsewhere: one line per rule", () => {
    expect(written(false)).toEqual(["a note\\u{1b}\n", `[1/9] ${rule.id} pass (3 ms)\n`]);
  });

  test("quiet: nothing but notes", () => {
    expect(written(true, true)).toEqual(["a note\\u{1b}\n"]);
    expect(written(false, true)).toEqual(["a note\\u{1b}\n"]);
  });
});
