import { EventEmitter } from "node:events";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { listenShared } from "../src/runtime/index.ts";
import { runProgram } from "./child-process.ts";

const packageRoot = fileURLToPath(new URL("..", import.meta.url));

describe("one listener for all of ours", { timeout: 30_000 }, () => {
  it("however many listen, in their order, each with the arguments, until the last stops", () => {
    const emitter = new EventEmitter();
    const heard: unknown[] = [];
    const stops = Array.from({ length: 20 }, (_, n) => listenShared(emitter, "e", (arg) => heard.push([n, arg])));
    expect(emitter.listenerCount("e")).toBe(1);
    emitter.emit("e", "x");
    expect(heard).toEqual(stops.map((_, n) => [n, "x"]));
    for (const stop of stops.slice(1)) stop();
    emitter.emit("e", "y");
    expect(heard.at(-1)).toEqual([0, "y"]);
    stops[0]?.();
    stops[0]?.();
    expect(emitter.listenerCount("e")).toBe(0);
  });

  it("one that throws keeps none of the others from it, and its error goes where errors of listeners go", () => {
    const emitter = new EventEmitter();
    const heard: string[] = [];
    listenShared(emitter, "e", () => {
      throw new Error("mine");
    });
    listenShared(emitter, "e", () => heard.push("other"));
    expect(() => emitter.emit("e")).toThrow("mine");
    expect(heard).toEqual(["other"]);
  });

  it("listeners that stop while they are called, and come back", () => {
    const emitter = new EventEmitter();
    const heard: string[] = [];
    const stop = listenShared(emitter, "e", () => {
      heard.push("once");
      stop();
      listenShared(emitter, "e", () => heard.push("next"));
    });
    emitter.emit("e");
    emitter.emit("e");
    expect(heard).toEqual(["once", "next"]);
    expect(emitter.listenerCount("e")).toBe(1);
  });

  it("after somebody removed all listeners the next one brings all back", () => {
    const emitter = new EventEmitter();
    const heard: number[] = [];
    listenShared(emitter, "e", () => heard.push(1));
    emitter.removeAllListeners();
    listenShared(emitter, "e", () => heard.push(2));
    emitter.emit("e");
    expect(heard).toEqual([1, 2]);
  });

  it("an emitter that is frozen has a listener for each", () => {
    const listeners: unknown[] = [];
    const emitter = Object.freeze({ on: (_: string, listener: unknown) => listeners.push(listener) });
    listenShared(emitter, "e", () => {});
    listenShared(emitter, "e", () => {});
    expect(listeners).toHaveLength(2);
  });

  it("a dozen copies that share nothing, each with hooks and diagnostics: no warning, one listener", async () => {
    const directory = mkdtempSync(join(tmpdir(), "copies-"));
    try {
      symlinkSync(join(packageRoot, "node_modules"), join(directory, "node_modules"));
      const urls = Array.from({ length: 12 }, (_, n) => {
        const copy = join(directory, String(n));
        cpSync(join(packageRoot, "dist"), join(copy, "dist"), { recursive: true });
        cpSync(join(packageRoot, "package.json"), join(copy, "package.json"));
        return pathToFileURL(join(copy, "dist", "index.js")).href;
      });
      const outcome = await runProgram(`
        const events = ["beforeExit", "exit", "uncaughtExceptionMonitor", "SIGTERM"];
        const count = () => [...events.map((event) => process.listenerCount(event)), process.stderr.listenerCount("error")];
        const before = count();
        const broken = { id: "broken", emit() { throw new Error("x"); }, flush() {}, close() {}, supportsSeverity: () => true };
        const loggers = new Set();
        for (const url of ${JSON.stringify(urls)}) {
          delete globalThis[Symbol.for("dagstack.logger.registry.v1")];
          const { configure, Logger, installShutdownHooks } = await import(url);
          configure({ resource: { "service.name": "x" }, sinks: [{ ...broken }] });
          installShutdownHooks();
          Logger.get("a").info("x");
          loggers.add(Logger);
        }
        const after = count();
        process.stdout.write(JSON.stringify([loggers.size, ...after.map((n, i) => n - before[i])]));
        process.exit(0);`);
      expect(outcome.stderr).not.toContain("MaxListeners");
      expect(outcome.stderr.match(/"sink_error"/g)).toHaveLength(12);
      expect(JSON.parse(outcome.stdout)).toEqual([12, 1, 1, 1, 1, 1]);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
