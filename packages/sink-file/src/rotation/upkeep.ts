import type { Clock } from "@dagstack/logger-core";
import type { ArchiveCompressor } from "./archive-compressor.ts";
import { type Archive, FRONT } from "./archive-set.ts";
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
  readonly clock: () => Clock;
  /** At which the live file is rotated. */
  readonly sizeBytes: number;
  readonly onError: (error: unknown) => void;
}

/** So many files are removed in one go. */
const PIECE = 32;
/** How often rotations may come in between. */
const MAX_TRIES = 3;
/** A rotation waits for room no longer than this, and the live file takes no more beyond its size. */
const MAX_WAIT_MS = 5_000;
const LEEWAY_BYTES = 1_048_576;
/** While it waits room is looked for no more often than this. */
const LOOK_MS = 10;

/** Looks after the archives in the background: how many there are, and whether they are compressed. */
export class Upkeep {
  readonly #options: UpkeepOptions;
  #running: Promise<void> | undefined;
  #isDue = false;
  #retentionDue = false;
  #roomDue = false;
  #isMakingRoom = false;
  /** No rotation comes that would need room. */
  #isEnding = false;
  /** Since when a rotation waits for room. */
  #waitsSinceMs: number | undefined;
  #lookedMs = 0;

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
    this.#lookForRoom();
    if (compressor !== undefined || this.#roomDue) this.#wake();
  }

  /**
   * Whether the live file may be set aside now. Where room must first be made among a thousand archives or more it waits,
   * since that takes longer than the process may be held; but neither for long nor until the file is much larger.
   */
  isReady(fileBytes: number): boolean {
    const { archives, sizeBytes, clock } = this.#options;
    const nowMs = clock().monotonicMs();
    if (this.#waitsSinceMs === undefined || nowMs - this.#lookedMs >= LOOK_MS) {
      this.#lookedMs = nowMs;
      if (archives.room() > 0 || archives.isRoomCheap()) {
        this.#waitsSinceMs = undefined;
        return true;
      }
      this.#waitsSinceMs ??= nowMs;
      this.#roomDue = true;
      this.#wake();
    }
    return nowMs - this.#waitsSinceMs >= MAX_WAIT_MS || fileBytes >= sizeBytes + Math.max(sizeBytes, LEEWAY_BYTES);
  }

  /** There is a new archive. */
  rotated(): void {
    const { retention, compressor } = this.#options;
    this.#lookForRoom();
    // While archives are moved to make room not all of them are found: to be looked at again.
    if (!retention.apply() || this.#roomDue || this.#isMakingRoom) this.#retentionDue = true;
    if (this.#retentionDue || this.#roomDue || compressor !== undefined) this.#wake();
  }

  /** Tries again what failed; resolves when nothing is left to do. Never rejects. */
  async finish(): Promise<void> {
    this.#isEnding = true;
    await this.#running;
    if (this.#options.compressor?.retry() === true) this.#wake();
    await this.#running;
  }

  /** Gives up: a copy under way is removed, its archive stays as it is. */
  stop(): void {
    this.#options.background.stop();
  }

  /** Room is made before it is needed. */
  #lookForRoom(): void {
    const { archives } = this.#options;
    if (archives.isSpread && archives.room() < FRONT / 2) this.#roomDue = true;
  }

  #wake(): void {
    if (this.#options.background.isStopped) return;
    this.#isDue = true;
    this.#running ??= this.#run();
    this.#options.background.nudge();
  }

  async #run(): Promise<void> {
    const { background, compressor, onError } = this.#options;
    await background.turn(); // not within a write
    while (this.#isDue && !background.isStopped) {
      this.#isDue = false;
      try {
        if (this.#roomDue && !this.#isEnding) await this.#makeRoom();
        if (this.#retentionDue) await this.#retain();
      } catch (error) {
        onError(error);
      }
      await compressor?.run();
    }
    this.#running = undefined;
  }

  /** A rotation meanwhile makes it begin anew; what does not succeed is done when it cannot wait any more. */
  async #makeRoom(): Promise<void> {
    const { archives, background } = this.#options;
    this.#roomDue = false;
    this.#isMakingRoom = true;
    try {
      for (let tries = 0; tries < MAX_TRIES && archives.room() < FRONT / 2; tries++) {
        const before = archives.newest();
        await background.inPieces(archives.makeRoom(), () => this.#isEnding || archives.newest() !== before);
      }
    } finally {
      this.#isMakingRoom = false;
    }
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
