/** The files of a new repository, made from the templates. */
import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { sinkNames } from "./package-name.ts";
import type { Plan } from "./plan.ts";
import type { Versions } from "./versions.ts";

/** Names that npm or git would take for their own inside this package. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ["_package.json", "package.json"],
  ["_gitignore", ".gitignore"],
  ["_LICENSE", "LICENSE"],
  ["_github", ".github"],
  ["_changeset", ".changeset"],
]);
const PLACEHOLDER = /__[A-Z]+(?:_[A-Z]+)*__/g;

/** Path to content, paths with `/`. */
export type RepositoryFiles = ReadonlyMap<string, string>;

/**
 * Fills in the templates.
 *
 * @throws Error for a placeholder that nothing fills, which is a mistake in the template.
 */
export function repositoryFiles(
  templatesFolder: string,
  { name, template }: Pick<Plan, "name" | "template">,
  versions: Versions,
): RepositoryFiles {
  const { file, className } = sinkNames(name);
  const values: Readonly<Record<string, string>> = {
    __PACKAGE__: name,
    __FILE__: file,
    __CLASS__: className,
    __CORE__: versions["@dagstack/logger-core"],
    __LOGGER__: versions["@dagstack/logger"],
    __CONFORMANCE__: versions["@dagstack/sink-conformance"],
    __TYPESCRIPT__: versions.typescript,
    __TYPES_NODE__: versions["@types/node"],
    __CHANGESETS__: versions["@changesets/cli"],
  };
  const fill = (text: string, path: string): string =>
    text.replaceAll(PLACEHOLDER, (placeholder) => {
      const value = values[placeholder];
      if (value === undefined) throw new Error(`templates/${path}: nothing fills ${placeholder}`);
      return value;
    });
  const files = new Map<string, string>();
  for (const part of ["common", template]) {
    const folder = join(templatesFolder, part);
    for (const path of filesIn(folder)) {
      const target = fill(path, path)
        .split("/")
        .map((segment) => NAMES.get(segment) ?? segment)
        .join("/");
      files.set(target, fill(readFileSync(join(folder, path), "utf8"), path));
    }
  }
  return files;
}

function filesIn(folder: string, below = ""): string[] {
  return readdirSync(join(folder, below), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = posix.join(below, entry.name);
      return entry.isDirectory() ? filesIn(folder, path) : [path];
    });
}
