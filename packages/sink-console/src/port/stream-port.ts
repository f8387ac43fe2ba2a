import type { ChunkFate, ForeignCalls } from "../foreign/index.ts";
import { ForeignWrite } from "../foreign/index.ts";
import type { ConsoleStream } from "../runtime/index.ts";
import { countsWhatWaits } from "../runtime/index.ts";
import type { Port } from "./port.ts";

/** Writes to a stream through its own `write`, and to any object that has one. */
export class StreamPort implements Port {
  readonly #stream: ConsoleStream;
  readonly #foreignCalls: ForeignCalls;
  readonly #foreign: ForeignWrite;
  /** Chunks that the stream has and has not called back for. */
  readonly #open = new Set<ChunkFate>();
  readonly #ready = new Set<() => void>();

  /**
   * Listens once per stream, however many sinks write to it. The error listener keeps a broken pipe from ending the
   * process; the loss is counted where the write calls back.
   */
  constructor(stream: ConsoleStream, foreignCalls: ForeignCalls) {
    this.#stream = stream;
    this.#foreignCalls = foreignCalls;
    this.#foreign = new ForeignWrite(stream, foreignCalls);
    for (const event of ["drain", "error", "close"] as const) stream.on?.(event, () => this.#wake());
  }

  write(bytes: Uint8Array, fate: ChunkFate): boolean {
    const gone = goneError(this.#stream);
    if (gone !== undefined) {
      fate.failed(gone);
      return true;
    }
    this.#open.add(fate);
    const own: ChunkFate = {
      written: (length) => fate.written(length),
      delivered: () => this.#open.delete(fate) && fate.delivered(),
      failed: (error) => this.#open.delete(fate) && fate.failed(error),
      delayed: (error) => fate.delayed(error),
      guard: (call) => fate.guard(call),
    };
    return this.#foreign.give(bytes, own, () => this.#wake()) || this.#isEmpty();
  }

  onReady(callback: () => void): void {
    this.#ready.add(callback);
  }

  pushSync(): boolean {
    return false;
  }

  /** At exit no callback comes any more: what a stream that counts no longer holds is out. */
  finishSync(): void {
    this.#foreignCalls.finishSync();
    if (!this.#isEmpty()) return;
    for (const fate of this.#open) fate.delivered();
    this.#open.clear();
  }

  /**
   * Whether it took all at once, as files and terminals do, even where `write` answered false. An error that it has not
   * reported yet leaves it empty as well.
   */
  #isEmpty(): boolean {
    const stream = this.#stream;
    try {
      return countsWhatWaits(stream) && stream.writableLength === 0 && !hasFailed(stream);
    } catch {
      return false; // what cannot be looked at has to call back
    }
  }

  #wake(): void {
    const callbacks = [...this.#ready];
    this.#ready.clear();
    for (const callback of callbacks) callback();
  }
}

/** Why a stream takes nothing more, if its class counts: then `write` is known to do no more than say so later, or never. */
function goneError(stream: ConsoleStream): unknown {
  try {
    if (!countsWhatWaits(stream)) return undefined;
    if (hasFailed(stream)) return stream.errored;
    if (stream.destroyed === true) return codedError("ERR_STREAM_DESTROYED", "the stream is destroyed");
    if (stream.writableEnded === true) return codedError("ERR_STREAM_WRITE_AFTER_END", "the stream has ended");
  } catch {
    // what cannot be looked at may still take something: its write will tell
  }
  return undefined;
}

/** One that failed and was not undone, as Node undoes its standard streams, never calls back again. */
function hasFailed({ errored }: ConsoleStream): boolean {
  return errored !== null && errored !== undefined;
}

function codedError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
