import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runProgram } from "./child-process.ts";

const packageRoot = fileURLToPath(new URL("..", import.meta.url));

/** The built package twice in one process, as two dependencies may bring it. */
describe("two copies of the package share one registry", { timeout: 30_000 }, () => {
  let directory = "";
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "two-copies-"));
    cpSync(join(packageRoot, "dist"), join(directory, "dist"), { recursive: true });
    cpSync(join(packageRoot, "package.json"), join(directory, "package.json"));
    symlinkSync(join(packageRoot, "node_modules"), join(directory, "node_modules"));
  });
  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  const run = async (program: string): Promise<unknown> => {
    const copy = pathToFileURL(join(directory, "dist", "index.js")).href;
    const outcome = await runProgram(`
      import * as first from "@dagstack/logger";
      import { InMemorySink } from "@dagstack/sink-memory";
      const second = await import(${JSON.stringify(copy)});
      const bodies = (records) => records.map((record) => record.body);
      const tell = (value) => process.stdout.write(JSON.stringify(value));
      if (first.Logger === second.Logger) throw new Error("this is one copy");
      ${program}`);
    expect(outcome.stderr).toBe("");
    return JSON.parse(outcome.stdout) as unknown;
  };

  it("a configuration by one holds for the loggers of the other, whichever came first", async () => {
    expect(
      await run(`
        const early = second.Logger.get("app");
        const sink = new InMemorySink();
        first.configure({ sinks: [sink], level: "debug", loggers: { quiet: "error" } });
        early.debug("1");
        second.Logger.get("quiet").info("no");
        second.configure({ sinks: [sink] });
        first.Logger.get("app").info("2");
        early.debug("no");
        tell(bodies(sink.records()));`),
    ).toEqual(["1", "2"]);
  });

  it("levels set on a name hold for both", async () => {
    expect(
      await run(`
        second.Logger.get("app").setLevel("warn");
        tell([first.Logger.get("app.child").effectiveLevel(), first.Logger.get("app").isEnabled("info")]);`),
    ).toEqual([13, false]);
  });

  it("captureLogs of one collects the records of the other", async () => {
    expect(
      await run(`
        first.configure({ sinks: [] });
        const captured = await first.captureLogs(async () => {
          await null;
          second.Logger.get("app").info("1");
          first.Logger.get("app").info("2");
        });
        tell(bodies(captured.records));`),
    ).toEqual(["1", "2"]);
  });

  it("metrics, flush and close are those of the process", async () => {
    expect(
      await run(`
        first.configure({ sinks: [new InMemorySink({ id: "memory", capacity: 1 })] });
        first.Logger.get("app").info("1");
        second.Logger.get("app").info("2");
        const flushed = await second.Logger.flush();
        await second.Logger.close();
        first.Logger.get("app").info("3");
        tell([flushed.droppedCount, first.Logger.metrics.ledger("memory"), second.Logger.metrics.snapshot().emitted]);`),
    ).toEqual([
      1,
      { accepted: 3, delivered: 1, pending: 0, dropped: { buffer_overflow: 1, closed: 1 } },
      { app: { INFO: 2 } },
    ]);
  });

  it("the process is hooked once", async () => {
    expect(
      await run(`
        first.configure({ sinks: [] });
        const count = () => process.listenerCount("beforeExit") + process.listenerCount("exit");
        const before = count();
        first.Logger.get("a").info("x");
        const withOne = count();
        second.Logger.get("b").info("x");
        tell([withOne - before, count() - before]);`),
    ).toEqual([2, 2]);
  });

  it("children and scopes of one work in the configuration of the other", async () => {
    expect(
      await run(`
        const sink = new InMemorySink();
        const handle = second.Logger.get("app").child({ bound: 1 });
        first.configure({ sinks: [sink], redaction: { extraSuffixes: ["_pin"] } });
        handle.info("x", { card_pin: 5 });
        tell(sink.records().map((record) => record.attributes));`),
    ).toEqual([{ bound: 1, card_pin: "***" }]);
  });
});
