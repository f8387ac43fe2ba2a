import { basename, dirname, join } from "node:path";
import type { Clock } from "@dagstack/logger-core";
import { errorCode, type FileSystem, type ProcessTable } from "@dagstack/logger-core/files";
import type { Archives } from "./archives.ts";

/** What a compressor is made from. */
export interface ArchiveCompressorOptions {
  readonly fs: FileSystem;
  /** The live file. */
  readonly path: string;
  readonly archives: Archives;
  readonly processes: ProcessTable;
  readonly clock: () => Clock;
  /** Runs an action while no other process rotates, if that can be. */
  readonly alone: (action: () => void) => "done" | "busy" | "impossible";
  readonly onError: (error: unknown) => void;
}

/** Between two pieces, so that other work of the process goes first. */
const TURN_MS = 1;
/** Until a file that others are busy with is asked for again. */
const BUSY_MS = 20;
/** Age at which a left-over whose maker cannot be asked is taken for one: no copy stays unchanged for that long. */
const ABANDONED_MS = 3_600_000;
const TEMPORARY = ".gz-tmp";

/**
 * Compresses archives in the background, the oldest first, one at a time. A copy is made under a temporary name and
 * takes the archive's place when it is complete: a process that dies in between leaves the archive as it was and a
 * temporary file, which the next start removes. Between pieces it waits for timers that do not hold the process.
 */
export class ArchiveCompressor {
  readonly #options: ArchiveCompressorOptions;
  readonly #stop = new AbortController();
  /** Archives that could not be compressed: not tried again by this sink. */
  readonly #failed = new Set<string>();
  #running: Promise<void> | undefined;
  #count = 0;

  constructor(options: ArchiveCompressorOptions) {
    this.#options = options;
  }

  /** Removes what dead processes left and begins with the archives that wait. */
  start(): void {
    const { onError } = this.#options;
    try {
      this.#removeLeftovers();
    } catch (error) {
      onError(error);
    }
    this.wake();
  }

  /** There may be a new archive. */
  wake(): void {
    if (this.#stop.signal.aborted) return;
    this.#running ??= this.#run();
  }

  /** Resolves when nothing is under way. Never rejects. */
  idle(): Promise<void> {
    return this.#running ?? Promise.resolve();
  }

  /** Gives up: the copy under way is removed, its archive stays as it is. */
  stop(): void {
    this.#stop.abort();
  }

  async #run(): Promise<void> {
    const { onError } = this.#options;
    const { signal } = this.#stop;
    await this.#turn(TURN_MS); // not within a write
    while (!signal.aborted) {
      try {
        const next = await this.#next();
        if (next === undefined) break;
        await this.#compress(next);
      } catch (error) {
        if (!signal.aborted) onError(error);
        break;
      }
    }
    this.#running = undefined;
  }

  /** The oldest archive to compress, with what it is known by whatever its number becomes. */
  async #next(): Promise<{ readonly path: string; readonly identity: string } | undefined> {
    const { fs, archives } = this.#options;
    let candidates: { path: string; identity: string | undefined }[] = [];
    const look = (): void => {
      candidates = archives.plain().map((path) => ({ path, identity: fs.statusOf(path)?.identity }));
    };
    await this.#alone(look);
    for (const { path, identity } of candidates) {
      if (identity !== undefined && !this.#failed.has(identity)) return { path, identity };
    }
    return undefined;
  }

  async #compress({ path, identity }: { readonly path: string; readonly identity: string }): Promise<void> {
    const { fs, processes, archives } = this.#options;
    const { signal } = this.#stop;
    const copyPath = `${this.#options.path}.${processes.self}-${this.#count++}${TEMPORARY}`;
    let isDone = false;
    try {
      const made = await fs.gzip(path, copyPath, () => this.#turn(TURN_MS), signal);
      await this.#alone(() => (isDone = archives.replace(copyPath, made)));
    } catch (error) {
      if (errorCode(error) !== "ENOENT") throw error; // rotated away or deleted meanwhile: nothing to compress
    } finally {
      if (!isDone) {
        this.#failed.add(identity);
        fs.remove(copyPath);
      }
    }
  }

  /** Runs an action as soon as no other process rotates; never when this is stopped, or where that cannot be made sure. */
  async #alone(action: () => void): Promise<void> {
    while (!this.#stop.signal.aborted && this.#options.alone(action) === "busy") await this.#turn(BUSY_MS);
  }

  #turn(ms: number): Promise<void> {
    if (this.#stop.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const { signal } = this.#stop;
      const done = (): void => {
        signal.removeEventListener("abort", done);
        timer.cancel();
        resolve();
      };
      const timer = this.#options.clock().schedule(done, ms);
      signal.addEventListener("abort", done);
    });
  }

  #removeLeftovers(): void {
    const { fs, path, processes, clock } = this.#options;
    const directory = dirname(path);
    const start = `${basename(path)}.`;
    for (const name of fs.list(directory)) {
      if (!name.startsWith(start) || !name.endsWith(TEMPORARY)) continue;
      const maker = name.slice(start.length, -TEMPORARY.length);
      const leftover = join(directory, name);
      const ageMs = Number(clock().now() / 1_000_000n) - (fs.statusOf(leftover)?.modifiedMs ?? 0);
      if (processes.isGone(maker) || ageMs >= ABANDONED_MS) fs.remove(leftover);
    }
  }
}
