import { dirname } from "node:path";
import { errorCode, type FileSystem } from "./file-system.ts";
import type { LineDestination } from "./line-writer.ts";
import { type RotationSchedule, shiftFiles } from "./rotation.ts";

/** What a live file is made from. */
export interface LiveFileOptions {
  readonly fs: FileSystem;
  readonly path: string;
  readonly fileMode: number;
  readonly mkdir: boolean;
  readonly fsync: "never" | "flush" | "always";
  readonly rotation: RotationSchedule;
  readonly keep: number;
  /** Wall clock, milliseconds. */
  readonly now: () => number;
  /** Told of what went wrong without any line being refused. */
  readonly onError: (error: unknown) => void;
}

interface OpenFile {
  readonly fd: number;
  readonly identity: string;
  readonly isRegular: boolean;
}

/** After these the descriptor itself is useless: the path is opened again before the next try. */
const STALE_CODES: ReadonlySet<string> = new Set(["EBADF", "ESTALE", "EIO"]);

/** The file at the sink's path: opens it, rotates it, opens it again, and knows how long it is. */
export class LiveFile implements LineDestination {
  readonly #options: LiveFileOptions;
  #open: OpenFile | undefined;
  #bytes = 0;
  #reopenDue = false;
  /** A rotation or reopening failed in this run of writes: go on with the file there is. */
  #held = false;
  #unsynced = false;
  #syncFailure: string | undefined;

  constructor(options: LiveFileOptions) {
    this.#options = options;
  }

  /** Whether an ordinary file is open, which alone can be rotated and forced to the disk. */
  get isRegular(): boolean {
    return this.#open?.isRegular === true;
  }

  begin(): void {
    this.#held = false;
  }

  prepare(lineBytes: number, begunBytes: number): boolean {
    let restart = false;
    if (this.#open === undefined || (this.#reopenDue && !this.#held)) restart = this.reopen(begunBytes);
    const isLineStart = begunBytes === 0 || restart;
    if (isLineStart && this.#rotationIsDue(lineBytes + begunBytes)) this.#rotate();
    return restart;
  }

  room(): number {
    return this.#held || !this.isRegular ? Number.POSITIVE_INFINITY : this.#options.rotation.room(this.#bytes);
  }

  write(bytes: Uint8Array, offset: number, length: number): number {
    const { fs, fsync } = this.#options;
    const fd = this.#open?.fd ?? -1;
    let written: number;
    try {
      written = fs.write(fd, bytes, offset, length);
    } catch (error) {
      if (STALE_CODES.has(errorCode(error))) this.#reopenDue = true;
      throw error;
    }
    this.#bytes += written;
    this.#unsynced = true;
    if (fsync === "always") this.sync();
    return written;
  }

  /**
   * Opens the path, for the first time or anew. With an open file at hand a failure is only reported, and that file
   * stays in use until a later write can open the path.
   *
   * @throws what the file system throws, without an open file.
   */
  reopen(begunBytes: number): boolean {
    const { onError, rotation, now } = this.#options;
    const old = this.#open;
    let next: OpenFile;
    let bytes: number;
    try {
      const fd = this.#openPath();
      const status = this.#statusOf(fd);
      next = { fd, identity: status.identity, isRegular: status.isRegular };
      bytes = status.sizeBytes;
      rotation.opened(bytes, status.modifiedMs, now());
    } catch (error) {
      if (old === undefined) throw error;
      this.#reopenDue = true;
      this.#held = true;
      onError(error);
      return false;
    }
    const moved = old !== undefined && old.identity !== next.identity;
    if (old !== undefined) {
      if (moved) this.#removeBegunLine(begunBytes);
      this.sync();
      this.#release(old);
    }
    this.#open = next;
    this.#bytes = bytes;
    this.#reopenDue = false;
    return moved;
  }

  /** Forces what was written to the disk, as far as `fsync` asks for it. A failure is kept for `takeSyncFailure`. */
  sync(): void {
    const { fs, fsync, onError } = this.#options;
    if (fsync === "never" || !this.#unsynced || this.#open === undefined || !this.#open.isRegular) return;
    try {
      fs.fsync(this.#open.fd);
      this.#unsynced = false;
    } catch (error) {
      this.#syncFailure = errorCode(error) || "unknown error";
      onError(error);
    }
  }

  /** The code of an fsync failure since the last call. */
  takeSyncFailure(): string | undefined {
    const failure = this.#syncFailure;
    this.#syncFailure = undefined;
    return failure;
  }

  /** Syncs if asked to, removes the beginning of a line that will never be finished, and releases the descriptor. */
  close(begunBytes: number): void {
    if (this.#open === undefined) return;
    this.#removeBegunLine(begunBytes);
    this.sync();
    this.#release(this.#open);
    this.#open = undefined;
  }

  #openPath(): number {
    const { fs, path, fileMode, mkdir } = this.#options;
    try {
      return fs.open(path, fileMode);
    } catch (error) {
      if (!mkdir || errorCode(error) !== "ENOENT") throw error;
      fs.makeDirectory(dirname(path));
      return fs.open(path, fileMode);
    }
  }

  #statusOf(fd: number): ReturnType<FileSystem["status"]> {
    try {
      return this.#options.fs.status(fd);
    } catch (error) {
      this.#options.fs.close(fd);
      throw error;
    }
  }

  #rotationIsDue(lineBytes: number): boolean {
    if (this.#held || this.#reopenDue || !this.isRegular || this.#options.rotation.isOff) return false;
    return this.#options.rotation.isDue(this.#bytes, lineBytes, this.#options.now());
  }

  #rotate(): void {
    const { fs, path, keep, rotation, now, onError } = this.#options;
    try {
      if (keep > 0) {
        shiftFiles(fs, path, keep);
        this.reopen(0);
        return;
      }
      // Opened again first: emptying must hit the file at the path, not one that was moved away from it.
      this.reopen(0);
      if (this.#held || this.#open === undefined || !this.#open.isRegular) return;
      fs.truncate(this.#open.fd, 0);
      this.#bytes = 0;
      rotation.opened(0, 0, now());
    } catch (error) {
      this.#held = true;
      onError(error);
    }
  }

  /** Only when the file is exactly as long as this sink left it: another writer's bytes are not ours to cut. */
  #removeBegunLine(begunBytes: number): void {
    const { fs, onError } = this.#options;
    if (begunBytes === 0 || this.#open === undefined || !this.#open.isRegular) return;
    try {
      if (fs.status(this.#open.fd).sizeBytes !== this.#bytes) return;
      fs.truncate(this.#open.fd, this.#bytes - begunBytes);
    } catch (error) {
      onError(error);
    }
  }

  #release(file: OpenFile): void {
    try {
      this.#options.fs.close(file.fd);
    } catch (error) {
      this.#options.onError(error);
    }
  }
}
