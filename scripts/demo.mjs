// `npm run demo`: builds what the shop example needs, then runs it.
import { spawnSync } from "node:child_process";
import { root, workspacePackages } from "./workspace.mjs";

const example = "example-shop";

function run(command, args, stdio) {
  const result = spawnSync(command, args, { cwd: root, stdio, encoding: "utf8", shell: process.platform === "win32" });
  if (result.status === 0) return;
  process.stderr.write(`${result.stdout ?? ""}${result.stderr ?? ""}${result.error?.message ?? ""}\n`);
  process.exit(result.status ?? 1);
}

if (!workspacePackages().some(({ manifest }) => manifest.name === example)) {
  console.error(`no package is called ${example}`);
  process.exit(1);
}
console.log("building …");
run("turbo", ["run", "build", `--filter=${example}...`, "--output-logs=errors-only"], "pipe");
run("pnpm", ["--silent", "--filter", example, "start"], "inherit");
