import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** Programs run the built packages: a child of Node 20 reads no TypeScript. `turbo run test` builds first. */
export const isBuilt: boolean = ["../dist/index.js", "../../logger-core/dist/index.js"].every((file) =>
  existsSync(path(file)),
);

/** How a program ended. */
export interface ProgramEnd {
  readonly code: number | null;
  readonly output: string;
  readonly ms: number;
}

/**
 * V8's semi-spaces are kept small: how much the collector leaves lying depends on the version (96 MB in Node 24) and is
 * not the sink's.
 */
const FLAGS = ["--expose-gc", "--max-semi-space-size=4"];

/** Runs `test/programs/<name>.mjs` to its end. */
export function runProgram(name: string, ...args: readonly string[]): Promise<ProgramEnd> {
  return new Promise((resolve) => {
    const started = performance.now();
    const child = spawn(process.execPath, [...FLAGS, path(`programs/${name}.mjs`), ...args]);
    let output = "";
    const collect = (chunk: Buffer): void => {
      output += chunk.toString("utf8");
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.on("close", (code) => resolve({ code, output, ms: performance.now() - started }));
  });
}
