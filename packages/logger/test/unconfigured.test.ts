import { describe, expect, it } from "vitest";
import { Logger } from "../src/index.ts";
import { parseLines, runProgram } from "./child-process.ts";
import { resetAfterEach } from "./probe-sinks.ts";

describe("D-31: before any configure()", { timeout: 30_000 }, () => {
  resetAfterEach();

  it("a logger has level INFO and one console sink in auto mode", () => {
    const log = Logger.get("never.configured");
    expect(log.effectiveLevel()).toBe(9);
    expect(log.effectiveSinks().map((sink) => sink.id)).toEqual(["console:auto"]);
    expect(Logger.get().effectiveSinks()).toEqual(log.effectiveSinks());
  });

  it("INFO goes to stderr as JSON lines where that is no terminal, DEBUG nowhere; the process ends by itself", async () => {
    const outcome = await runProgram(`
      import { Logger } from "@dagstack/logger";
      const log = Logger.get("app");
      log.debug("1");
      log.info("2");
      log.child({ a: 1 }).warn("3");`);
    expect([outcome.code, outcome.stdout]).toEqual([0, ""]);
    expect(parseLines(outcome.stderr)).toMatchObject([
      { body: "2", instrumentation_scope: { name: "app" }, severity_text: "INFO" },
      { body: "3", attributes: { a: 1 } },
    ]);
  });

  it("configure() without sinks has the same console", async () => {
    const outcome = await runProgram(`
      import { configure, Logger } from "@dagstack/logger";
      configure({ level: "debug" });
      Logger.get("app").debug("x");`);
    expect(parseLines(outcome.stderr).map(({ body }) => body)).toEqual(["x"]);
  });

  it("records before and after configure() are all delivered", async () => {
    const outcome = await runProgram(`
      import { configure, Logger } from "@dagstack/logger";
      const lines = [];
      Logger.get("app").info("before");
      configure({ sinks: [{
        id: "s", emit: (record) => { process.stdout.write(record.body); }, flush() {}, close() {}, supportsSeverity: () => true,
      }] });
      Logger.get("app").info("after");
      process.exit();`);
    expect([parseLines(outcome.stderr).map(({ body }) => body), outcome.stdout]).toEqual([["before"], "after"]);
  });

  it("importing the package writes nothing, opens nothing and handles no event of the process", async () => {
    const outcome = await runProgram(`
      const events = () => process.eventNames().sort().join();
      const before = events();
      await import("@dagstack/logger");
      process.stdout.write(String(events() === before));`);
    expect([outcome.stdout, outcome.stderr]).toEqual(["true", ""]);
  });
});
