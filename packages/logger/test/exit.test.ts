import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseLines, runProgram, startProgram, unflushed } from "./child-process.ts";

const IMPORTS = `
import { configure, Logger, installShutdownHooks } from "@dagstack/logger";
import { FileSink } from "@dagstack/sink-file";
import { ConsoleSink } from "@dagstack/sink-console";
`;
/** A sink as remote ones are: it queues, delivers in \`flush\` after \`delayMs\`, and cannot write synchronously. */
const REMOTE = `
const remoteSink = (id, delayMs) => {
  let context, queued = 0;
  return {
    id,
    attach: (given) => { context = given; },
    supportsSeverity: () => true,
    emit: () => { queued += 1; },
    flush: () => new Promise((resolve) => {
      if (delayMs === Infinity) return;
      setTimeout(() => {
        const delivered = queued;
        queued = 0;
        context.onDelivered(delivered);
        process.stdout.write("delivered " + delivered + "\\n");
        resolve();
      }, delayMs);
    }),
    close: () => Promise.resolve(),
  };
};
`;
/** Writes to stderr until its reader, who is not reading, has taken all that he can. */
const FILL_STDERR = `
import { writeSync } from "node:fs";
const fillStderr = () => {
  void process.stderr; // opens it, which makes it non-blocking
  for (let written = 1; written > 0; Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100)) {
    written = 0;
    try { for (;;) written += writeSync(2, "\\n".repeat(4096)); } catch (error) { if (error.code !== "EAGAIN") throw error; }
  }
};
`;
const BURST = 20_000;

