import { ForeignWrite } from "./foreign-write.ts";
import type { ChunkFate, Port } from "./port.ts";
import { asBuffer, type ConsoleStream } from "./runtime.ts";
import type { StandardStreams } from "./standard-streams.ts";
import { countsWhatWaits, isPlatformsWrite } from "./write-function.ts";

/** Writes to a stream through its own `write`, and to any object that has one. */
export class StreamPort implements Port {
  readonly #stream: ConsoleStream;
  readonly #foreign: ForeignWrite;
  /** Chunks that the stream has and has not called back for. */
  readonly #open = new Set<ChunkFate>();
  readonly #ready = new Set<() => void>();

  /**
   * Listens once per stream, however many sinks write to it. The error listener keeps a broken pipe from ending the
   * process; the loss is counted where the write calls back.
   */
  constructor(stream: ConsoleStream, standardStreams: StandardStreams) {
    this.#stream = stream;
    this.#foreign = new ForeignWrite(stream, standardStreams);
    for (const event of ["drain", "error", "close"] as const) stream.on?.(event, () => this.#wake());
  }

  write(bytes: Uint8Array, fate: ChunkFate): boolean {
    const stream = this.#stream;
    if (typeof stream.on !== "function" || !isPlatformsWrite(stream)) {
      return this.#foreign.give(bytes, fate, () => this.#wake());
    }
    this.#open.add(fate);
    try {
      const gone = goneError(stream) ?? (stream.writableEnded === true ? endedError() : undefined);
      if (gone !== undefined) throw gone;
      const answer = stream.write(asBuffer(bytes), (error) => this.#settle(fate, error));
      return answer !== false || this.#isEmpty();
    } catch (error) {
      this.#settle(fate, error ?? new Error("write failed and does not say why"));
      return true;
    }
  }

  onReady(callback: () => void): void {
    this.#ready.add(callback);
  }

  pushSync(): boolean {
    return false;
  }

  /** At exit no callback comes any more: what a stream that counts no longer holds is out. */
  finishSync(): void {
    if (this.#isEmpty()) for (const fate of [...this.#open]) this.#settle(fate, undefined);
  }

  #settle(fate: ChunkFate, error: unknown): void {
    if (!this.#open.delete(fate)) return; // the first callback counts
    if (error === null || error === undefined) fate.delivered();
    else fate.failed(error);
  }

  /**
   * Whether it took all at once, as files and terminals do, even where `write` answered false. An error that it has not
   * reported yet leaves it empty as well.
   */
  #isEmpty(): boolean {
    const stream = this.#stream;
    return stream.writableLength === 0 && countsWhatWaits(stream) && goneError(stream) === undefined;
  }

  #wake(): void {
    const callbacks = [...this.#ready];
    this.#ready.clear();
    for (const callback of callbacks) callback();
  }
}

/** Why nothing of what a stream holds gets out. One that failed and was not undone, as Node undoes its own, stays so. */
function goneError(stream: ConsoleStream): unknown {
  if (stream.errored !== null && stream.errored !== undefined) return stream.errored;
  if (stream.destroyed !== true) return undefined;
  return Object.assign(new Error("the stream is destroyed"), { code: "ERR_STREAM_DESTROYED" });
}

function endedError(): Error {
  return Object.assign(new Error("the stream has ended"), { code: "ERR_STREAM_WRITE_AFTER_END" });
}
