import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const CLI = fileURLToPath(new URL("../dist/cli.js", import.meta.url));

/** What the command line did. */
export interface CliRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command line in a process of its own. */
export async function runCli(
  args: readonly string[],
  cwd?: string,
  nodeOptions: readonly string[] = [],
): Promise<CliRun> {
  const child = spawn(process.execPath, [...nodeOptions, CLI, ...args], { ...(cwd === undefined ? {} : { cwd }) });
  const texts = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      texts[name] += text;
    });
  }
  const status = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { status, ...texts };
}
