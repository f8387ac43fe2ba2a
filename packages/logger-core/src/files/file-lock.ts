import { describeError } from "../options/index.ts";
import type { Clock, Timer } from "../sink/index.ts";
import { errorCode, type FileSystem } from "./file-system.ts";
import { DestinationBusy } from "./line-destination.ts";
import type { ProcessTable } from "./process-table.ts";

/** What a lock is made from. */
export interface FileLockOptions {
  readonly fs: FileSystem;
  /** Path of the lock; the file system must be one that the other processes see. */
  readonly path: string;
  readonly processes: ProcessTable;
  /** What follows where no lock can be made, for the report: "the file is not rotated". */
  readonly without: string;
  readonly clock: () => Clock;
  /** Stops the thread for so long. */
  readonly pause: (ms: number) => void;
  /** Told of what keeps the lock from working: why there is none, once for each reason, and that one could not be removed. */
  readonly onError: (error: unknown) => void;
}

/** A process that is alone keeps the lock this long, so that it costs nothing per write. */
const LEASE_MS = 10;
/** A lock that has not changed hands for this long belongs to a process that is stopped or cannot be asked: it is taken over. */
const STUCK_MS = 1_000;
/** Somebody else wrote within this time: the lock is given back after each run of writes. */
const SHARED_MS = 1_000;
/** Where no lock could be made, the next try comes after this. */
const IMPOSSIBLE_MS = 1_000;
/** How long a caller's thread waits for the lock, in steps: about 10 ms, and beyond `STUCK_MS` when it is urgent. */
const STEPS_MS: Readonly<Record<Haste, readonly number[]>> = {
  hasty: [0, 0], // the first may find, and remove, the lock of a dead process
  patient: [0, 0, 0, 0.1, 0.2, 0.5, 1, 2, 3, 3],
  urgent: [0, 0, 0.1, 0.5, 1, ...new Array<number>(250).fill(5)],
};
/** How much it matters that the lock is had now: `hasty` waits for nobody, `urgent` for anybody. */
export type Haste = "hasty" | "patient" | "urgent";

/** Why there is no lock, and when that was seen. */
interface Refusal {
  readonly error: unknown;
  readonly code: string;
  readonly atMs: number;
  /** How often in a row. */
  readonly times: number;
}

/**
 * One writer at a time among the processes that rotate one file (§8.9 of the design). While it is held nobody else
 * writes to the live file, so its length is known exactly. A holder that was killed is noticed by its process number
 * and start time; one that is stopped, after a second. Where no lock can be made, for whatever reason, its user goes on
 * without, and leaves undone what takes exclusion.
 */
export class FileLock {
  readonly #options: FileLockOptions;
  #owner: string | undefined;
  #takenMs = 0;
  #othersMs = Number.NEGATIVE_INFINITY;
  #timer: Timer | undefined;
  #count = 0;
  /** Who holds the lock, and the one for taking it over, and since when we see that. */
  readonly #seen = new Map<string, { readonly owner: string; readonly sinceMs: number }>();
  #refusal: Refusal | undefined;
  /** Reasons that were told since there was a lock. */
  readonly #told = new Set<string>();

  constructor(options: FileLockOptions) {
    this.#options = options;
  }

  /** Whether nobody else writes now. False where no lock can be made. */
  get isHeld(): boolean {
    return this.#owner !== undefined;
  }

