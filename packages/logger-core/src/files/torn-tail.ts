import type { FileSystem } from "./file-system.ts";

const LF = 10;

/**
 * Whether a file that is not empty ends in the middle of a line, as a process leaves it that was killed while it wrote. A
 * file that may be written but not read is taken to be whole.
 */
export function isTorn(fs: FileSystem, path: string): boolean {
  try {
    const [last] = fs.readEnd(path, 1);
    return last !== undefined && last !== LF;
  } catch {
    return false; // nothing is lost by it: the line behind it would be torn, which only reading could tell
  }
}
