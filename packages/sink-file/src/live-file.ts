import type { Clock } from "@dagstack/logger-core";
import {
  DescriptorTrust,
  DestinationBusy,
  DiskSync,
  type FileLock,
  type FsyncPolicy,
  type Haste,
  isTorn,
  type LineDestination,
  OpenFile,
  type OpenOptions,
  PathWatch,
} from "@dagstack/logger-core/files";
import type { Archives, RotationSchedule } from "./rotation/index.ts";

/** What a live file is made from; `onError` is told of what went wrong without any line being refused. */
export interface LiveFileOptions extends OpenOptions {
  readonly fsync: FsyncPolicy;
  readonly rotation: RotationSchedule;
  /** How many archives are kept: with 0 the live file is emptied. */
  readonly keep: number;
  readonly archives: Archives;
  /** Absent for a file that is not rotated. */
  readonly lock: FileLock | undefined;
  readonly clock: () => Clock;
  /** Told when a line without its end has got one. */
  readonly onHealed: () => void;
  /** Asked before a file of so many bytes is set aside, which can wait. */
  readonly mayRotate: (fileBytes: number) => boolean;
  /** Told of a new archive. */
  readonly onRotated: () => void;
}

const LINE_END: Uint8Array = Uint8Array.of(10);

/** The file at the sink's path: opens it, follows it, rotates it, heals it, and knows how long it is. */
export class LiveFile implements LineDestination {
  readonly #options: LiveFileOptions;
  readonly #watch: PathWatch;
  readonly #disk: DiskSync;
  readonly #trust = new DescriptorTrust();
  #open: OpenFile | undefined;
  #bytes = 0;
  #haste: Haste = "patient";
  #reopenDue = false;
  /** A rotation or reopening failed in this run of writes: go on with the file there is. */
  #held = false;
  /** The begun line must be written whole again, which the writer has not been told yet. */
  #restartDue = false;
  /** The file has an end that this sink did not write. */
  #tailUnknown = false;

  constructor(options: LiveFileOptions) {
    this.#options = options;
    this.#watch = new PathWatch(options.fs, options.path, options.clock);
    this.#disk = new DiskSync(options.fsync, options.onError);
  }

  /** Whether an ordinary file is open, which alone can be rotated and forced to the disk. */
  get isRegular(): boolean {
    return this.#open?.isRegular === true;
  }

  begin(isUrgent: boolean): void {
    this.#held = false;
    this.#haste = isUrgent ? "urgent" : "patient";
  }

