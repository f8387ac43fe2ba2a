import { dirname } from "node:path";
import type { FileSystem } from "@dagstack/logger-core/files";

/** Where the system keeps what are no files, or no files of ours: `/dev/stdout` is a link that everybody shares. */
const SYSTEM: ReadonlySet<string> = new Set(["/dev", "/proc", "/sys"]);
/** Ordinary files in memory. */
const SHARED_MEMORY = "/dev/shm";
const MAX_LINKS = 40;

/**
 * The first place on the way of an absolute path, links followed, that belongs to the system: nothing there may be renamed
 * or emptied, whatever it leads to. `undefined` when there is none.
 */
export function systemPath(fs: FileSystem, path: string): string | undefined {
  const rest = path.split("/");
  let at = "/";
  for (let links = 0; ; ) {
    const name = rest.shift();
    if (name === undefined) return undefined;
    if (name === "" || name === ".") continue;
    if (name === "..") {
      at = dirname(at);
      continue;
    }
    const next = at === "/" ? `/${name}` : `${at}/${name}`;
    if (SYSTEM.has(next) && `${next}/${rest[0]}` !== SHARED_MEMORY) return next;
    const target = linkTarget(fs, next);
    if (target === undefined) at = next;
    else if (++links > MAX_LINKS)
      return undefined; // opening it fails
    else {
      if (target.startsWith("/")) at = "/";
      rest.unshift(...target.split("/"));
    }
  }
}

function linkTarget(fs: FileSystem, path: string): string | undefined {
  try {
    return fs.linkTarget?.(path);
  } catch {
    return undefined; // not lost: whatever it is, opening it meets it again
  }
}
