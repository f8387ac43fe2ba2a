import { dirname } from "node:path";
import { errorCode, type FileStatus, type FileSystem } from "./file-system.ts";

/** How files are opened. */
export interface OpenOptions {
  readonly fs: FileSystem;
  readonly path: string;
  readonly fileMode: number;
  readonly mkdir: boolean;
  readonly onError: (error: unknown) => void;
}

/** A descriptor opened for appending, and what it was when it was opened. */
export class OpenFile {
  readonly fd: number;
  readonly opened: FileStatus;
  readonly #options: OpenOptions;
  #unsynced = false;

  /** @throws what the file system throws. */
  constructor(options: OpenOptions) {
    this.#options = options;
    this.fd = this.#open();
    try {
      this.opened = options.fs.status(this.fd);
    } catch (error) {
      options.fs.close(this.fd);
      throw error;
    }
  }

  get identity(): string {
    return this.opened.identity;
  }

  /** An ordinary file, which alone can be rotated, cut and forced to the disk. */
  get isRegular(): boolean {
    return this.opened.isRegular;
  }

  /** Whether it has no name any more, so that what is written to it is gone when it is closed. */
  get isRemoved(): boolean {
    return this.isRegular && this.#links === 0;
  }

  /** Whether it has names beside the one that it was opened by, so that it is somebody else's as well. */
  get isShared(): boolean {
    return this.isRegular && this.#links > 1;
  }

  get #links(): number {
    try {
      return this.#options.fs.status(this.fd).links;
    } catch {
      return 1; // the next write meets the same descriptor and says what is wrong with it
    }
  }

  write(bytes: Uint8Array, offset: number, length: number): number {
    this.#unsynced = true;
    return this.#options.fs.write(this.fd, bytes, offset, length);
  }

  /** Forces what was written to the disk. */
  sync(): void {
    if (!this.#unsynced || !this.isRegular) return;
    this.#options.fs.fsync(this.fd);
    this.#unsynced = false;
  }

  empty(): void {
    this.#options.fs.truncate(this.fd, 0);
  }

  /**
   * Cuts the last `count` bytes off, if the file is exactly `sizeBytes` long: bytes of another writer are not ours to
   * cut. Answers whether it did.
   */
  cut(count: number, sizeBytes: number): boolean {
    const { fs, onError } = this.#options;
    if (count === 0 || !this.isRegular) return false;
    try {
      if (fs.status(this.fd).sizeBytes !== sizeBytes) return false;
      fs.truncate(this.fd, sizeBytes - count);
      return true;
    } catch (error) {
      onError(error);
      return false;
    }
  }

  close(): void {
    try {
      this.#options.fs.close(this.fd);
    } catch (error) {
      this.#options.onError(error);
    }
  }

  #open(): number {
    const { fs, path, fileMode, mkdir } = this.#options;
    try {
      return fs.open(path, fileMode);
    } catch (error) {
      if (!mkdir || errorCode(error) !== "ENOENT") throw error;
      fs.makeDirectory(dirname(path));
      return fs.open(path, fileMode);
    }
  }
}
