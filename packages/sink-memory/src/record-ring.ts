import type { LogRecord } from "@dagstack/logger-core";

/** The last `capacity` records, oldest first. Adding is O(1) and the memory grows only as records come. */
export class RecordRing {
  readonly capacity: number;
  #slots: LogRecord[] = [];
  /** Where the oldest record is once the ring is full; 0 before. */
  #oldest = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  get size(): number {
    return this.#slots.length;
  }

  /** Whether the oldest record had to go. */
  add(record: LogRecord): boolean {
    if (this.#slots.length < this.capacity) {
      this.#slots.push(record);
      return false;
    }
    this.#slots[this.#oldest] = record;
    this.#oldest = (this.#oldest + 1) % this.capacity;
    return true;
  }

  /** A new array, oldest first. */
  toArray(): LogRecord[] {
    return [...this.#slots.slice(this.#oldest), ...this.#slots.slice(0, this.#oldest)];
  }

  clear(): void {
    this.#slots = [];
    this.#oldest = 0;
  }
}
