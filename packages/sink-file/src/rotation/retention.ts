import { type Archive, type ArchiveSet, MAX_DENSE } from "./archive-set.ts";

/** So many numbers are looked at in one go: some tenths of a millisecond. */
const PIECE = 128;

/** Which archives are to go: the oldest beyond so many, and beyond so many bytes of all together. */
export class Retention {
  readonly #set: ArchiveSet;
  readonly #keep: number;
  readonly #totalBytes: number;

  /** @param totalBytes 0: no limit. */
  constructor(set: ArchiveSet, keep: number, totalBytes: number) {
    this.#set = set;
    this.#keep = keep > MAX_DENSE ? keep : Number.POSITIVE_INFINITY; // fewer have their number limited when they are shifted
    this.#totalBytes = totalBytes;
  }

  /** Removes them, if there are few archives; otherwise answers false: there is more to look at than in one go. */
  apply(): boolean {
    const { value, done } = this.surplus().next();
    if (done !== true) return false;
    for (const { path } of value) this.#set.fs.remove(path);
    return true;
  }

  /** Those to go, the oldest first; looks at the archives piece by piece. */
  *surplus(): Generator<undefined, readonly Archive[], undefined> {
    const surplus: Archive[] = [];
    let count = 0;
    let bytes = 0;
    let looked = 0;
    for (const { files } of this.#set.places()) {
      if (++looked % PIECE === 0) yield;
      if (files.length === 0) continue;
      count++;
      if (this.#totalBytes > 0) for (const file of files) bytes += this.#set.isLink(file) ? 0 : file.status.sizeBytes;
      const isTooMuch = count > this.#keep || (this.#totalBytes > 0 && bytes > this.#totalBytes);
      if (isTooMuch) surplus.unshift(...files);
    }
    return surplus;
  }
}
