import { workspacePackages } from "../workspace.mjs";
import { runCommand } from "./run-command.mjs";

/**
 * The private programs of the repository. `check` in their manifest runs one and fails when it did not do its job; every example has one.
 * One check per program.
 */
export async function programs(tally) {
  for (const { manifest, folder } of workspacePackages()) {
    if (manifest.scripts?.check === undefined) {
      if (folder.startsWith("examples/")) tally.fail(`${folder} has no check script`);
      continue;
    }
    const args = ["run", "check", `--filter=${manifest.name}`, "--output-logs=errors-only"];
    tally.command(`${folder}: check`, await runCommand("turbo", args, { timeoutMs: 120_000 }));
  }
}
