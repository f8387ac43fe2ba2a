/** The versions that a new repository depends on: those that this package was tested and released with. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

const OURS = ["@dagstack/logger-core", "@dagstack/logger", "@dagstack/sink-conformance"] as const;
const TOOLS = ["typescript", "@types/node", "@changesets/cli"] as const;

/** Exact versions by package name. */
export type Versions = Readonly<Record<(typeof OURS)[number] | (typeof TOOLS)[number], string>>;

/**
 * Reads them from this package's own `devDependencies`, where packing writes the versions that were current.
 *
 * @throws Error when the package was never packed.
 */
export function readVersions(packageFolder: string): Versions {
  const file = join(packageFolder, "package.json");
  const { devDependencies = {} } = JSON.parse(readFileSync(file, "utf8")) as { devDependencies?: Partial<Versions> };
  const read = (name: keyof Versions): [string, string] => {
    const version = /^\^?(\d+\.\d+\.\d+\S*)$/.exec(devDependencies[name] ?? "")?.[1];
    if (version === undefined)
      throw new Error(`${name} has no version in ${file}: install this package from a registry`);
    return [name, version];
  };
  return Object.fromEntries([...OURS, ...TOOLS].map(read)) as Versions;
}
