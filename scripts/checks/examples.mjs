import { workspacePackages } from "../workspace.mjs";
import { runCommand } from "./run-command.mjs";

/** `check` of an example runs it and fails when it did not do what its README says. One check per example. */
export async function examples(tally) {
  const found = workspacePackages().filter(({ folder }) => folder.startsWith("examples/"));
  if (found.length === 0) return tally.skip("examples/ is empty");
  for (const { manifest, folder } of found) {
    if (manifest.scripts?.check === undefined) {
      tally.fail(`${folder} has no check script`);
      continue;
    }
    const args = ["run", "check", `--filter=${manifest.name}`, "--output-logs=errors-only"];
    tally.command(`${folder}: check`, await runCommand("turbo", args, { timeoutMs: 120_000 }));
  }
}
