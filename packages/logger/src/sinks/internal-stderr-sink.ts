import { FLUSH_SUCCEEDED, type FlushResult, type LogRecord, type Sink, withObservedTime } from "@dagstack/logger-core";
import { formatPretty, toDagstackJsonl, usesColor } from "@dagstack/logger-core/wire";
import {
  currentProcess,
  environmentVariable,
  type LastWords,
  listenShared,
  type StandardErrorStream,
} from "../runtime/index.ts";

/** Where a terminal does not tell. */
const USUAL_WIDTH = 80;

/**
 * Writes each record at once to stderr: text on a terminal, else a JSON line; to `console.warn` where there is none (D-30).
 * No queue.
 */
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
    const observed = withObservedTime(record, this.#now());
    const stderr = currentProcess()?.stderr;
    if (typeof stderr?.write !== "function") {
      console.warn(toDagstackJsonl(observed));
      return;
    }
    const line = stderr.isTTY === true ? prettyText(observed, stderr) : toDagstackJsonl(observed);
    if (!this.#listening) {
      this.#listening = true;
      listenShared(stderr, "error", this.#onError); // a closed stderr must not end the process
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

function prettyText(record: LogRecord, { columns }: StandardErrorStream): string {
  const width = typeof columns === "number" && columns > 0 ? columns : USUAL_WIDTH;
  return formatPretty(record, { color: usesColor("auto", environmentVariable, true), width });
}