describe("§13 process exit", { timeout: 30_000 }, () => {
  let directory = "";
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "exit-"));
  });
  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  it("an uncaught error writes what waits where the process then ends without `exit`, as in Deno", async () => {
    const file = join(directory, "no-exit.jsonl");
    const { stderr } = await runProgram(`${IMPORTS}
configure({ resource: { "service.name": "shop" }, sinks: [new FileSink(${JSON.stringify(file)})] });
process.removeAllListeners("exit");
for (let i = 0; i < ${BURST}; i++) Logger.get("app").info("record", { i });
throw new Error("boom");
`);
    expect(stderr).toContain("boom");
    expect(parseLines(readFileSync(file, "utf8"))).toHaveLength(BURST);
  });

  const ENDINGS = [
    ["a natural end", "", 0],
    ["process.exit(3)", "process.exit(3);", 3],
    ["an exitCode", "process.exitCode = 5;", 5],
    ["an uncaught throw", 'throw new Error("end");', 1],
    ["an unhandled rejection", 'void Promise.reject(new Error("end"));', 1],
  ] as const;

  it.each(ENDINGS)(
    "design §8.1: %s loses none of 20 000 records, in a file and in a pipe, and keeps the exit code",
    async (name, ending, code) => {
      const path = join(directory, `${name}.jsonl`);
      const outcome = await runProgram(`${IMPORTS}
      configure({ sinks: [new FileSink(${JSON.stringify(path)}), new ConsoleSink({ stream: "stdout", mode: "json" })] });
      const log = Logger.get("exit");
      for (let n = 0; n < ${BURST}; n++) log.info(n);
      ${ending}`);
      expect(outcome.code).toBe(code);
      for (const text of [readFileSync(path, "utf8"), outcome.stdout]) {
        const lines = parseLines(text);
        expect(lines).toHaveLength(BURST);
        expect(lines.every(({ body }, index) => body === index)).toBe(true);
      }
      expect(outcome.stderr).not.toContain("unflushed_shutdown");
    },
  );

  it("a sink that cannot write synchronously gets one flush at a natural end", async () => {
    const outcome = await runProgram(`${IMPORTS} ${REMOTE}
      configure({ sinks: [remoteSink("remote", 20)] });
      for (let n = 0; n < 7; n++) Logger.get("exit").info(n);`);
    expect([outcome.code, outcome.stdout, outcome.stderr]).toEqual([0, "delivered 7\n", ""]);
  });

  it("what it has not delivered within exitFlushMs is reported, with the count, per sink", async () => {
    const outcome = await runProgram(`${IMPORTS} ${REMOTE}
      configure({ sinks: [remoteSink("hung", Infinity), remoteSink("quick", 1)], exitFlushMs: 60 });
      for (let n = 0; n < 7; n++) Logger.get("exit").info(n);`);
    expect([outcome.code, outcome.stdout, unflushed(outcome.stderr)]).toEqual([0, "delivered 7\n", [["hung", 7]]]);
  });

  it.each([
    ["process.exit", "process.exit(4);", 4],
    ["an uncaught throw", 'process.on("uncaughtException", () => process.exit(6)); throw new Error("end");', 6],
  ])("at %s there is no time for it: all its records are reported", async (_, ending, code) => {
    const outcome = await runProgram(`${IMPORTS} ${REMOTE}
      configure({ sinks: [remoteSink("remote", 1)] });
      for (let n = 0; n < 7; n++) Logger.get("exit").info(n);
      ${ending}`);
    expect([outcome.code, outcome.stdout, unflushed(outcome.stderr)]).toEqual([code, "", [["remote", 7]]]);
  });

  it("the report waits for a reader of stderr that is behind", async () => {
    const { child, outcome } = startProgram(`${IMPORTS} ${REMOTE}
${FILL_STDERR}
      configure({ sinks: [remoteSink("remote", 1)] });
      for (let n = 0; n < 7; n++) Logger.get("exit").info(n);
      fillStderr();
      writeSync(1, "full");
      process.exit(4);`);
    child.stderr?.pause();
    child.stdout?.once("data", () => child.stderr?.resume());
    const { code, stdout, stderr } = await outcome;
    expect([code, stdout, unflushed(stderr)]).toEqual([4, "full", [["remote", 7]]]);
  });

  it("a reader of stderr that takes nothing holds the exit up for a second, no longer", async () => {
    const { child, outcome } = startProgram(`${IMPORTS} ${REMOTE}
${FILL_STDERR}
      configure({ sinks: [remoteSink("one", 1), remoteSink("two", 1), remoteSink("three", 1)] });
      Logger.get("exit").info("x");
      fillStderr();
      const before = performance.now();
      process.on("exit", () => writeSync(1, String(performance.now() - before)));
      process.exit(4);`);
    child.stderr?.pause();
    child.stdout?.once("data", () => child.stderr?.resume());
    const { code, stdout } = await outcome;
    expect(code).toBe(4);
    expect(Number(stdout)).toBeGreaterThan(900);
    expect(Number(stdout)).toBeLessThan(2500);
  });

  it("what Logger.reset() left to its owners is no loss to report", async () => {
    const outcome = await runProgram(`${IMPORTS} ${REMOTE}
      configure({ sinks: [remoteSink("before", Infinity)] });
      Logger.get("exit").info("x");
      Logger.reset();
      configure({ sinks: [remoteSink("after", Infinity)] });
      Logger.get("exit").info("x");
      process.exit();`);
    expect(unflushed(outcome.stderr)).toEqual([["after", 1]]);
  });

  it("a report of loss reaches the internal logger's own sink, even one that writes later", async () => {
    const path = join(directory, "internal.jsonl");
    await runProgram(`${IMPORTS} ${REMOTE}
      configure({
        sinks: [remoteSink("remote", 1)],
        loggers: { "dagstack.logger.internal": { sinks: [new FileSink(${JSON.stringify(path)})] } },
      });
      Logger.get("exit").info("x");
      process.exit();`);
    expect(unflushed(readFileSync(path, "utf8"))).toEqual([["remote", 1]]);
  });

  it("a beforeExit handler that logs does not loop", async () => {
    const outcome = await runProgram(`${IMPORTS} ${REMOTE}
      configure({ sinks: [remoteSink("remote", 5), new ConsoleSink({ stream: "stdout", mode: "json" })] });
      let calls = 0;
      Logger.get("exit").info("first");
      process.on("beforeExit", () => { calls += 1; Logger.get("exit").info("from beforeExit"); });
      process.on("exit", () => process.stdout.write("calls " + calls + "\\n"));`);
    expect(outcome.code).toBe(0);
    expect(Number(/calls (\d+)/.exec(outcome.stdout)?.[1])).toBeLessThanOrEqual(3);
  });

  it("what an exit handler of the application logs is written too, before or after ours", async () => {
    const path = join(directory, "handler.jsonl");
    await runProgram(`${IMPORTS}
      process.on("exit", () => Logger.get("exit").info("before ours"));
      configure({ sinks: [new FileSink(${JSON.stringify(path)})] });
      Logger.get("exit").info("main");
      process.on("exit", () => Logger.get("exit").info("after ours"));`);
    expect(parseLines(readFileSync(path, "utf8")).map(({ body }) => body)).toEqual([
      "main",
      "before ours",
      "after ours",
    ]);
  });

  it.each([
    ["configure", "configure({ sinks: [] });"],
    ["setSinks", "Logger.get().setSinks([]);"],
    ["a close under way", "void Logger.close();"],
  ])("sinks that were left behind by %s have their records written", async (name, leave) => {
    const path = join(directory, `left behind ${name}.jsonl`);
    const outcome = await runProgram(`${IMPORTS}
      configure({ sinks: [new FileSink(${JSON.stringify(path)})] });
      for (let n = 0; n < 5; n++) Logger.get("exit").info(n);
      ${leave}
      process.exit();`);
    expect(parseLines(readFileSync(path, "utf8"))).toHaveLength(5);
    expect(outcome.stderr).toBe("");
  });

  it("sinks of a scope have their records written", async () => {
    const path = join(directory, "scope.jsonl");
    await runProgram(`${IMPORTS}
      configure({ sinks: [] });
      Logger.get("exit").withSinks([new FileSink(${JSON.stringify(path)})]).info("x");`);
    expect(parseLines(readFileSync(path, "utf8"))).toHaveLength(1);
  });

  it("a stream that only works while the event loop turns gets its lines at a natural end", async () => {
    const outcome = await runProgram(`${IMPORTS}
      import { Writable } from "node:stream";
      const slow = new Writable({
        write(chunk, _encoding, done) {
          setTimeout(() => { process.stdout.write(chunk); done(); }, 10);
        },
      });
      configure({ sinks: [new ConsoleSink({ stream: slow, mode: "json" })] });
      Logger.get("exit").info("x");`);
    expect(parseLines(outcome.stdout)).toHaveLength(1);
    expect(outcome.stderr).toBe("");
  });

  it("design §8.15: at the end of a program nothing of ours is left that holds the process", async () => {
    const outcome = await runProgram(`${IMPORTS} ${REMOTE}
      configure({
        sinks: [new FileSink(${JSON.stringify(join(directory, "alive.jsonl"))}), remoteSink("hung", Infinity), new ConsoleSink()],
        exitFlushMs: 0,
      });
      installShutdownHooks();
      Logger.get("exit").info("x");
      let held;
      process.on("beforeExit", () => { held ??= process.getActiveResourcesInfo().filter((name) => name === "Timeout"); });
      process.on("exit", () => process.stdout.write(JSON.stringify(held)));`);
    expect(outcome.stdout).toBe("[]");
  });

  it("an awaited flush keeps the process alive until its deadline", async () => {
    const outcome = await runProgram(`${IMPORTS} ${REMOTE}
      configure({ sinks: [remoteSink("hung", Infinity)], exitFlushMs: 0 });
      const before = performance.now();
      const { success } = await Logger.flush(80);
      process.stdout.write(success + " " + (performance.now() - before));`);
    const [success, ms] = outcome.stdout.split(" ");
    expect(success).toBe("false");
    expect(Number(ms)).toBeGreaterThanOrEqual(79);
  });

  describe("§7.4: stderr that is gone", () => {
    const trouble = `${IMPORTS}
      configure({ sinks: [{ id: "broken", emit() { throw new Error("no"); }, flush() {}, close() {}, supportsSeverity: () => true }] });
      Logger.get("exit").info("x");
      setTimeout(() => { Logger.get("other").log(99, "y"); }, 20);
      setTimeout(() => process.stdout.write("alive " + JSON.stringify(Logger.metrics.snapshot().sinks["internal:stderr"].errors)), 60);`;

    it("closed from the start: does not crash", async () => {
      const outcome = await runProgram(trouble, { shellRedirection: "2>&-" });
      expect([outcome.code, outcome.stdout.slice(0, 5)]).toEqual([0, "alive"]);
    });

    it("a pipe whose reader went: does not crash, and counts", async () => {
      const { child, outcome } = startProgram(`
        await new Promise((resolve) => process.stdin.once("end", resolve).resume());
        ${trouble}`);
      child.stderr?.destroy();
      child.stdin?.end();
      const { code, stdout } = await outcome;
      expect([code, stdout]).toEqual([0, expect.stringMatching(/^alive \{"EPIPE":[1-9]/)]);
    });
  });
});

describe("§7.4 what a window suppressed", () => {
  it.each([
    ["by itself", ""],
    ["by process.exit", "process.exit(0);"],
    ["by an error", 'throw new Error("end");'],
  ])("is told when the process ends %s, with the sum of the losses", async (_, end) => {
    const outcome = await runProgram(`${IMPORTS}
      const broken = { id: "broken", emit() { throw new Error("x"); }, flush() {}, close() {}, supportsSeverity: () => true };
      configure({ sinks: [broken] });
      for (let n = 0; n < 7; n++) Logger.get("a").info("x");
      ${end}`);
    const told = parseLines(
      outcome.stderr
        .split("\n")
        .filter((line) => line.startsWith("{"))
        .join("\n"),
    ).map(({ attributes }) => [attributes?.["dagstack.suppressed_count"], attributes?.["dagstack.dropped_count"]]);
    expect(told).toEqual([
      [undefined, 1],
      [6, 6],
    ]);
  });
});
