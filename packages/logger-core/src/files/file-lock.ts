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
  readonly clock: () => Clock;
  /** Stops the thread for so long. */
  readonly pause: (ms: number) => void;
  /** Told of what keeps the lock from working. */
  readonly onError: (error: unknown) => void;
}

/** A process that is alone keeps the lock this long, so that it costs nothing per write. */
const LEASE_MS = 10;
/** A lock that has not changed hands for this long belongs to a process that is stopped or cannot be asked: it is taken over. */
const STUCK_MS = 1_000;
/** Somebody else wrote within this time: the lock is given back after each run of writes. */
const SHARED_MS = 1_000;
/** How long a caller's thread waits for the lock, in steps: about 10 ms, and beyond `STUCK_MS` when it is urgent. */
const STEPS_MS: Readonly<Record<Haste, readonly number[]>> = {
  hasty: [0, 0], // the first may find, and remove, the lock of a dead process
  patient: [0, 0, 0, 0.1, 0.2, 0.5, 1, 2, 3, 3],
  urgent: [0, 0, 0.1, 0.5, 1, ...new Array<number>(250).fill(5)],
};
/** How much it matters that the lock is had now: `hasty` waits for nobody, `urgent` for anybody. */
export type Haste = "hasty" | "patient" | "urgent";
/** A directory or file system that has no locks for us: a sink error once, and no reason to lose records. */
const IMPOSSIBLE_CODES: ReadonlySet<string> = new Set(["EACCES", "EPERM", "EROFS", "ENOSYS", "ENOTSUP", "EOPNOTSUPP"]);

/**
 * One writer at a time among the processes that rotate one file (§8.9 of the design). While it is held nobody else
 * writes to the live file, so its length is known exactly. A holder that was killed is noticed by its process number
 * and start time; one that is stopped, after a second. Where no lock can be made the sink goes on without.
 */
export class FileLock {
  readonly #options: FileLockOptions;
  #owner: string | undefined;
  #isReal = false;
  #takenMs = 0;
  #othersMs = Number.NEGATIVE_INFINITY;
  #timer: Timer | undefined;
  #count = 0;
  /** Who holds the lock, and the one for taking it over, and since when we see that. */
  readonly #seen = new Map<string, { readonly owner: string; readonly sinceMs: number }>();
  #impossibleReported = false;

  constructor(options: FileLockOptions) {
    this.#options = options;
  }

  /**
   * Has the lock from here on, for some milliseconds. Answers whether it was taken anew, so that others may have
   * written since. It waits about 10 ms for others if `patient`, as long as it takes if `urgent`: about a second at most.
   *
   * @throws DestinationBusy when others have it for longer.
   */
  enter(haste: Haste): boolean {
    const { pause } = this.#options;
    if (this.#owner !== undefined) {
      if (this.#nowMs() - this.#takenMs < LEASE_MS) return false;
      this.release();
    }
    for (const ms of STEPS_MS[haste]) {
      if (this.#take()) return true;
      if (ms > 0) pause(ms);
    }
    throw new DestinationBusy("another process writes to the file");
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
    if (owner === undefined || !this.#isReal) return;
    const { fs, path, onError } = this.#options;
    try {
      const mayBeTaken = this.#nowMs() - this.#takenMs >= STUCK_MS / 2;
      if (!mayBeTaken || fs.lockOwner(path) === owner) fs.remove(path);
    } catch (error) {
      onError(error);
    }
  }

  #take(): boolean {
    const { fs, path, processes, onError } = this.#options;
    const owner = `${processes.self}-${this.#count++}`;
    this.#takenMs = this.#nowMs();
    try {
      fs.lock(path, owner);
      this.#isReal = true;
    } catch (error) {
      const code = errorCode(error);
      if (code === "EEXIST") {
        this.#removeStale(owner);
        return false;
      }
      this.#isReal = false;
      if (IMPOSSIBLE_CODES.has(code) && !this.#impossibleReported) {
        this.#impossibleReported = true;
        onError(error);
      }
    }
    this.#owner = owner;
    this.#seen.clear();
    return true;
  }

  /** Two processes that find the same dead lock must not both remove it: the second would remove the first one's new lock. */
  #removeStale(owner: string): void {
    const { fs, path } = this.#options;
    const guard = `${path}-takeover`;
    try {
      const holder = fs.lockOwner(path);
      if (holder === undefined || !this.#isStale(path, holder)) return;
      try {
        fs.lock(guard, owner);
      } catch (error) {
        const remover = errorCode(error) === "EEXIST" ? fs.lockOwner(guard) : undefined;
        if (remover !== undefined && this.#isStale(guard, remover)) fs.remove(guard);
        return;
      }
      try {
        if (fs.lockOwner(path) === holder) fs.remove(path);
      } finally {
        fs.remove(guard);
      }
    } catch {
      // not lost: the lock counts as held, the lines wait and the next try comes here again
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

  #nowMs(): number {
    return this.#options.clock().monotonicMs();
  }
}