  prepare(lineBytes: number, begunBytes: number): boolean {
    if (this.#follow(begunBytes)) this.#restartDue = true;
    const restart = this.#restartDue;
    this.#options.lock?.explain();
    if (begunBytes > 0 && !restart) return false;
    this.#endTornLine();
    if (this.#rotationIsDue(lineBytes + begunBytes)) this.#rotate();
    this.#restartDue = false;
    return restart;
  }

  room(): number {
    return this.#held || !this.isRegular || !this.#isAlone
      ? Number.POSITIVE_INFINITY
      : this.#options.rotation.room(this.#bytes);
  }

  write(bytes: Uint8Array, offset: number, length: number): number {
    let written: number;
    try {
      written = this.#open?.write(bytes, offset, length) ?? 0;
    } catch (error) {
      this.#suspect(error);
      throw error;
    }
    this.#trust.restore();
    this.#bytes += written;
    if (this.#options.fsync === "always") this.sync();
    return written;
  }

  /** Others may write from now on, so a line that could not be finished must not be left for them to write behind. */
  end(begunBytes: number): boolean {
    const { lock } = this.#options;
    const restart = this.#restartDue || (this.#isAlone && this.#cut(begunBytes));
    this.#restartDue = false;
    lock?.rest();
    return restart;
  }

  /** Has the end of the file looked at before anything is written, if nobody else is at it. */
  heal(): void {
    this.#haste = "hasty";
    try {
      this.#follow(0);
      this.#endTornLine();
    } catch {
      // The first write does it, or is refused and says why.
    }
    this.#options.lock?.rest();
  }

  /** Runs an action while no other process writes or rotates, if that can be. */
  alone(action: () => void): "done" | "busy" | "impossible" {
    const { lock } = this.#options;
    try {
      this.#enter("hasty");
      if (!this.#isAlone) return "impossible";
      lock?.confirm();
      action();
      return "done";
    } catch (error) {
      if (error instanceof DestinationBusy) return "busy";
      throw error;
    } finally {
      lock?.rest();
    }
  }

  /**
   * Opens the path, for the first time or anew. With an open file at hand a failure is only reported, and that file
   * stays in use until a later write can open the path; unless it has no name any more, or is rotated by others too.
   *
   * @throws what the file system throws, where no open file may be used instead.
   */
  reopen(begunBytes: number): boolean {
    const { onError, lock } = this.#options;
    try {
      return this.#reopen(begunBytes);
    } catch (error) {
      const old = this.#open;
      if (old === undefined) throw error;
      this.#reopenDue = true;
      if (lock !== undefined || old.isRemoved) throw error;
      this.#held = true;
      onError(error);
      return false;
    }
  }

  /** Forces what was written to the disk, as far as `fsync` asks for it. */
  sync(): void {
    this.#disk.sync(this.#open, this.#suspect);
  }

  /** The code of an fsync failure since the last call. */
  takeSyncFailure(): string | undefined {
    return this.#disk.takeFailure();
  }

  /** Syncs if asked to, removes the beginning of a line that will never be finished, releases descriptor and lock. */
  close(begunBytes: number): void {
    this.#cut(begunBytes);
    this.sync();
    this.#open?.close();
    this.#open = undefined;
    this.#options.lock?.release();
  }

  get #nowMs(): number {
    return Number(this.#options.clock().now() / 1_000_000n);
  }

  /** Whether nobody else writes or rotates now: false without a lock, and where none can be made. */
  get #isAlone(): boolean {
    return this.#options.lock?.isHeld === true;
  }

  #enter(haste: Haste): void {
    if (this.#options.lock?.enter(haste) === true) this.#watch.expire();
  }

  readonly #suspect = (error: unknown): void => {
    if (this.#trust.isLostBy(error, this.isRegular)) this.#reopenDue = true;
  };

  /** Sees to it that the file at the path is the open one and its length the known one; result as of `prepare`. */
  #follow(begunBytes: number): boolean {
    const { lock, rotation } = this.#options;
    this.#enter(this.#haste);
    const open = this.#open;
    if (open === undefined || (this.#reopenDue && !this.#held)) return this.reopen(begunBytes);
    if (this.#held) return false;
    const found = this.#watch.look();
    if (found === undefined) return false;
    if (found === "gone" || found.identity !== open.identity) {
      lock?.sawOthers();
      return this.reopen(begunBytes);
    }
    if (found.sizeBytes === this.#bytes || !open.isRegular) return false;
    lock?.sawOthers();
    this.#tailUnknown ||= found.sizeBytes < this.#bytes || this.#isAlone || begunBytes > 0;
    this.#bytes = found.sizeBytes;
    rotation.opened(found.sizeBytes, found.modifiedMs, this.#nowMs);
    return begunBytes > 0; // what was written of it is gone, or somebody wrote behind it
  }

  #reopen(begunBytes: number): boolean {
    const old = this.#open;
    const next = new OpenFile(this.#options);
    const { identity, sizeBytes, modifiedMs } = next.opened;
    this.#options.rotation.opened(sizeBytes, modifiedMs, this.#nowMs);
    const moved = old !== undefined && old.identity !== identity;
    const changed = old === undefined || moved || sizeBytes !== this.#bytes;
    if (moved) this.#cut(begunBytes);
    this.sync();
    old?.close();
    this.#tailUnknown ||= changed;
    this.#open = next;
    this.#bytes = sizeBytes;
    this.#reopenDue = false;
    this.#watch.opened();
    return changed && begunBytes > 0;
  }

  /** The beginning of a line that lacks its end would otherwise be torn by the next line (§8.2 of the design). */
  #endTornLine(): void {
    const { fs, path, onHealed } = this.#options;
    if (!this.#tailUnknown) return;
    if (this.#bytes > 0 && this.isRegular && isTorn(fs, path)) {
      this.write(LINE_END, 0, LINE_END.length);
      onHealed();
    }
    this.#tailUnknown = false;
  }

  #rotationIsDue(lineBytes: number): boolean {
    if (this.#held || this.#reopenDue || !this.isRegular || !this.#isAlone) return false;
    if (!this.#options.rotation.isDue(this.#bytes, lineBytes, this.#nowMs)) return false;
    this.#held = !this.#options.mayRotate(this.#bytes);
    return !this.#held;
  }

  #rotate(): void {
    const { keep, archives, lock, onError, onRotated } = this.#options;
    lock?.confirm();
    try {
      archives.check();
      if (keep > 0) {
        archives.shift();
        this.#openSuccessor();
        onRotated();
      } else this.#empty();
    } catch (error) {
      this.#held = true;
      onError(error);
    }
  }

  #openSuccessor(): void {
    try {
      this.#reopen(0);
    } catch (error) {
      this.#reopenDue = true;
      this.#options.archives.unshift();
      this.#reopenDue = false;
      throw error;
    }
  }

  #empty(): void {
    // Opened again first: emptying must hit the file at the path, not one that was moved away from it.
    this.#reopen(0);
    if (!this.isRegular) return;
    if (this.#options.archives.giveUpName(this.#open?.isShared === true)) {
      this.#reopenDue = true;
      this.#reopen(0);
      return;
    }
    this.#open?.empty();
    this.#bytes = 0;
    this.#tailUnknown = false;
    this.#options.rotation.opened(0, 0, this.#nowMs);
  }

  #cut(begunBytes: number): boolean {
    if (this.#open?.cut(begunBytes, this.#bytes) !== true) return false;
    this.#bytes -= begunBytes;
    return true;
  }
}
