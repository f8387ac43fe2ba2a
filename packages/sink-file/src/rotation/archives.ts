import { errorCode, type FileSystem } from "@dagstack/logger-core/files";
import { type Archive, ArchiveSet, FRONT, GZIPPED, MAX_DENSE, PLAIN, type Place } from "./archive-set.ts";
import { isRoomCheap, makeRoom } from "./archive-zones.ts";
import { systemPath } from "./system-path.ts";

/** What the archives of one live file are made from. */
export interface ArchivesOptions {
  readonly fs: FileSystem;
  /** The live file. */
  readonly path: string;
  /** How many archives there may be; 0: the live file is emptied instead. */
  readonly keep: number;
}

/** So many files are renamed in some milliseconds. */
const CHEAP_MOVES = 512;

/**
 * The files that a live file was rotated into: `f.1` (the newest) to `f.<keep>`, each perhaps compressed: `f.1.gz` (§7.2).
 * Where more than a hundred are kept their numbers have gaps; a larger number is an older archive in any case.
 */
export class Archives {
  readonly set: ArchiveSet;
  readonly #options: ArchivesOptions;
  /** Where the last shift put the live file, if there was one. */
  #setAside: string | undefined;

  constructor(options: ArchivesOptions) {
    this.#options = options;
    this.set = new ArchiveSet(options.fs, options.path, options.keep);
  }

  /** Whether there are so many that room is made for the next ones in the background. */
  get isSpread(): boolean {
    return this.#options.keep > MAX_DENSE;
  }

  /** How many numbers are free in the front, at most: without any, setting one more aside moves very many. */
  room(): number {
    if (!this.isSpread) return 1; // always: the oldest goes
    const { run, free } = this.#front();
    return free === undefined ? 0 : FRONT - run.length;
  }

  /** Whether room can be made in one go without holding the process for long. */
  isRoomCheap(): boolean {
    return isRoomCheap(this.set, CHEAP_MOVES);
  }

  /** Makes room in the front, piece by piece; answers false when it is to be begun anew. */
  makeRoom(): Generator<undefined, boolean, undefined> {
    return makeRoom(this.set);
  }

  /** @throws when the live file's name has come to lead to where nothing is ours, since the sink was made. */
  check(): void {
    const system = systemPath(this.#options.fs, this.#options.path);
    if (system !== undefined) throw Object.assign(new Error(`not rotated: it leads to ${system}`), { code: "EPERM" });
  }

  /** A file that has another name as well, being the target of a link or `isShared`, keeps what it holds; answers whether. */
  giveUpName(isShared: boolean): boolean {
    const { fs, path } = this.#options;
    if (!isShared && fs.linkTarget?.(path) === undefined) return false;
    fs.remove(path);
    return true;
  }

  /**
   * Sets the live file aside: `f` → `f.1` → … Every file moves into a free name, starting at the first gap; only without
   * a gap is the oldest removed. So a step that fails, or a process that dies between two, leaves a gap, and a file that is
   * to be kept is never overwritten.
   *
   * @throws what the file system throws; the live file then still has its name.
   */
  shift(): void {
    const { fs, path } = this.#options;
    const { set } = this;
    let { run, free } = this.#front();
    if (free === undefined && this.isSpread) {
      for (const _ of makeRoom(set)); // in one go
      ({ run, free } = this.#front());
    }
    if (free === undefined) {
      const oldest = run.pop();
      for (const { path } of oldest?.files ?? []) fs.remove(path);
      free = oldest?.number ?? 1;
    }
    for (const place of run.reverse()) {
      set.move(place, free);
      free = place.number;
    }
    this.#setAside = undefined;
    try {
      const name = set.name(free, PLAIN);
      fs.rename(path, name);
      this.#setAside = name;
    } catch (error) {
      if (errorCode(error) !== "ENOENT") throw error; // nothing lost: somebody else moved the file, a new one follows
    }
  }

  /** What tells the newest archive from any other; changes with each rotation, whoever it is by. */
  newest(): string | undefined {
    for (let number = 1; number <= FRONT; number++) {
      const [file] = this.set.at(number).files;
      if (file !== undefined) return file.status.identity;
    }
    return undefined;
  }

  /** Undoes the last step of `shift`, so that the live file is where it belongs though no new one could be opened. */
  unshift(): void {
    const { fs, path } = this.#options;
    if (this.#setAside !== undefined && !fs.exists(path)) fs.rename(this.#setAside, path);
    this.#setAside = undefined;
  }

  /**
   * Puts a compressed copy in its original's place, whatever number that has by now; false when the original is gone,
   * has been written to, or has a compressed file beside it that is not to be overwritten.
   *
   * @param hint the number that it had.
   */
  replace(copyPath: string, original: { readonly identity: string; readonly sizeBytes: number }, hint = 1): boolean {
    const { fs } = this.#options;
    const found = this.#find(original.identity, hint);
    if (found === undefined) return false;
    const gzipped = this.set.name(found.number, GZIPPED);
    if (found.status.sizeBytes !== original.sizeBytes || fs.exists(gzipped)) return false;
    fs.rename(copyPath, gzipped);
    fs.remove(found.path);
    return true;
  }

  /** The plain archive that is this very file: at most a few numbers above the one it had, if not moved to another zone. */
  #find(identity: string, hint: number): Archive | undefined {
    const isIt = ({ suffix, status }: Archive): boolean => suffix === PLAIN && status.identity === identity;
    for (let number = hint; number < hint + FRONT; number++) {
      const found = this.set.at(number).files.find(isIt);
      if (found !== undefined) return found;
    }
    for (const { files } of this.set.places()) {
      const found = files.find(isIt);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The newest archives without a gap between them, and the number behind them if it is free. */
  #front(): { readonly run: Place[]; readonly free: number | undefined } {
    const { keep } = this.#options;
    const run: Place[] = [];
    for (let number = 1; number <= (keep > MAX_DENSE ? FRONT : keep); number++) {
      const place = this.set.at(number);
      if (place.isForeign) continue; // skipped as if there were no such number
      if (place.files.length === 0) return { run, free: number };
      run.push(place);
    }
    return { run, free: undefined };
  }
}
