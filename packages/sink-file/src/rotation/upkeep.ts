import type { ArchiveCompressor } from "./archive-compressor.ts";
import type { Archive } from "./archive-set.ts";
import type { Archives } from "./archives.ts";
import type { Background } from "./background.ts";
import type { Retention } from "./retention.ts";

/** What is looked after, and how. */
export interface UpkeepOptions {
  readonly archives: Archives;
  readonly retention: Retention;
  /** Absent: archives stay as they are. */
  readonly compressor: ArchiveCompressor | undefined;
  readonly background: Background;
  readonly onError: (error: unknown) => void;
}

/** So many files are removed in one go. */
const PIECE = 32;
/** How often rotations may come in between. */
const MAX_TRIES = 3;

/** Looks after the archives in the background: how many there are, and whether they are compressed. */
export class Upkeep {
  readonly #options: UpkeepOptions;
  #running: Promise<void> | undefined;
  #isDue = false;
  #retentionDue = false;

  constructor(options: UpkeepOptions) {
    this.#options = options;
  }

  /** Removes what dead processes left and begins with the archives that wait. */
  start(): void {
    const { compressor, onError } = this.#options;
    try {
      compressor?.removeLeftovers();
    } catch (error) {
      onError(error);
    }
    if (compressor !== undefined) this.#wake();
  }

  /** There is a new archive. */
  rotated(): void {
    const { retention, compressor } = this.#options;
    this.#retentionDue = !retention.apply();
    if (this.#retentionDue || compressor !== undefined) this.#wake();
  }

  /** Tries again what failed; resolves when nothing is left to do. Never rejects. */
  async finish(): Promise<void> {
    await this.#running;
    if (this.#options.compressor?.retry() === true) this.#wake();
    await this.#running;
  }

  /** Gives up: a copy under way is removed, its archive stays as it is. */
  stop(): void {
    this.#options.background.stop();
  }

  #wake(): void {
    if (this.#options.background.isStopped) return;
    this.#isDue = true;
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    const { background, compressor, onError } = this.#options;
    await background.turn(); // not within a write
    while (this.#isDue && !background.isStopped) {
      this.#isDue = false;
      try {
        if (this.#retentionDue) await this.#retain();
      } catch (error) {
        onError(error);
      }
      await compressor?.run();
    }
    this.#running = undefined;
  }

  /** A rotation meanwhile moves the numbers: then from the beginning, and in one go if there is no end of them. */
  async #retain(): Promise<void> {
    const { retention, background } = this.#options;
    this.#retentionDue = false;
    for (let tries = 0; tries < MAX_TRIES; tries++) if (await this.#retainInPieces()) return;
    await background.alone(() => {
      const pieces = retention.surplus();
      let step = pieces.next();
      while (step.done !== true) step = pieces.next();
      this.#remove(step.value);
    });
  }

  /** Answers false when there was a rotation meanwhile. */
  async #retainInPieces(): Promise<boolean> {
    const { archives, retention, background } = this.#options;
    const before = archives.newest();
    const surplus = [...((await background.inPieces(retention.surplus())) ?? [])];
    let isSame = true;
    while (surplus.length > 0 && isSame) {
      await background.turn();
      const hasRun = await background.alone(() => {
        isSame = archives.newest() === before;
        if (isSame) this.#remove(surplus.splice(0, PIECE));
      });
      if (!hasRun) return true;
    }
    return isSame;
  }

  #remove(surplus: readonly Archive[]): void {
    for (const { path } of surplus) this.#options.archives.set.fs.remove(path);
  }
}
