// The release, or commit, that this tree is compared with: fetched or built into a temporary folder.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const PACKAGES = ["logger", "sink-file", "sink-memory", "sink-otlp"];

function run(command, args, cwd = root) {
  const shell = process.platform === "win32";
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8", shell });
  return { ok: status === 0, output: stdout?.trim() ?? "", trouble: stderr?.trim() ?? "" };
}

function mustRun(...command) {
  const result = run(...command);
  if (!result.ok) throw new Error(`${command[0]} ${command[1].join(" ")} failed:\n${result.output}\n${result.trouble}`);
  return result.output;
}

/**
 * What to compare with.
 *
 * @param against `npm:<version>`, `git:<ref>`, or `release`: the newest on the registry, else the newest tag, else `fallback`
 * @param fallback a git ref for as long as there is no release
 * @returns such a specification, or `undefined` when there is no release and no fallback
 */
export function resolveSpecification(against, fallback) {
  if (against !== "release") return against;
  const published = run("npm", ["view", "@dagstack/logger", "version"]);
  if (published.ok && published.output !== "") return `npm:${published.output}`;
  const tag = run("git", ["describe", "--tags", "--abbrev=0", "--match", "@dagstack/logger@*"]);
  if (tag.ok) return `git:${tag.output}`;
  return fallback === undefined ? undefined : `git:${fallback}`;
}

function install(version, folder) {
  writeFileSync(join(folder, "package.json"), '{ "private": true }');
  // The packages have versions of their own; the newest of each goes with the newest logger.
  const wanted = PACKAGES.map((name) => `@dagstack/${name}${name === "logger" ? `@${version}` : ""}`);
  mustRun("npm", ["install", "--no-audit", "--no-fund", ...wanted], folder);
  return { name: version, packages: join(folder, "node_modules", "@dagstack") };
}

function build(ref, folder) {
  const commit = mustRun("git", ["rev-parse", "--short", `${ref}^{commit}`]);
  const archive = join(folder, "tree.tar");
  mustRun("git", ["archive", "--output", archive, commit]);
  mustRun("tar", ["-xf", archive], folder);
  const filters = PACKAGES.map((name) => `--filter=@dagstack/${name}`);
  mustRun("node", ["scripts/bootstrap.mjs", "turbo", "run", "build", ...filters], folder);
  return { name: ref.startsWith(commit) ? commit : `${ref} (${commit})`, packages: join(folder, "packages") };
}

/**
 * Makes a specification usable.
 *
 * @returns `{ name, packages, dispose }`; `packages` is a folder for `load` in `peers/dagstack.mjs`
 */
export function fetchBaseline(specification) {
  const [, kind, what] = /^(npm|git):(.+)$/.exec(specification) ?? [];
  if (kind === undefined) throw new Error(`${specification} is neither npm:<version> nor git:<ref> nor release`);
  const folder = mkdtempSync(join(tmpdir(), "dagstack-baseline-"));
  const dispose = () => rmSync(folder, { recursive: true, force: true });
  try {
    return { ...(kind === "npm" ? install : build)(what, folder), dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}
