import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "../workspace.mjs";
import { runCommand } from "./run-command.mjs";

/** The tests of the checks themselves: a check that cannot fail proves nothing. */
export async function ownTests(tally) {
  const folder = join(root, "scripts", "test");
  const files = readdirSync(folder).filter((name) => name.endsWith(".test.mjs"));
  for (const file of files) {
    const { ok, output } = await runCommand("node", ["--test", "--test-reporter=tap", join(folder, file)]);
    const passed = Number(/^# pass (\d+)$/m.exec(output)?.[1] ?? 0);
    tally.pass(passed);
    if (!ok || passed === 0) tally.fail(`scripts/test/${file}`, output);
  }
}
