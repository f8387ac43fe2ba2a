/**
 * The queue of the guide "Implement a custom sink", written from the description of its eight faults (§7.1, D-57). It
 * exists to prove that the tests of those faults can fail. Never copy it.
 */
import type { FlushResult, LogRecord, Sink } from "../../src/index.ts";
import { FLUSH_SUCCEEDED } from "../../src/index.ts";

export interface GuideSketchOptions {
  readonly endpoint: string;
  readonly queueSize: number;
  readonly batchSize: number;
  readonly send: (batch: readonly LogRecord[]) => Promise<unknown>;
  /** Waits so many milliseconds. */
  readonly sleep: (ms: number) => Promise<void>;
}

export class GuideSketchSink implements Sink {
  readonly id: string;
  /** The guide's counter: meant to be exact. */
  droppedTotal = 0;
  readonly #options: GuideSketchOptions;
  readonly #queue: LogRecord[] = [];
  readonly #worker: Promise<void>;
  #unfinished = 0;
  #stopped = false;
  #wake: () => void = () => {};

  constructor(options: GuideSketchOptions) {
    this.#options = options;
    this.id = `loki:${options.endpoint}`; // fault 8
    this.#worker = this.#work().catch(() => {});
  }

  supportsSeverity(): boolean {
    return true;
  }

  emit(record: LogRecord): void {
    // Fault 5: nobody asks whether the sink is closed.
    if (this.#queue.length >= this.#options.queueSize) this.#queue.shift(); // fault 1
    this.#queue.push(record);
    this.#unfinished += 1;
    this.#wake();
  }

  /** Joins the queue. */
  async flush(): Promise<FlushResult> {
    while (this.#unfinished > 0) await this.#options.sleep(1); // fault 2
    return FLUSH_SUCCEEDED;
  }

  async close(timeoutMs = 5000): Promise<void> {
    this.#stopped = true;
    this.#wake();
    await Promise.race([this.#worker, this.#options.sleep(timeoutMs)]); // fault 7
  }

  async #work(): Promise<void> {
    let batch: LogRecord[] = [];
    while (!this.#stopped) {
      // fault 4
      const record = this.#queue.shift();
      if (record === undefined) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        continue;
      }
      batch.push(record);
      if (batch.length < this.#options.batchSize) continue; // fault 3
      await this.#options.send(batch); // fault 6
      batch = [];
    }
  }
}
