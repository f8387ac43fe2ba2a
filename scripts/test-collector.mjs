// npm run test:collector [part of a case's title]: builds sink-otlp, finds or builds a collector, runs the sink against it.
// See docs/otlp-collector.md.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { findCollector } from "./collector-binary.mjs";
import { root } from "./workspace.mjs";

function run(command, args) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (error !== undefined) throw error;
  return status ?? 1;
}

const { path, missing } = await findCollector(console.log);
if (path === undefined) {
  console.log(`no OpenTelemetry Collector: ${missing}`);
  process.exitCode = 1;
} else {
  const built = run("turbo", ["run", "build", "--filter=@dagstack/sink-otlp", "--output-logs=errors-only"]);
  const main = join(root, "packages", "sink-otlp", "test", "collector", "main.mjs");
  process.exitCode = built || run(process.execPath, [main, path, ...process.argv.slice(2)]);
}
