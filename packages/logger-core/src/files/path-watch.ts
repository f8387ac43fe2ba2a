import type { Clock } from "../sink/index.ts";
import type { FileStatus, FileSystem } from "./file-system.ts";

/** How often the path is looked at, so that a line is in the live file a second after somebody moved it (§8.10 of the design). */
const LOOK_MS = 500;

/** Looks whether the path still leads to the file that is open. Only when something is written, and not for each line. */
export class PathWatch {
  readonly #fs: FileSystem;
  readonly #path: string;
  readonly #clock: () => Clock;
  #lookedMs = Number.NEGATIVE_INFINITY;

  constructor(fs: FileSystem, path: string, clock: () => Clock) {
    this.#fs = fs;
    this.#path = path;
    this.#clock = clock;
  }

  /** The path has just been opened. */
  opened(): void {
    this.#lookedMs = this.#clock().monotonicMs();
  }

  /** Others may have been at it: time to look. */
  expire(): void {
    this.#lookedMs = Number.NEGATIVE_INFINITY;
  }

  /**
   * What is at the path; `"gone"` when nothing is, `undefined` when it is not yet time to look, or when it cannot be
   * seen, which the next write answers better.
   */
  look(): FileStatus | "gone" | undefined {
    const nowMs = this.#clock().monotonicMs();
    if (nowMs - this.#lookedMs < LOOK_MS) return undefined;
    this.#lookedMs = nowMs;
    try {
      return this.#fs.statusOf(this.#path) ?? "gone";
    } catch {
      return undefined; // counted, if it matters, where the file is written or opened
    }
  }
}
