// node scripts/bootstrap.mjs <command> [arguments]: makes the workspace ready, then runs the command with the pinned pnpm and the
// workspace's tools on PATH. Needs nothing but Node and npm, so it may use Node's own modules only.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { root, workspacePackages } from "./workspace.mjs";

const windows = process.platform === "win32";
const stampFile = join(root, "node_modules", ".dagstack-bootstrap.json");
const rootManifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const pnpmVersion = rootManifest.devEngines.packageManager.version;

function stop(message) {
  console.error(message);
  process.exit(1);
}

function requireNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  stop(`Node ${rootManifest.engines.node} is needed; this is ${process.versions.node}.`);
}

/** Changes whenever an install could have something to do. */
function fingerprint() {
  const hash = createHash("sha256").update(`${process.platform} ${process.arch} pnpm ${pnpmVersion}`);
  const manifests = ["package.json", ...workspacePackages().map(({ folder }) => `${folder}/package.json`)];
  for (const path of ["pnpm-lock.yaml", "pnpm-workspace.yaml", ...manifests]) {
    hash.update(`\n${path}\n`).update(readFileSync(join(root, path)));
  }
  return hash.digest("hex");
}

function readStamp() {
  try {
    return JSON.parse(readFileSync(stampFile, "utf8"));
  } catch {
    return {}; // absent or torn: the same as never installed
  }
}

function hasModules({ path, manifest }) {
  const wanted = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
  return wanted.every((name) => existsSync(join(path, "node_modules", name)));
}

function capture(command, args) {
  const env = { ...process.env, COREPACK_ENABLE_DOWNLOAD_PROMPT: "0", npm_config_update_notifier: "false" };
  return spawnSync(command, args, {
    cwd: root,
    env,
    encoding: "utf8",
    shell: windows,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

function findOnPath(name, path) {
  const folders = path.split(delimiter).filter((folder) => folder !== "");
  return folders.find((folder) => existsSync(join(folder, windows ? `${name}.cmd` : name)));
}

/** The folder of a pnpm of the pinned version: the one on PATH, or the one npx fetches. */
function findPnpm() {
  const onPath = findOnPath("pnpm", process.env.PATH ?? "");
  if (onPath !== undefined && capture("pnpm", ["--version"]).stdout?.trim() === pnpmVersion) return onPath;
  const npx = capture("npx", ["-y", "-p", `pnpm@${pnpmVersion}`, "-c", "node -p process.env.PATH"]);
  if (npx.status !== 0) stop(`npx could not fetch pnpm ${pnpmVersion}:\n${npx.stdout}${npx.stderr}`);
  const folder = findOnPath("pnpm", npx.stdout.trim().split("\n").at(-1));
  return folder ?? stop(`npx fetched pnpm ${pnpmVersion} but did not put it on PATH`);
}

/** Installs when something changed; returns the folder that holds pnpm. */
function prepare() {
  const stamp = readStamp();
  const current = fingerprint();
  const ready =
    stamp.fingerprint === current && [{ path: root, manifest: rootManifest }, ...workspacePackages()].every(hasModules);
  if (ready && existsSync(join(stamp.pnpmFolder, windows ? "pnpm.cmd" : "pnpm"))) return stamp.pnpmFolder;
  const pnpmFolder = findPnpm();
  if (!ready) {
    console.log(`installing the workspace with pnpm ${pnpmVersion} …`);
    // A modules folder that another package manager left behind is replaced without a question.
    const args = ["install", "--frozen-lockfile", "--config.confirmModulesPurge=false"];
    const install = capture(join(pnpmFolder, "pnpm"), args);
    if (install.status !== 0) stop(`pnpm ${args.join(" ")} failed:\n${install.stdout}${install.stderr}`);
  }
  writeFileSync(stampFile, `${JSON.stringify({ fingerprint: current, pnpmFolder }, null, 2)}\n`);
  return pnpmFolder;
}

requireNode();
const pnpmFolder = prepare();
const [command = "node", ...args] = process.argv.slice(2);
const path = [join(root, "node_modules", ".bin"), pnpmFolder, dirname(process.execPath), process.env.PATH].join(
  delimiter,
);
const env = { ...process.env, PATH: path, TURBO_TELEMETRY_DISABLED: "1", pnpm_config_verify_deps_before_run: "false" };
const result = spawnSync(command, args, { cwd: root, env, stdio: "inherit", shell: windows });
if (result.error !== undefined) stop(`${command}: ${result.error.message}`);
process.exitCode = result.status ?? 1;
