// A program bundled into one file must do what it does unbundled (design: works in bundles, both output formats).
import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { root } from "../workspace.mjs";
import { runCommand } from "./run-command.mjs";

const formats = [
  { format: "esm", file: "bundle.mjs" },
  { format: "cjs", file: "bundle.cjs" },
];

export async function bundles(tally, context) {
  const project = await context.installed();
  const entry = join(project, "bundled-program.mjs");
  copyFileSync(join(root, "scripts", "checks", "in-project", "bundled-program.mjs"), entry);
  for (const { format, file } of formats) {
    // Built where the packages are, run where they are not.
    const folder = context.folder(`bundle-${format}`);
    const outfile = join(folder, file);
    await build({
      entryPoints: [entry],
      bundle: true,
      outfile,
      format,
      platform: "node",
      target: "node20",
      logLevel: "silent",
    });
    const ran = await runCommand("node", [file], { cwd: folder, timeoutMs: 60_000 });
    tally.command(`one-file ${format.toUpperCase()} bundle of logger, console and file sink`, ran);
    rmSync(folder, { recursive: true, force: true });
  }
}
