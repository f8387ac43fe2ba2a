import { basename, dirname, join } from "node:path";
import type { Clock } from "@dagstack/logger-core";
import { errorCode, type FileSystem, type ProcessTable } from "@dagstack/logger-core/files";
import { PLAIN } from "./archive-set.ts";
import type { Archives } from "./archives.ts";
import type { Background } from "./background.ts";

/** What a compressor is made from. */
export interface ArchiveCompressorOptions {
  readonly fs: FileSystem;
  /** The live file. */
  readonly path: string;
  readonly archives: Archives;
  readonly processes: ProcessTable;
  readonly clock: () => Clock;
  readonly background: Background;
  readonly onError: (error: unknown) => void;
}

/** Age at which a left-over whose maker cannot be asked is taken for one: no copy stays unchanged for that long. */
const ABANDONED_MS = 3_600_000;
const TEMPORARY = ".gz-tmp";
/** So many numbers are looked at in one go. */
const PIECE = 128;
/** How often an archive is looked for that others rename all the time. */
const MAX_SEARCHES = 20;
/** After so many failures in a row it is not the archives that are the matter. */
const MAX_FAILURES = 3;

/** An archive to compress, with what it is known by whatever its number becomes. */
interface Candidate {
  readonly number: number;
  readonly path: string;
  readonly identity: string;
}

/**
 * Compresses archives, the oldest first, one at a time. A copy is made under a temporary name and takes the archive's place
 * when it is complete: a process that dies in between leaves the archive as it was and a temporary file, which the next
 * start removes.
 */
export class ArchiveCompressor {
  readonly #options: ArchiveCompressorOptions;
  /** Archives that could not be compressed: not tried again before the end. */
  readonly #failed = new Set<string>();
  #count = 0;

  constructor(options: ArchiveCompressorOptions) {
    this.#options = options;
  }

  /** Compresses what there is and what comes meanwhile. Never rejects. */
  async run(): Promise<void> {
    const { background } = this.#options;
    const searches = new Map<string, number>();
    let failures = 0;
    for (let found = await this.#find(); found.length > 0; found = await this.#find()) {
      for (const candidate of found) {
        if (background.isStopped || failures >= MAX_FAILURES) return;
        const outcome = await this.#compress(candidate);
        failures = outcome === "failed" ? failures + 1 : 0;
        if (outcome !== "moved") continue;
        const times = (searches.get(candidate.identity) ?? 0) + 1;
        searches.set(candidate.identity, times);
        if (times >= MAX_SEARCHES) this.#failed.add(candidate.identity);
        break; // it was renamed since, and all others were too
      }
    }
  }

  /** Lets what failed be tried again, since nothing comes later; answers whether there is any. */
  retry(): boolean {
    const anyFailed = this.#failed.size > 0;
    this.#failed.clear();
    return anyFailed;
  }

  /** Removes what dead processes left. */
  removeLeftovers(): void {
    const { fs, path, processes, clock } = this.#options;
    const directory = dirname(path);
    const start = `${basename(path)}.`;
    for (const name of fs.list(directory)) {
      if (!name.startsWith(start) || !name.endsWith(TEMPORARY)) continue;
      const maker = name.slice(start.length, -TEMPORARY.length);
      if (processes.isName?.(maker.slice(0, Math.max(0, maker.lastIndexOf("-")))) === false) continue; // somebody else's
      const leftover = join(directory, name);
      const ageMs = Number(clock().now() / 1_000_000n) - (fs.statusOf(leftover)?.modifiedMs ?? 0);
      if (processes.isGone(maker) || ageMs >= ABANDONED_MS) fs.remove(leftover);
    }
  }

  async #find(): Promise<readonly Candidate[]> {
    try {
      return (await this.#options.background.inPieces(this.#candidates())) ?? [];
    } catch (error) {
      this.#options.onError(error);
      return [];
    }
  }

  /** Archives to compress, the oldest first; looks at them piece by piece. */
  *#candidates(): Generator<undefined, readonly Candidate[], undefined> {
    const { set } = this.#options.archives;
    const found: Candidate[] = [];
    let looked = 0;
    for (const place of set.places()) {
      if (++looked % PIECE === 0) yield;
      if (place.files.length > 1) set.removeDuplicate(place);
      const plain = place.files.find(({ suffix }) => suffix === PLAIN);
      if (plain === undefined || place.files.length > 1 || set.isLink(plain)) continue;
      const { number, path, status } = plain;
      if (!this.#failed.has(status.identity)) found.unshift({ number, path, identity: status.identity });
    }
    return found;
  }

  async #compress({ number, path, identity }: Candidate): Promise<"done" | "moved" | "failed"> {
    const { fs, processes, archives, background, onError } = this.#options;
    const copyPath = `${this.#options.path}.${processes.self}-${this.#count++}${TEMPORARY}`;
    let outcome: "done" | "moved" | "failed" = "failed";
    try {
      const made = await fs.gzip(path, copyPath, () => background.turn(), background.signal);
      await background.alone(() => {
        if (archives.replace(copyPath, made, number)) outcome = made.identity === identity ? "done" : "moved";
      });
    } catch (error) {
      if (errorCode(error) === "ENOENT")
        outcome = "moved"; // or deleted
      else if (!background.isStopped) onError(error);
    }
    if (outcome === "failed") {
      this.#failed.add(identity);
      this.#removeCopy(copyPath);
    }
    return outcome;
  }

  #removeCopy(path: string): void {
    try {
      this.#options.fs.remove(path);
    } catch (error) {
      this.#options.onError(error);
    }
  }
}