  /**
   * Has the lock from here on, for some milliseconds, or goes on without where none can be made: `isHeld` tells. Answers
   * whether others may have written since the last time. It waits about 10 ms for others if `patient`, as long as it
   * takes if `urgent`: about a second at most.
   *
   * @throws DestinationBusy when others have it for longer.
   */
  enter(haste: Haste): boolean {
    const { pause } = this.#options;
    if (this.#owner !== undefined) {
      if (this.#nowMs() - this.#takenMs < LEASE_MS) return false;
      this.release();
    }
    const refusal = this.#refusal;
    if (refusal !== undefined && refusal.code !== "ENOENT" && this.#nowMs() - refusal.atMs < IMPOSSIBLE_MS) return true;
    for (const ms of STEPS_MS[haste]) {
      if (this.#take()) return true;
      if (ms > 0) pause(ms);
    }
    throw new DestinationBusy("another process writes to the file");
  }

  /**
   * Tells why there is no lock, unless it was told before. To be called when the file itself could be opened: a directory
   * that is missing shows there.
   */
  explain(): void {
    const refusal = this.#refusal;
    if (refusal === undefined || this.#told.has(refusal.code)) return;
    if (refusal.code === "ENOENT" && refusal.times < 2) return; // opening the file has made the directory since
    this.#told.add(refusal.code);
    const { without, onError } = this.#options;
    const message = `no lock can be made, so ${without}: ${describeError(refusal.error).message}`;
    onError(Object.assign(new Error(message), { code: refusal.code }));
  }

  /**
   * Makes sure, before something that cannot be undone, that the lock was not taken over while this process was stopped.
   *
   * @throws DestinationBusy when it was.
   */
  confirm(): void {
    if (this.#owner === undefined || !this.#mayBeTaken || this.#isOurs(this.#owner)) return;
    this.#owner = undefined;
    throw new DestinationBusy("another process took the lock over");
  }

  /** Others have written since the lock was held last: share it better for a while. */
  sawOthers(): void {
    this.#othersMs = this.#nowMs();
  }

  /** A run of writes is over: gives the lock back if others want it, otherwise a little later. */
  rest(): void {
    if (this.#owner === undefined) return;
    if (this.#nowMs() - this.#othersMs < SHARED_MS) this.release();
    else this.#timer ??= this.#options.clock().schedule(() => this.release(), LEASE_MS);
  }

  /** Gives it back at once. */
  release(): void {
    const owner = this.#owner;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#owner = undefined;
    if (owner === undefined) return;
    const { fs, path, onError } = this.#options;
    try {
      if (!this.#mayBeTaken || this.#isOurs(owner)) fs.remove(path);
    } catch (error) {
      onError(error);
    }
  }

  /** Answers whether to go on, with the lock or where none can be made without; false while others have it. */
  #take(): boolean {
    const { fs, path, processes } = this.#options;
    const owner = `${processes.self}-${this.#count++}`;
    this.#takenMs = this.#nowMs();
    try {
      fs.lock(path, owner);
    } catch (error) {
      if (errorCode(error) !== "EEXIST") return this.#goWithout(error);
      try {
        this.#removeStale(owner);
        return false;
      } catch (obstacle) {
        return this.#goWithout(obstacle);
      }
    }
    this.#owner = owner;
    this.#seen.clear();
    this.#refusal = undefined;
    this.#told.clear();
    return true;
  }

  #goWithout(error: unknown): true {
    const times = (this.#refusal?.times ?? 0) + 1;
    this.#refusal = { error, code: errorCode(error), atMs: this.#nowMs(), times };
    return true;
  }

  /**
   * Two processes that find the same dead lock must not both remove it: the second would remove the first one's new lock.
   *
   * @throws what makes it impossible: something else that has the name, or a lock that cannot be read or removed.
   */
  #removeStale(owner: string): void {
    const { fs, path } = this.#options;
    const guard = `${path}-takeover`;
    const holder = this.#ownerOf(path);
    if (holder === undefined || !this.#isStale(path, holder)) return;
    try {
      fs.lock(guard, owner);
    } catch (error) {
      if (errorCode(error) !== "EEXIST") throw error;
      const remover = this.#ownerOf(guard);
      if (remover !== undefined && this.#isStale(guard, remover)) fs.remove(guard);
      return;
    }
    try {
      if (fs.lockOwner(path) === holder) fs.remove(path);
    } finally {
      fs.remove(guard);
    }
  }

  /** @throws when what has the name is no lock of ours, which is not ours to remove. */
  #ownerOf(path: string): string | undefined {
    const { fs, processes } = this.#options;
    const owner = fs.lockOwner(path);
    if (owner === undefined) return undefined;
    const name = owner.slice(0, Math.max(0, owner.lastIndexOf("-")));
    if (owner !== "" && processes.isName?.(name) !== false) return owner;
    throw Object.assign(
      new Error(`${path} is something else than a lock of this package: remove it or write to another file`),
      { code: "EEXIST" },
    );
  }

  #isOurs(owner: string): boolean {
    try {
      return this.#options.fs.lockOwner(this.#options.path) === owner;
    } catch {
      return false; // not lost: what is not known to be ours is left alone, and the next try meets it again
    }
  }

  #isStale(path: string, holder: string): boolean {
    if (this.#options.processes.isGone(holder)) return true;
    const nowMs = this.#nowMs();
    let seen = this.#seen.get(path);
    if (seen?.owner !== holder) {
      seen = { owner: holder, sinceMs: nowMs };
      this.#seen.set(path, seen);
    }
    return nowMs - seen.sinceMs >= STUCK_MS;
  }

  /** Whether others may have taken this process for one that is stopped. */
  get #mayBeTaken(): boolean {
    return this.#nowMs() - this.#takenMs >= STUCK_MS / 2;
  }

  #nowMs(): number {
    return this.#options.clock().monotonicMs();
  }
}
