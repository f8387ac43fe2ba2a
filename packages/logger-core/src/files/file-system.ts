import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
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
import { gzipFile } from "./gzip-file.ts";

/** What the sink asks about an open file. */
export interface FileStatus {
  readonly isRegular: boolean;
  readonly sizeBytes: number;
  /** Last change of the content, milliseconds since the Unix epoch. */
  readonly modifiedMs: number;
  /** The same text for the same file, whatever its name is by now. */
  readonly identity: string;
  /** How many names it has: 0 when it was removed while open. */
  readonly links: number;
}

/**
 * The file system as the sink needs it: a seam for tests and for runtimes with another one. Every call is synchronous
 * and throws as `node:fs` does, with a `code` such as `ENOSPC`.
 */
export interface FileSystem {
  /** Opens for appending, creating the file with `mode` (less the umask). Must not wait for a reader of a pipe. */
  open(path: string, mode: number): number;
  /** Appends; answers how many bytes were taken, which may be fewer than `length`. */
  write(fd: number, bytes: Uint8Array, offset: number, length: number): number;
  fsync(fd: number): void;
  status(fd: number): FileStatus;
  /** The file at the path, links followed; `undefined` where there is none. */
  statusOf(path: string): FileStatus | undefined;
  /** The last bytes of a file, at most `length`. */
  readEnd(path: string, length: number): Uint8Array;
  truncate(fd: number, sizeBytes: number): void;
  close(fd: number): void;
  /** Replaces `to` when it exists. */
  rename(from: string, to: string): void;
  exists(path: string): boolean;
  /** A name that does not exist is no error. */
  remove(path: string): void;
  /** The names in a directory. */
  list(directory: string): readonly string[];
  /** Creates the directory and its parents; one that exists is no error. */
  makeDirectory(path: string): void;
  /** Creates a lock that names its owner, in one step. Fails with `EEXIST` while there is one. */
  lock(path: string, owner: string): void;
  /** Who owns the lock; `undefined` where there is none. */
  lockOwner(path: string): string | undefined;
  /**
   * Writes a compressed copy to a new file, which it removes when it fails or is stopped. The one call that is not
   * synchronous: it waits for `turn` between pieces, so that whoever gives it decides how it shares the process.
   *
   * @returns the status of the source and how many of its bytes the copy holds.
   */
  gzip(from: string, to: string, turn: () => Promise<void>, stop: AbortSignal): Promise<GzipCopy>;
}

/** What a compressed copy was made from. */
export interface GzipCopy {
  readonly identity: string;
  readonly sizeBytes: number;
}

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

/** A symbolic link is made with its text in one step, so a process that dies leaves no lock without an owner. */
function lock(path: string, owner: string): void {
  if (process.platform === "win32") writeFileSync(path, owner, { flag: "wx" });
  else symlinkSync(owner, path);
}

function lockOwner(path: string): string | undefined {
  try {
    return process.platform === "win32" ? readFileSync(path, "utf8") : readlinkSync(path);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    if (errorCode(error) === "EINVAL") return ""; // a file of that name that is no link: nobody's
    throw error;
  }
}

/** The `code` of a file-system error, or an empty text. */
export function errorCode(error: unknown): string {
  const code = typeof error === "object" && error !== null ? (error as { code?: unknown }).code : undefined;
  return typeof code === "string" ? code : "";
}
