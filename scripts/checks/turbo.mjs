import { rmSync } from "node:fs";
import { join } from "node:path";
import { publicPackages, workspacePackages } from "../workspace.mjs";
import { runCommand } from "./run-command.mjs";
import { addVitestReport } from "./vitest-report.mjs";

const turboArgs = (task, ...args) => [
  "run",
  task,
  "--continue",
  "--output-logs=errors-only",
  "--log-order=grouped",
  ...args,
];

/** One turbo task over the whole workspace, counted as one check. */
export function turbo(task, ...args) {
  return async (tally) => tally.command(`turbo run ${task}`, await runCommand("turbo", turboArgs(task, ...args)));
}

/** A build from nothing: neither an old `dist` nor turbo's cache gets into what the later steps check. */
export async function build(tally) {
  for (const { path } of publicPackages()) rmSync(join(path, "dist"), { recursive: true, force: true });
  await turbo("build", "--force")(tally);
}

/**
 * The tests of every package, never from turbo's cache: a run of `npm test` ran them. Two packages at a time, since vitest
 * uses every core by itself.
 */
export async function unitTests(tally) {
  const tested = workspacePackages().filter(({ manifest }) => manifest.scripts?.test !== undefined);
  for (const { path } of tested) rmSync(join(path, "test-results"), { recursive: true, force: true });
  const { ok, output } = await runCommand("turbo", turboArgs("test", "--only", "--force", "--concurrency=2"));
  const lines = output.split("\n");
  for (const { manifest, path } of tested) {
    const own = lines.filter((line) => line.startsWith(`${manifest.name}:test:`) || line.includes("stopped after"));
    addVitestReport(tally, manifest.name, join(path, "test-results", "vitest.json"), own.slice(-20).join("\n"));
  }
  if (!ok && tally.failed === 0) tally.fail("turbo run test", output);
}
