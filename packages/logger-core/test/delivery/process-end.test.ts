/** S13 and design 8.15: nothing of a sink keeps a process alive. In real processes, on the compiled package. */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const packageFolder = fileURLToPath(new URL("../..", import.meta.url));
let compiled: string;

beforeAll(() => {
  compiled = mkdtempSync(join(tmpdir(), "logger-core-"));
  writeFileSync(join(compiled, "package.json"), '{ "type": "module" }');
  const typescript = dirname(createRequire(import.meta.url).resolve("typescript/package.json"));
  const options = [
    "--customConditions",
    "@dagstack/source",
    "-p",
    "tsconfig.build.json",
    "--outDir",
    compiled,
    "--declaration",
    "false",
    "--declarationMap",
    "false",
  ];
  const tsc = spawnSync(
    process.execPath,
    [join(typescript, "bin/tsc"), ...options, "--isolatedDeclarations", "false"],
    {
      cwd: packageFolder,
      encoding: "utf8",
    },
  );
  expect(tsc.stdout).toBe("");
}, 60_000);

afterAll(() => rmSync(compiled, { recursive: true, force: true }));

/** Runs a program in a process of its own; it is killed after 20 s, which no sink's timer reaches. */
function run(program: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const from = (path: string): string => JSON.stringify(pathToFileURL(join(compiled, path)).href);
  const imports = `import { BatchingSink } from ${from("delivery/index.js")};
import { testRecord } from ${from("testing/index.js")};
`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", imports + program], { timeout: 20_000 });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, stdout, stderr })));
}

const HOUR = 3_600_000;

describe("a process with a BatchingSink", () => {
  it.each([
    ["a partial batch that lingers", `{ deliver: async () => {}, flushIntervalMs: ${HOUR} }`],
    ["a partial batch for the next turn", "{ deliver: () => new Promise(() => {}), flushIntervalMs: 0 }"],
    ["a delivery that never settles", "{ deliver: () => new Promise(() => {}), batchSize: 1 }"],
    [
      "a retry to come",
      `{ deliver: () => Promise.reject(new Error("down")), batchSize: 1, retry: { initialMs: ${HOUR}, budgetMs: ${HOUR * 9} } }`,
    ],
    [
      "a pause that the receiver asked for",
      `{ deliver: async () => ({ status: "retry", afterMs: ${HOUR} }), batchSize: 1, concurrency: 2, retry: { maxAttempts: 1 } }`,
    ],
  ])(
    "that only emitted ends by itself: %s",
    async (_, options) => {
      const program = `const sink = new BatchingSink({ id: "s", ...${options} });
for (let index = 0; index < 3; index++) sink.emit(testRecord());
setTimeout(() => console.log("end"), 50);`;
      expect(await run(program)).toEqual({ code: 0, stdout: "end\n", stderr: "" });
    },
    30_000,
  );

  it("that awaits flush and close waits for them, up to their deadlines", async () => {
    const program = `const sink = new BatchingSink({ id: "s", deliver: () => new Promise(() => {}), batchSize: 1 });
sink.emit(testRecord());
const { success } = await sink.flush(100);
await sink.close(100);
console.log("flushed", success);`;
    expect(await run(program)).toEqual({ code: 0, stdout: "flushed false\n", stderr: "" });
  }, 30_000);
});
