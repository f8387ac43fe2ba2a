import type { LogRecord } from "@dagstack/logger-core";

/** First in, first out, in O(1) at both ends; grows as needed, so the bound is the caller's to keep. */
export class RecordQueue {
  #slots: (LogRecord | undefined)[] = [];
  #head = 0;

  get size(): number {
    return this.#slots.length - this.#head;
  }

  add(record: LogRecord): void {
    this.#slots.push(record);
  }

  /** Takes the oldest out. */
  take(): LogRecord | undefined {
    const record = this.#slots[this.#head];
    if (record === undefined) return undefined;
    this.#slots[this.#head] = undefined;
    this.#head += 1;
    // Halving keeps the copying below one move per record, and the array below twice what waits.
    if (this.#head * 2 >= this.#slots.length) {
      this.#slots = this.#slots.slice(this.#head);
      this.#head = 0;
    }
    return record;
  }

  clear(): void {
    this.#slots = [];
    this.#head = 0;
  }
}
