import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { runProgram } from "./child-process.ts";

const packages = fileURLToPath(new URL("../../", import.meta.url));
const UNIVERSAL = ["logger-core", "logger", "sink-console", "sink-memory", "sink-callback"];
/** Entry points that are for Node, and the rooms behind them. */
const FOR_NODE = ["./files"];
const IMPORT = /^\s*(?:import|export)\b(?!\s+type\b)(?:[^'";]*?\bfrom\s*)?["']([^"']+)["']/gm;
const DYNAMIC_IMPORT = /(?<!typeof )\bimport\s*\(\s*["']([^"']+)["']/g;

interface PackageJson {
  readonly name: string;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  /** A file for each condition. */
  readonly imports?: Readonly<Record<string, { readonly "@dagstack/source": Readonly<Record<string, string>> }>>;
}

const readPackage = (folder: string): PackageJson =>
  JSON.parse(readFileSync(join(packages, folder, "package.json"), "utf8")) as PackageJson;

/** Source files that a package's entry points load, and the modules that they import from elsewhere. */
function reachable(folder: string): { files: Set<string>; foreign: Set<string> } {
  const { exports, imports = {} } = readPackage(folder);
  const entries = Object.entries(exports).flatMap(([name, entry]) =>
    typeof entry === "string" || FOR_NODE.includes(name) ? [] : [entry["@dagstack/source"] ?? ""],
  );
  const files = new Set<string>();
  const foreign = new Set<string>();
  const visit = (file: string): void => {
    if (files.has(file)) return;
    files.add(file);
    const source = readFileSync(file, "utf8");
    for (const [, specifier = ""] of [...source.matchAll(IMPORT), ...source.matchAll(DYNAMIC_IMPORT)]) {
      const chosen = imports[specifier]?.["@dagstack/source"];
      if (specifier.startsWith(".")) visit(join(dirname(file), specifier));
      else if (chosen !== undefined) for (const one of Object.values(chosen)) visit(join(packages, folder, one));
      else foreign.add(specifier);
    }
  };
  for (const entry of entries) visit(join(packages, folder, entry));
  return { files, foreign };
}

describe("universal packages (design §2)", { timeout: 30_000 }, () => {
  it.each(UNIVERSAL)("%s: nothing that its entry points load is of Node or of anybody else", (folder) => {
    const { files, foreign } = reachable(folder);
    expect(files.size).toBeGreaterThan(2);
    expect([...foreign].filter((specifier) => !specifier.startsWith("@dagstack/"))).toEqual([]);
  });

  it.each(UNIVERSAL)("%s: the scan sees every source file there is", (folder) => {
    const { files } = reachable(folder);
    const sources = readdirSync(join(packages, folder, "src"), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !FOR_NODE.some((entry) => `./${file}`.startsWith(`${entry}/`)))
      .map((file) => join(packages, folder, "src", file));
    const unseen = sources.filter((file) => !files.has(file));
    // Files that are imported for their types alone are not loaded, so they hold nothing but types.
    expect(unseen.filter((file) => /^export (?:const|function|class|let)/m.test(readFileSync(file, "utf8")))).toEqual(
      [],
    );
    expect(existsSync(join(packages, folder, "src", "index.ts"))).toBe(true);
  });

  it("logging works where there is no process", async () => {
    const outcome = await runProgram(`
      const write = process.stdout.write.bind(process.stdout);
      const lines = [];
      for (const method of ["debug", "info", "warn", "error"]) console[method] = (text) => { lines.push([method, text]); };
      delete globalThis.process;
      const { configure, Logger, captureLogs, installShutdownHooks } = await import("@dagstack/logger");
      const { InMemorySink } = await import("@dagstack/sink-memory");
      const { CallbackSink } = await import("@dagstack/sink-callback");
      installShutdownHooks()();
      Logger.get("app").info("unconfigured");
      Logger.get("app").error("worse");
      const memory = new InMemorySink();
      const called = [];
      const broken = { id: "broken", emit() { throw new Error("no"); }, flush() {}, close() {}, supportsSeverity: () => true };
      configure({ sinks: [memory, new CallbackSink((record) => { called.push(record.body); }), broken] });
      Logger.get("app").info("configured", { api_key: "s3cret" });
      const { records } = await captureLogs(() => Logger.get("app").info("captured"));
      const scoped = new InMemorySink();
      await Logger.get("app").withScopedSinks([scoped], (log) => log.info("scoped"));
      const flushed = await Logger.flush();
      const closed = await Logger.close();
      const [record] = memory.records();
      write(JSON.stringify({
        lines: lines.map(([method, text]) => [method, /unconfigured|worse|sink_error|resource_incomplete/.exec(text)?.[0]]),
        attributes: record.attributes,
        language: record.resource.attributes["telemetry.sdk.language"],
        service: record.resource.attributes["service.name"],
        called, captured: records.length, scoped: scoped.size,
        failed: flushed.failedSinks.map((sink) => sink.sinkId), closed: closed.success,
      }));`);
    expect(outcome.stderr).toBe("");
    expect(JSON.parse(outcome.stdout)).toEqual({
      lines: [
        ["info", "unconfigured"],
        ["error", "worse"],
        ["warn", "resource_incomplete"],
        ["warn", "sink_error"],
      ],
      attributes: { api_key: "***" },
      language: "webjs",
      service: "unknown_service",
      called: ["configured"],
      captured: 1,
      scoped: 1,
      failed: ["broken"],
      closed: true,
    });
  });
});
