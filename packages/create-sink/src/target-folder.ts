/** The folder of a new repository: only ever one that has nothing in it. */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { RepositoryFiles } from "./repository-files.ts";
import { UsageError } from "./usage-error.ts";

/** What may be there already: a repository that was just made. */
const HARMLESS: readonly string[] = [".git"];

/** @throws UsageError unless the folder is not there yet, or empty. */
export function requireEmptyFolder(folder: string, shown: string): void {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return;
    throw new UsageError(`${shown}: ${code === "ENOTDIR" ? "not a folder" : `cannot be read (${code})`}`);
  }
  const [first] = names.filter((name) => !HARMLESS.includes(name));
  if (first !== undefined) throw new UsageError(`${shown}: the folder is not empty, it holds ${first}`);
}

/** Writes the files. Never replaces one. @throws Error when the file system refuses. */
export function writeRepository(folder: string, files: RepositoryFiles): void {
  for (const [path, content] of files) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content, { flag: "wx" });
  }
}
