/** Runs programs against the built packages, as an application does: what happens when a process ends shows only there. */
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** From the start of the process to its end. */
  readonly ms: number;
}

const packageRoot = fileURLToPath(new URL("..", import.meta.url));

/** Starts Node on the text of an ES module that can import this package and those it depends on. */
export function startProgram(
  source: string,
  options: { readonly env?: Readonly<Record<string, string>>; readonly shellRedirection?: string } = {},
): { readonly child: ChildProcess; readonly outcome: Promise<Outcome> } {
  const { env = {}, shellRedirection } = options;
  const args = ["--input-type=module", "-e", source];
  const started = performance.now();
  const settings = { cwd: packageRoot, env: { ...process.env, NO_COLOR: "1", OTEL_SERVICE_NAME: "test", ...env } };
  const child =
    shellRedirection === undefined
      ? spawn(process.execPath, args, settings)
      : spawn("/bin/sh", ["-c", `"$0" "$@" ${shellRedirection}`, process.execPath, ...args], settings);
  const outcome = new Promise<Outcome>((resolve, reject) => {
    const text = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      child[name]?.setEncoding("utf8").on("data", (chunk: string) => {
        text[name] += chunk;
      });
    }
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, ...text, ms: performance.now() - started }));
  });
  return { child, outcome };
}

/** Runs such a program to its end. */
export function runProgram(source: string, options: Parameters<typeof startProgram>[1] = {}): Promise<Outcome> {
  return startProgram(source, options).outcome;
}

/** The records of JSON lines. */
export function parseLines(text: string): { body: unknown; attributes?: Readonly<Record<string, unknown>> }[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as { body: unknown });
}

/** The `dagstack.sink.id` and count of each `unflushed_shutdown` on stderr. */
export function unflushed(stderr: string): unknown[] {
  return parseLines(stderr)
    .filter(({ attributes }) => attributes?.["event.name"] === "unflushed_shutdown")
    .map(({ attributes }) => [attributes?.["dagstack.sink.id"], attributes?.["dagstack.dropped_count"]]);
}
