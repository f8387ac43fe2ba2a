/** What is asked about a file. */
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
 * The file system as sinks need it: a seam for tests and for runtimes with another one. Every call is synchronous
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
  /** Creates a lock that names its owner, in one step. Fails with `EEXIST` while there is one, or something else of that name. */
  lock(path: string, owner: string): void;
  /** Who owns the lock; `undefined` where there is none, an empty text for something that is no lock. */
  lockOwner(path: string): string | undefined;
  /** Where a symbolic link leads, as it says itself; `undefined` for anything else. Absent: there are no links. */
  linkTarget?(path: string): string | undefined;
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

/** The `code` of a file-system error, or an empty text. */
export function errorCode(error: unknown): string {
  const code = typeof error === "object" && error !== null ? (error as { code?: unknown }).code : undefined;
  return typeof code === "string" ? code : "";
}
