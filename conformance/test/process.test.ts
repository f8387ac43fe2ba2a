import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { playInChild } from "../src/child/play-in-child.ts";
import type { Verdict } from "../src/index.ts";
import { runRule, runSinkConformance, type SinkSubject, sinkRules } from "../src/index.ts";
import { Lab } from "../src/station/lab.ts";
import { childMutants, syncQueueSubject } from "./mutants/process.ts";
import { runCli } from "./run-cli.ts";

interface Outcome {
  readonly rule: { readonly id: string };
  readonly verdict: Verdict;
  readonly reason?: string;
}

/** A whole run in another process, which for some mutants waits for what never ends. */
const RUN_TIMEOUT_MS = 120_000;
const FAILED: readonly Verdict[] = ["fail", "advisory", "unproven", "error"];

function pathOf(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}

/** The rules that a module's subject breaks, in a process of its own: its bug may be about the process. */
async function brokenRules(file: string): Promise<string[]> {
  const { stdout, stderr } = await runCli([pathOf(file), "--format", "json", "--quiet"]);
  if (stdout === "") throw new Error(stderr);
  const { outcomes } = JSON.parse(stdout) as { readonly outcomes: readonly Outcome[] };
  return outcomes.filter(({ verdict }) => FAILED.includes(verdict)).map(({ rule }) => rule.id);
}

function rule(id: string): (typeof sinkRules)[number] {
  const found = sinkRules.find((one) => one.id === id);
  if (found === undefined) throw new Error(`there is no ${id}`);
  return found;
}

async function load(file: string): Promise<SinkSubject> {
  const { subject } = (await import(`./subjects/${file}.mjs`)) as { readonly subject: SinkSubject };
  return subject;
}

async function outcome(file: string, id = "EXIT-01"): Promise<{ verdict: Verdict; reason?: string | undefined }> {
  const { verdict, reason } = await runRule(await load(file), rule(id));
  return { verdict, reason };
}

test(
  "the reference journal sink keeps every rule, those in processes of their own among them",
  async () => {
    const { status, stdout } = await runCli([pathOf("reference/journal-sink.mjs"), "--quiet"]);
    expect({ status, text: stdout.replace(/[\s\S]*\nWhat did not hold/, "") }).toMatchObject({ status: 0 });
    for (const id of ["EXIT-01", "EXIT-02", "EXIT-03", "EXIT-04", "MEMORY-01", "DURABLE-01"]) {
      expect(stdout).toContain(`✓ ${id}`);
    }
  },
  RUN_TIMEOUT_MS,
);

test("the reference queue sink with flushSync keeps the rule that its mutants break", async () => {
  const { outcomes } = await runSinkConformance(syncQueueSubject, { rules: ["EXIT-03"] });
  expect(outcomes.map(({ rule, verdict }) => `${rule.id} ${verdict}`)).toEqual(["SHAPE-01 pass", "EXIT-03 pass"]);
});

describe.concurrent("a mutant breaks its rule and no other", () => {
  test.each(childMutants)(
    "$breaks: $bug",
    async ({ breaks, file }) => {
      expect(await brokenRules(`mutants/process/${file}`)).toEqual([breaks]);
    },
    RUN_TIMEOUT_MS,
  );
});

describe.concurrent("a rule in a process of its own", { timeout: RUN_TIMEOUT_MS }, () => {
  test("is skipped without the subject's module, and unproven where a claim rests on it", async () => {
    const { module: _module, ...rest } = await load("plain");
    const exit = await runRule(rest, rule("EXIT-01"));
    expect(exit).toMatchObject({ verdict: "skipped", reason: "the subject has no module" });
    const durable = await runRule({ ...rest, claims: { durableFlush: true } }, rule("DURABLE-01"));
    expect(durable).toMatchObject({ verdict: "unproven" });
    expect(durable.reason).toContain("the subject has no module");
  });

  test("is the subject's fault when the module cannot be loaded there", async () => {
    const { verdict, reason } = await outcome("only-here");
    expect({ verdict, reason }).toEqual({ verdict: "error", reason: expect.stringContaining("only here") });
  });

  test("is the subject's fault when the module exports no subject of that name", async () => {
    const { verdict, reason } = await outcome("other-name");
    expect({ verdict, reason }).toEqual({ verdict: "error", reason: expect.stringContaining('"plain"') });
  });

  test("is the subject's fault when the module runs the suite on loading, and no process starts another", async () => {
    const { verdict, reason } = await outcome("runs-suite");
    expect(verdict).toBe("error");
    expect(reason).toContain("give the subject a module of its own");
  });

  test("is the subject's fault when something beside the sink keeps the process alive", async () => {
    const { verdict, reason } = await outcome("with-server");
    expect(verdict).toBe("error");
    expect(reason).toContain("createAlone");
  });

  test("takes createAlone where what create opens would keep the process alive", async () => {
    expect(await outcome("with-server-alone")).toEqual({ verdict: "pass", reason: undefined });
    expect(await outcome("with-server-alone", "EXIT-02")).toEqual({ verdict: "pass", reason: undefined });
  });

  test("is dispose's fault when the sink alone leaves nothing behind", async () => {
    const { verdict, reason } = await outcome("dispose-forgets", "EXIT-02");
    expect({ verdict, reason }).toEqual({ verdict: "error", reason: expect.stringContaining("dispose leaves behind") });
  });

  test("is the subject's fault when the process ends too early", async () => {
    const { verdict, reason } = await outcome("exits");
    expect({ verdict, reason }).toEqual({ verdict: "error", reason: expect.stringContaining("exit status 7") });
  });

  test("is the subject's fault when its process hangs, and the process is killed", async () => {
    const lab = new Lab(await load("hangs"), 1);
    try {
      await expect(playInChild(lab, "idle", { lifeMs: 1000 })).rejects.toThrow("module hung its process for 1000 ms");
    } finally {
      await lab.end();
    }
  });

  test("loads modules with the loaders that its parent has", async () => {
    const path = pathOf("subjects/needs-preload.mjs");
    const preload = ["--import", "data:text/javascript,globalThis.conformancePreloaded=true"];
    const { stdout, stderr } = await runCli([path, "--rule", "EXIT-01", "--quiet"], undefined, preload);
    expect(stdout + stderr).toContain("✓ EXIT-01");
  });

  test("does not blame the sink for what Node says of itself", async () => {
    expect(await outcome("experimental-warning", "EXIT-04")).toEqual({ verdict: "pass", reason: undefined });
  });

  test("does not look at what is no sink", async () => {
    const { verdict, reason } = await outcome("no-sink");
    expect({ verdict, reason }).toEqual({ verdict: "skipped", reason: expect.stringContaining("SHAPE-01") });
  });
});

test("every rule that needs a process of its own has a mutant", () => {
  const inChild = sinkRules.filter(({ place }) => place === "child").map(({ id }) => id);
  expect([...new Set(childMutants.map(({ breaks }) => breaks))].sort()).toEqual(inChild.sort());
});

test("a rule in a process of its own leaves no temporary file behind", async () => {
  const home = mkdtempSync(join(tmpdir(), "process-test-"));
  const before = process.env.TMPDIR;
  process.env.TMPDIR = home;
  try {
    await outcome("plain", "EXIT-04");
    expect(readdirSync(home)).toEqual([]);
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    rmSync(home, { recursive: true });
  }
});
