import type { FileStatus, FileSystem } from "@dagstack/logger-core/files";

/** Ends of an archive's name: as it was set aside, and compressed. */
export const PLAIN = "";
export const GZIPPED = ".gz";
const SUFFIXES = [PLAIN, GZIPPED] as const;

/** Of more archives than this the numbers are spread out, so that a rotation need not rename them all. */
export const MAX_DENSE = 100;
/** How many numbers the newest have among themselves where they are spread out. */
export const FRONT = 32;
/** A gap that a killed process or a person may have left, and that is no end yet. */
const GAP = 16;

/** One file under an archive's name. */
export interface Archive {
  readonly number: number;
  readonly suffix: string;
  readonly path: string;
  readonly status: FileStatus;
}

/** What has a number: our files, nothing, or something that is no file and therefore not ours. */
export interface Place {
  readonly number: number;
  readonly files: readonly Archive[];
  readonly isForeign: boolean;
}

/**
 * The archives that there are. They are found by asking for one number after the other, since neighbours in the directory
 * may be many and may have such names by chance: `f.20240101` is no archive of a file that was rotated five times.
 */
export class ArchiveSet {
  readonly fs: FileSystem;
  readonly #path: string;
  /** Whether numbers may be spread out. */
  readonly #isSpread: boolean;

  /** @param keep how many archives there may be. */
  constructor(fs: FileSystem, path: string, keep: number) {
    this.fs = fs;
    this.#path = path;
    this.#isSpread = keep > MAX_DENSE;
  }

  name(number: number, suffix: string): string {
    return `${this.#path}.${number}${suffix}`;
  }

  at(number: number): Place {
    const files: Archive[] = [];
    let isForeign = false;
    for (const suffix of SUFFIXES) {
      const path = this.name(number, suffix);
      const status = this.fs.statusOf(path);
      if (status?.isRegular === true) files.push({ number, suffix, path, status });
      else if (status !== undefined) isForeign = true;
    }
    return { number, files, isForeign };
  }

  /** Every place up to the end, the newest first. Each is looked at when it is asked for, so that this can be done in pieces. */
  *places(): Generator<Place, void, undefined> {
    let end = this.#endAfter(0);
    for (let number = 1; number <= end; number++) {
      const place = this.at(number);
      if (place.files.length > 0) end = this.#endAfter(number);
      yield place;
    }
  }

  /** Whether a file under an archive's name is a link, whose content is elsewhere: of the archive there is but the name. */
  isLink(archive: Archive): boolean {
    return this.fs.linkTarget?.(archive.path) !== undefined;
  }

  /** Moves what has a number to a free one. */
  move(place: Place, number: number): void {
    for (const { path, suffix } of this.#withoutDuplicate(place)) this.fs.rename(path, this.name(number, suffix));
  }

  /**
   * A process that died between the two steps of putting a compressed copy in its original's place leaves both files. A
   * compressed file has its final name only when it is complete; that it is one of this very file shows in the length at
   * its end. The original then goes.
   */
  removeDuplicate(place: Place): void {
    this.#withoutDuplicate(place);
  }

  #withoutDuplicate({ files }: Place): readonly Archive[] {
    const [plain, gzipped] = files;
    if (plain === undefined || gzipped === undefined) return files;
    const end = this.fs.readEnd(gzipped.path, 4);
    if (end.length < 4) return files;
    const length = new DataView(end.buffer, end.byteOffset, 4).getUint32(0, true);
    if (length !== plain.status.sizeBytes % 2 ** 32) return files;
    this.fs.remove(plain.path);
    return [gzipped];
  }

  /**
   * Where to stop looking after this number: spread out, where the next zone ends; beyond the front one more, since a process
   * may have died between emptying a zone and filling it again.
   */
  #endAfter(number: number): number {
    if (!this.#isSpread) return number + GAP + 1;
    return (number > FRONT ? 4 : 2) * zoneEnd(number);
  }
}

/** The last number of the zone that a number is in: the front, and zones beyond of which each is as long as all before it. */
function zoneEnd(number: number): number {
  return FRONT * 2 ** Math.max(0, Math.ceil(Math.log2(number / FRONT)));
}
