import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseLines, runProgram } from "./child-process.ts";

const packageRoot = fileURLToPath(new URL("..", import.meta.url));
const OLDER = new URL("older-versions/unversioned.mjs", import.meta.url).href;
const KEY = `Symbol.for("dagstack.logger.registry.v1")`;

let directory = "";
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "versions-"));
  cpSync(join(packageRoot, "dist"), join(directory, "dist"), { recursive: true });
  cpSync(join(packageRoot, "package.json"), join(directory, "package.json"));
  symlinkSync(join(packageRoot, "node_modules"), join(directory, "node_modules"));
  const version = /\bSHARED_VERSION = 1\b/;
  const files = readdirSync(directory, { recursive: true, encoding: "utf8" }).filter((file) =>
    /^dist.*\.js$/.test(file),
  );
  const [file, ...others] = files.filter((name) => version.test(readFileSync(join(directory, name), "utf8")));
  if (file === undefined || others.length > 0) throw new Error("cannot make a newer version");
  const code = readFileSync(join(directory, file), "utf8");
  writeFileSync(join(directory, file), code.replace(version, "SHARED_VERSION = 2"));
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

interface Program {
  /** The modules, in the order in which they are loaded; `ours` is this package. */
  readonly modules: Readonly<Record<string, string>>;
  readonly before?: string;
}

/** Each logs to a sink of its own, children and captures included, and is closed; what came of it, and the diagnostics. */
async function run({ modules, before = "" }: Program): Promise<{ told: Record<string, unknown>; reasons: unknown[] }> {
  const outcome = await runProgram(`
    import { InMemorySink } from "@dagstack/sink-memory";
    ${before}
    const told = {};
    for (const [name, url] of Object.entries(${JSON.stringify(modules)})) {
      const { configure, Logger, captureLogs } = await import(url);
      const sink = new InMemorySink({ id: name });
      told[name] = async () => {
        configure({ resource: { "service.name": "x" }, sinks: [sink] });
        const log = Logger.get("app");
        log.info("1");
        log.child({ a: 1 }).exception(new Error("2"));
        await log.withScopedSinks([new InMemorySink({ id: "scoped" })], (scoped) => scoped.info("scoped"));
        const captured = await captureLogs(() => log.info("captured"));
        const flushed = await Logger.flush(1000);
        const closed = await Logger.close(1000);
        log.info("late");
        return [sink.records().map(({ body }) => body), captured.records.length, flushed.success, closed.success];
      };
      const early = Logger.get("early");
      if (name === "ours") early.info("early");
    }
    for (const name of Object.keys(told)) told[name] = await told[name]();
    process.stdout.write("\\n" + JSON.stringify(told));`);
  expect(outcome.code, outcome.stderr).toBe(0);
  const reasons = parseLines(outcome.stderr)
    .filter(({ attributes }) => attributes?.["event.name"] === "registry_not_shared")
    .map(({ attributes }) => attributes?.["dagstack.reason"]);
  return { told: JSON.parse(outcome.stdout.split("\n").at(-1) ?? "") as Record<string, unknown>, reasons };
}

const ALL_WELL = [["1", "2"], 1, true, true];

describe("versions of the package side by side", { timeout: 30_000 }, () => {
  const ours = "@dagstack/logger";
  const newer = (): string => pathToFileURL(join(directory, "dist", "index.js")).href;

  it.each([
    ["an older one, loaded first", () => ({ older: OLDER, ours })],
    ["an older one, loaded afterwards", () => ({ ours, older: OLDER })],
    ["a newer one, loaded first", () => ({ newer: newer(), ours })],
    ["a newer one, loaded afterwards", () => ({ ours, newer: newer() })],
    ["both", () => ({ older: OLDER, ours, newer: newer() })],
  ])("%s: each logs on its own, closes, and those that can say so, once", async (_, modules) => {
    const loaded = modules();
    const { told, reasons } = await run({ modules: loaded });
    expect(told).toEqual(Object.fromEntries(Object.keys(loaded).map((name) => [name, ALL_WELL])));
    expect(reasons).toHaveLength("newer" in loaded ? 2 : 1);
    expect(reasons[0]).toMatch(/^another version of @dagstack\/logger has its own loggers: dagstack\.logger\.registry/);
  });

  it.each([
    ["a number", `globalThis[${KEY}] = 42;`],
    ["null", `globalThis[${KEY}] = null;`],
    ["an object of nobody's", `globalThis[${KEY}] = { version: 1, registry: {} };`],
    ["another version under our key", `globalThis[${KEY}] = { version: 7, registry: { epoch: 1 } };`],
    ["an accessor that throws", `Object.defineProperty(globalThis, ${KEY}, { get() { throw new Error("no"); } });`],
    ["a global object that is frozen", "Object.preventExtensions(globalThis);"],
  ])("%s where the registry should be: it works on its own and says so once", async (_, before) => {
    const { told, reasons } = await run({ modules: { ours }, before });
    expect(told).toEqual({ ours: ALL_WELL });
    expect(reasons).toEqual([expect.stringMatching(/copies of @dagstack\/logger do not share loggers$/)]);
  });

  it("alone in the process it says nothing", async () => {
    const { reasons } = await run({ modules: { ours } });
    expect(reasons).toEqual([]);
  });
});
