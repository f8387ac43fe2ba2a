import { describe, expect, it } from "vitest";
import { installShutdownHooks } from "../src/index.ts";
import { type Outcome, startProgram, unflushed } from "./child-process.ts";

/**
 * A program that says "ready" once it has logged two records into a sink that needs 30 ms to deliver, and ends on its
 * own after five seconds. Each signal is sent when the program has said as much as it names.
 */
async function signalled(
  program: string,
  signals: readonly (readonly [after: string, signal: NodeJS.Signals])[],
): Promise<Outcome> {
  const { child, outcome } = startProgram(`
    import { configure, installShutdownHooks, Logger } from "@dagstack/logger";
    const say = (text) => process.stdout.write(text + "\\n");
    let waiting = [];
    const sink = {
      id: "slow", supportsSeverity: () => true, emit: (record) => { waiting.push(record.body); },
      flush: () => new Promise((resolve) => setTimeout(() => { say("delivered " + waiting.join()); waiting = []; resolve(); }, 30)),
      close: () => { say("closed"); },
    };
    setTimeout(() => {}, 5000);
    const ready = () => { Logger.get("hooks").info("1"); Logger.get("hooks").info("2"); say("ready"); };
    ${program}`);
  let said = "";
  const pending = [...signals];
  child.stdout?.on("data", (chunk: string) => {
    said += chunk;
    while (pending[0] !== undefined && said.includes(pending[0][0])) child.kill(pending.shift()?.[1]);
  });
  return outcome;
}

describe("§13 installShutdownHooks", { timeout: 30_000 }, () => {
  it.each([
    ["SIGTERM", 143],
    ["SIGINT", 130],
  ] as const)("%s delivers what waits, closes, and ends with %i", async (signal, code) => {
    const outcome = await signalled("configure({ sinks: [sink] }); installShutdownHooks(); ready();", [
      ["ready", signal],
    ]);
    expect([outcome.code, outcome.stdout]).toEqual([code, "ready\ndelivered 1,2\nclosed\n"]);
  });

  it("signals: only those that are named", async () => {
    const outcome = await signalled(
      'configure({ sinks: [sink] }); installShutdownHooks({ signals: ["SIGHUP"] }); ready();',
      [["ready", "SIGTERM"]],
    );
    expect([outcome.code, outcome.signal, outcome.stdout]).toEqual([null, "SIGTERM", "ready\n"]);
  });

  it("other handlers of the signal run, and what they log at once is delivered", async () => {
    const outcome = await signalled(
      `configure({ sinks: [sink] });
       installShutdownHooks();
       process.on("SIGTERM", () => { say("other"); Logger.get("hooks").info("bye"); });
       ready();`,
      [["ready", "SIGTERM"]],
    );
    expect([outcome.code, outcome.stdout]).toEqual([143, "ready\nother\ndelivered 1,2,bye\nclosed\n"]);
  });

  it("a second signal ends the process at once", async () => {
    const outcome = await signalled(
      `sink.flush = () => { say("flushing"); return new Promise(() => {}); };
       configure({ sinks: [sink], flushTimeoutMs: 60000 });
       installShutdownHooks();
       ready();`,
      [
        ["ready", "SIGTERM"],
        ["flushing", "SIGTERM"],
      ],
    );
    expect([outcome.code, outcome.stdout]).toEqual([143, "ready\nflushing\n"]);
  });

  it("timeoutMs bounds the end, whatever a sink does", async () => {
    const outcome = await signalled(
      `sink.flush = sink.close = () => new Promise(() => {});
       configure({ sinks: [sink] });
       installShutdownHooks({ timeoutMs: 40 });
       ready();`,
      [["ready", "SIGTERM"]],
    );
    expect(outcome.code).toBe(143);
  });

  it("§13: what sinks have not delivered by then is reported as unflushed_shutdown, with the count, per sink", async () => {
    const outcome = await signalled(
      `const hung = { ...sink, id: "hung", emit() {}, flush: () => new Promise(() => {}), close: () => new Promise(() => {}), attach() {} };
       configure({ sinks: [hung, sink] });
       installShutdownHooks({ timeoutMs: 300 });
       ready();`,
      [["ready", "SIGTERM"]],
    );
    expect([outcome.code, outcome.stdout, unflushed(outcome.stderr)]).toEqual([
      143,
      "ready\ndelivered 1,2\nclosed\n",
      [["hung", 2]],
    ]);
  });

  it("§7.4: the report reaches an internal sink of the application before that is closed", async () => {
    const outcome = await signalled(
      `const hung = { ...sink, flush: () => new Promise(() => {}), close: () => new Promise(() => {}), attach() {} };
       const internal = {
         id: "internal", supportsSeverity: () => true, flush: () => {}, close: () => say("internal closed"),
         emit: ({ attributes }) => say(attributes["event.name"] + " " + attributes["dagstack.dropped_count"]),
       };
       configure({ sinks: [hung], loggers: { "dagstack.logger.internal": { sinks: [internal] } } });
       installShutdownHooks({ timeoutMs: 40 });
       ready();`,
      [["ready", "SIGTERM"]],
    );
    expect(outcome.stdout.split("\n").slice(-3)).toEqual(["unflushed_shutdown 2", "internal closed", ""]);
  });

  it("the function it returns removes the hooks", async () => {
    const outcome = await signalled("configure({ sinks: [sink] }); installShutdownHooks()(); ready();", [
      ["ready", "SIGTERM"],
    ]);
    expect([outcome.signal, outcome.stdout]).toEqual(["SIGTERM", "ready\n"]);
  });

  it("no signal is handled unless asked", async () => {
    const outcome = await signalled("configure({ sinks: [sink] }); ready();", [["ready", "SIGTERM"]]);
    expect([outcome.signal, outcome.stdout]).toEqual(["SIGTERM", "ready\n"]);
  });

  it.each([
    ["signals[]", { signals: ["SIGKILL"] }, "signals"],
    ["signals", { signals: "SIGTERM" }, "signals"],
    ["timeoutMs", { timeoutMs: -1 }, "timeoutMs"],
    ["an unknown option", { timeout: 1 }, "timeout"],
  ])("§3.6: a bad %s is a ConfigError", (_, options, path) => {
    const before = process.listenerCount("SIGTERM");
    expect(() => installShutdownHooks(options as never)).toThrow(
      expect.objectContaining({ name: "ConfigError", path }) as Error,
    );
    expect(process.listenerCount("SIGTERM")).toBe(before);
  });
});
