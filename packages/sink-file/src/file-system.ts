import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  renameSync,
  writeSync,
} from "node:fs";

/** What the sink asks about an open file. */
export interface FileStatus {
  readonly isRegular: boolean;
  readonly sizeBytes: number;
  /** Last change of the content, milliseconds since the Unix epoch. */
  readonly modifiedMs: number;
  /** The same text for the same file, whatever its name is by now. */
  readonly identity: string;
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
  truncate(fd: number, sizeBytes: number): void;
  close(fd: number): void;
  /** Replaces `to` when it exists. */
  rename(from: string, to: string): void;
  exists(path: string): boolean;
  /** Creates the directory and its parents; one that exists is no error. */
  makeDirectory(path: string): void;
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
  status(fd: number): FileStatus {
    const stats = fstatSync(fd);
    return {
      isRegular: stats.isFile(),
      sizeBytes: stats.size,
      modifiedMs: stats.mtimeMs,
      identity: `${stats.dev}:${stats.ino}`,
    };
  },
  truncate: (fd: number, sizeBytes: number): void => ftruncateSync(fd, sizeBytes),
  close: (fd: number): void => closeSync(fd),
  rename: (from: string, to: string): void => renameSync(from, to),
  exists: (path: string): boolean => existsSync(path),
  makeDirectory: (path: string): void => void mkdirSync(path, { recursive: true }),
});

/** The `code` of a file-system error, or an empty text. */
export function errorCode(error: unknown): string {
  const code = typeof error === "object" && error !== null ? (error as { code?: unknown }).code : undefined;
  return typeof code === "string" ? code : "";
}
