import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { errorCode, type FileStatus, type FileSystem } from "./file-system.ts";
import { gzipFile } from "./gzip-file.ts";

// Not blocking: opening a named pipe without a reader then fails instead of stopping the process. Absent on Windows.
const APPEND =
  constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | ((constants.O_NONBLOCK as number | undefined) ?? 0);

/** `node:fs`. */
export const nodeFileSystem: FileSystem = Object.freeze({
  open: (path: string, mode: number): number => openSync(path, APPEND, mode),
  write: (fd: number, bytes: Uint8Array, offset: number, length: number): number =>
    writeSync(fd, bytes, offset, length),
  fsync: (fd: number): void => fsyncSync(fd),
  status: (fd: number): FileStatus => fileStatus(fstatSync(fd)),
  statusOf(path: string): FileStatus | undefined {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats === undefined ? undefined : fileStatus(stats);
  },
  readEnd,
  truncate: (fd: number, sizeBytes: number): void => ftruncateSync(fd, sizeBytes),
  close: (fd: number): void => closeSync(fd),
  rename: (from: string, to: string): void => renameSync(from, to),
  exists: (path: string): boolean => existsSync(path),
  remove: (path: string): void => rmSync(path, { force: true }),
  list: (directory: string): readonly string[] => readdirSync(directory),
  makeDirectory: (path: string): void => void mkdirSync(path, { recursive: true }),
  lock,
  lockOwner,
  linkTarget,
  gzip: gzipFile,
});

function fileStatus(stats: Stats): FileStatus {
  return {
    isRegular: stats.isFile(),
    sizeBytes: stats.size,
    modifiedMs: stats.mtimeMs,
    identity: `${stats.dev}:${stats.ino}`,
    links: stats.nlink,
  };
}

function readEnd(path: string, length: number): Uint8Array {
  const fd = openSync(path, "r");
  try {
    const bytes = new Uint8Array(length);
    const read = readSync(fd, bytes, 0, length, Math.max(0, fstatSync(fd).size - length));
    return bytes.subarray(0, read);
  } finally {
    closeSync(fd);
  }
}

/** What file systems without symbolic links answer, such as that of a USB stick. */
const NO_LINKS: ReadonlySet<string> = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"]);
/** Longer than any owner's name. */
const MAX_OWNER_BYTES = 256;
/** How old an empty file is at most whose maker may be about to write its name into it. */
const BEING_MADE_MS = 1_000;

/**
 * A symbolic link is made with its text in one step, so a process that dies leaves no lock without an owner. Where there
 * are none it is a file.
 */
function lock(path: string, owner: string): void {
  const file = (): void => writeFileSync(path, owner, { flag: "wx" });
  if (process.platform === "win32") {
    file();
    return;
  }
  try {
    symlinkSync(owner, path);
  } catch (error) {
    if (!NO_LINKS.has(errorCode(error))) throw error;
    file();
  }
}

function lockOwner(path: string): string | undefined {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  try {
    if (stats.isSymbolicLink()) return readlinkSync(path);
    if (!stats.isFile() || stats.size > MAX_OWNER_BYTES) return "";
    if (stats.size === 0 && Date.now() - stats.mtimeMs < BEING_MADE_MS) return undefined;
    return readFileSync(path, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined; // removed since
    throw error;
  }
}

function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined; // no link; or nothing that can be read, which opening it meets again
  }
}
