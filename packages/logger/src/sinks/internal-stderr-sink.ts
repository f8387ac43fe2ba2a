import { FLUSH_SUCCEEDED, type FlushResult, type LogRecord, type Sink, withObservedTime } from "@dagstack/logger-core";
import { toDagstackJsonl } from "@dagstack/logger-core/wire";
import { currentProcess, type LastWords } from "../runtime/index.ts";

/** Writes each record at once as a JSON line to stderr, or to `console.warn` where there is none (D-30). No queue. */
export class InternalStderrSink implements Sink {
  readonly id = "internal:stderr";
  readonly #now: () => bigint;
  readonly #onError: (error: unknown) => void;
  readonly #lastWords: () => LastWords | undefined;
  #listening = false;

  /**
   * @param onError told of writes that fail after `emit` returned; those that fail within it throw.
   * @param lastWords how lines are written once one that does not leave now never will.
   */
  constructor(now: () => bigint, onError: (error: unknown) => void, lastWords: () => LastWords | undefined) {
    this.#now = now;
    this.#onError = onError;
    this.#lastWords = lastWords;
  }

  supportsSeverity(): boolean {
    return true;
  }

  emit(record: LogRecord): void {
    const line = toDagstackJsonl(withObservedTime(record, this.#now()));
    const stderr = currentProcess()?.stderr;
    if (typeof stderr?.write !== "function") {
      console.warn(line);
      return;
    }
    if (!this.#listening) {
      this.#listening = true;
      stderr.on?.("error", this.#onError); // a closed stderr must not end the process
    }
    if (this.#lastWords()?.write(stderr, line) === true) return;
    stderr.write(`${line}\n`);
  }

  flush(): Promise<FlushResult> {
    return Promise.resolve(FLUSH_SUCCEEDED);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
