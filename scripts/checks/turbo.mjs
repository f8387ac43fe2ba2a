import { rmSync } from "node:fs";
import { join } from "node:path";
import { publicPackages } from "../workspace.mjs";
import { runCommand } from "./run-command.mjs";

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
