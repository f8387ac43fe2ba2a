import type { ChunkFate, Port } from "./port.ts";
import { asBuffer, type ConsoleStream } from "./runtime.ts";

const decoder = new TextDecoder();

/** Writes to a stream through its own `write`, and to any object that has one. */
export class StreamPort implements Port {
  readonly #stream: ConsoleStream;
  readonly #ready = new Set<() => void>();

  /**
   * Listens once per stream, however many sinks write to it. The error listener keeps a broken pipe from ending the
   * process; the loss is counted where the write calls back.
   */
  constructor(stream: ConsoleStream) {
    this.#stream = stream;
    const wake = (): void => this.#wake();
    for (const event of ["drain", "error", "close"] as const) stream.on?.(event, wake);
  }

  write(bytes: Uint8Array, fate: ChunkFate): boolean {
    const stream = this.#stream;
    const isNodeStream = typeof stream.on === "function";
    try {
      // A stream that failed and was not undone, as Node undoes its standard streams, never calls back again.
      if (isNodeStream && hasFailed(stream)) throw stream.errored;
      if (isNodeStream && stream.write.length >= 2) {
        const answer = stream.write(asBuffer(bytes), (error) => settle(fate, error));
        return answer !== false || this.#isEmpty();
      }
      // A write that cannot call back, or was replaced by a function that may not: done when it returns.
      const answer = stream.write(isNodeStream ? asBuffer(bytes) : decoder.decode(bytes));
      if (isThenable(answer)) {
        new Promise((resolve) => resolve(answer)).then(
          () => fate.delivered(),
          (error: unknown) => fate.failed(error),
        );
      } else {
        fate.delivered();
      }
      return answer !== false || !isNodeStream || this.#isEmpty();
    } catch (error) {
      fate.failed(error);
      return true;
    }
  }

  onReady(callback: () => void): void {
    this.#ready.add(callback);
  }

  pushSync(): boolean {
    return false;
  }

  finishSync(): boolean {
    return this.#isEmpty();
  }

  /**
   * Whether it took all at once, as files and terminals do, even where `write` answered false. An error that it has not
   * reported yet leaves it empty as well.
   */
  #isEmpty(): boolean {
    return this.#stream.writableLength === 0 && !hasFailed(this.#stream);
  }

  #wake(): void {
    const callbacks = [...this.#ready];
    this.#ready.clear();
    for (const callback of callbacks) callback();
  }
}

function settle(fate: ChunkFate, error: unknown): void {
  if (error === null || error === undefined) fate.delivered();
  else fate.failed(error);
}

function hasFailed({ errored }: ConsoleStream): boolean {
  return errored !== null && errored !== undefined;
}

function isThenable(value: unknown): boolean {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
}
