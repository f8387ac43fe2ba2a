import { basename, dirname } from "node:path";
import { errorCode, type FileSystem } from "@dagstack/logger-core/files";

/** What the archives of one live file are made from. */
export interface ArchivesOptions {
  readonly fs: FileSystem;
  /** The live file. */
  readonly path: string;
  /** How many archives there may be; 0: the live file is emptied instead. */
  readonly keep: number;
  /** How many bytes they may hold together; 0: no limit. */
  readonly totalBytes: number;
}

/** Ends of an archive's name: as it was set aside, and compressed. */
const PLAIN = "";
const GZIPPED = ".gz";
const SUFFIXES = [PLAIN, GZIPPED] as const;

/** The files that a live file was rotated into: `f.1` (the newest) to `f.<keep>`, each perhaps compressed: `f.1.gz` (§7.2). */
export class Archives {
  readonly #options: ArchivesOptions;

  constructor(options: ArchivesOptions) {
    this.#options = options;
  }

  /**
   * Sets the live file aside: `f` → `f.1` → … → `f.<keep>`. Every file moves into a free name, starting at the first
   * gap; only without a gap is the oldest removed. So a step that fails, or a process that dies between two, leaves a
   * gap, and a file that is to be kept is never overwritten.
   *
   * @throws what the file system throws; the live file then still has its name.
   */
  shift(): void {
    const { fs, path, keep } = this.#options;
    let free = 1;
    while (free < keep && this.#isTaken(free)) free++;
    if (this.#isTaken(free)) for (const suffix of SUFFIXES) fs.remove(this.#name(free, suffix));
    for (let number = free - 1; number >= 1; number--) {
      this.removeDuplicate(number);
      for (const suffix of SUFFIXES) {
        const from = this.#name(number, suffix);
        if (fs.exists(from)) fs.rename(from, this.#name(number + 1, suffix));
      }
    }
    try {
      fs.rename(path, this.#name(1, PLAIN));
    } catch (error) {
      if (errorCode(error) !== "ENOENT") throw error; // nothing lost: somebody else moved the file, a new one follows
    }
  }

  /** Undoes the last step of `shift`, so that the live file is where it belongs though no new one could be opened. */
  unshift(): void {
    const { fs, path } = this.#options;
    if (!fs.exists(path)) fs.rename(this.#name(1, PLAIN), path);
  }

  /** Removes the oldest until all together hold no more than `totalBytes`. */
  retain(): void {
    const { fs, totalBytes } = this.#options;
    if (totalBytes === 0) return;
    const found = this.#found().map((archive) => ({ ...archive, bytes: fs.statusOf(archive.path)?.sizeBytes ?? 0 }));
    let total = found.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const { path, bytes } of found) {
      if (total <= totalBytes) return;
      fs.remove(path);
      total -= bytes;
    }
  }

  /** Paths of archives that are not compressed, oldest first. */
  plain(): readonly string[] {
    for (const { number } of this.#found()) this.removeDuplicate(number);
    return this.#found().flatMap(({ path, suffix }) => (suffix === PLAIN ? [path] : []));
  }

  /**
   * Puts a compressed copy in its original's place, whatever number that has by now; false when the original is gone,
   * has been written to, or has a compressed file beside it that is not to be overwritten.
   */
  replace(copyPath: string, original: { readonly identity: string; readonly sizeBytes: number }): boolean {
    const { fs } = this.#options;
    for (const { path, suffix } of this.#found()) {
      if (suffix !== PLAIN) continue;
      const status = fs.statusOf(path);
      if (status?.identity !== original.identity) continue;
      if (status.sizeBytes !== original.sizeBytes || fs.exists(path + GZIPPED)) return false;
      fs.rename(copyPath, path + GZIPPED);
      fs.remove(path);
      return true;
    }
    return false;
  }

  /**
   * A process that died between the two steps of `replace` leaves both files. A compressed file has its final name only
   * when it is complete; that it is one of this very file shows in the length at its end.
   */
  removeDuplicate(number: number): void {
    const { fs } = this.#options;
    const plain = this.#name(number, PLAIN);
    const gzipped = this.#name(number, GZIPPED);
    if (!fs.exists(gzipped) || !fs.exists(plain)) return;
    const end = fs.readEnd(gzipped, 4);
    if (end.length < 4) return;
    const length = new DataView(end.buffer, end.byteOffset, 4).getUint32(0, true);
    if (length === (fs.statusOf(plain)?.sizeBytes ?? -1) % 2 ** 32) fs.remove(plain);
  }

  #name(number: number, suffix: string): string {
    return `${this.#options.path}.${number}${suffix}`;
  }

  #isTaken(number: number): boolean {
    return SUFFIXES.some((suffix) => this.#options.fs.exists(this.#name(number, suffix)));
  }

  /** All there are, oldest first. */
  #found(): { readonly number: number; readonly suffix: string; readonly path: string }[] {
    const { fs, path } = this.#options;
    const directory = dirname(path);
    const start = `${basename(path)}.`;
    const found: { number: number; suffix: string; path: string }[] = [];
    for (const name of fs.list(directory)) {
      const match = name.startsWith(start) ? /^([1-9][0-9]{0,8})(\.gz)?$/.exec(name.slice(start.length)) : null;
      if (match === null) continue;
      const number = Number(match[1]);
      const suffix = match[2] ?? PLAIN;
      found.push({ number, suffix, path: this.#name(number, suffix) });
    }
    return found.sort((a, b) => b.number - a.number || (a.suffix < b.suffix ? -1 : 1));
  }
}
