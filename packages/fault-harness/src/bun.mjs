import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

/**
 * Bun's binary: what `DAGSTACK_BUN` names, what `.ci/run` fetched, or `bun` on the PATH; `undefined` if there is none.
 *
 * @returns {string | undefined}
 */
export function bunBinary() {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  const onPath = (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, "bun"));
  const fetched = join(cache, "dagstack-ci", "bun", "node_modules", ".bin", "bun");
  return [process.env.DAGSTACK_BUN, fetched, ...onPath].find((file) => file && existsSync(file));
}
