// What the workspace holds, read without any dependency: the bootstrap needs it before anything is installed.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** The globs under `packages:` in pnpm-workspace.yaml; only `dir`, `dir/*` and `!dir` are used there. */
function workspaceGlobs() {
  const yaml = readFileSync(join(root, "pnpm-workspace.yaml"), "utf8");
  const block = /^packages:\n((?: {2}- .*\n)+)/m.exec(yaml)?.[1] ?? "";
  return block.split("\n").flatMap((line) => /^ {2}- "?([^"#]+?)"?\s*$/.exec(line)?.[1] ?? []);
}

function foldersOf(glob) {
  if (!glob.endsWith("/*")) return [glob];
  const parent = glob.slice(0, -2);
  if (!existsSync(join(root, parent))) return [];
  return readdirSync(join(root, parent), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${parent}/${entry.name}`)
    .sort();
}

/** Every workspace package: `{ folder, path, manifest }`, `folder` relative to the root. */
export function workspacePackages() {
  const globs = workspaceGlobs();
  return globs
    .filter((glob) => !glob.startsWith("!"))
    .flatMap(foldersOf)
    .filter((folder) => !globs.includes(`!${folder}`) && existsSync(join(root, folder, "package.json")))
    .map((folder) => {
      const path = join(root, folder);
      return { folder, path, manifest: JSON.parse(readFileSync(join(path, "package.json"), "utf8")) };
    });
}

/** The packages that go to the registry. */
export function publicPackages() {
  return workspacePackages().filter(({ manifest }) => manifest.private !== true);
}

/** The code entry points of a package: `{ subpath, types }` for each export that `import` and `require` find. */
export function entryPoints(manifest) {
  return Object.entries(manifest.exports ?? {}).flatMap(([subpath, target]) =>
    target.import === undefined ? [] : [{ subpath, types: target.import.types }],
  );
}
