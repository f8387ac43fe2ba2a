// node scripts/run-workspace.mjs <package> <script> [arguments]: builds a private package with all it needs, then runs one of its scripts.
// `npm run demo` and `npm run bench` come here.
import { spawnSync } from "node:child_process";
import { root, workspacePackages } from "./workspace.mjs";

const [name, script, ...args] = process.argv.slice(2);

function run(command, commandArgs, stdio) {
  const options = { cwd: root, stdio, encoding: "utf8", shell: process.platform === "win32" };
  const result = spawnSync(command, commandArgs, options);
  if (result.status === 0) return;
  process.stderr.write(`${result.stdout ?? ""}${result.stderr ?? ""}${result.error?.message ?? ""}`);
  process.exit(result.status ?? 1);
}

if (!workspacePackages().some(({ manifest }) => manifest.name === name && manifest.scripts?.[script] !== undefined)) {
  console.error(`no package ${name} with a script ${script}`);
  process.exit(1);
}
console.log(`building what ${name} needs …`);
run("turbo", ["run", "build", `--filter=${name}...`, "--output-logs=errors-only"], "pipe");
run("pnpm", ["--silent", "--filter", name, "run", script, ...args], "inherit");
