import type { Station } from "../station.ts";

const MAX_DEPTH = 8;
const MAX_COUNT = 20;

/** Emits from within the sink, so often and so deep that recursion shows and still ends. */
export class NestedEmits {
  /** How many records were emitted from within. */
  count = 0;
  /** How deep `emit` calls were within each other; 1 is one call from within that caused no other. */
  deepest = 0;
  readonly #station: Station;
  #depth = 0;

  constructor(station: Station) {
    this.#station = station;
  }

  emit(): void {
    if (this.#depth >= MAX_DEPTH || this.count >= MAX_COUNT) return;
    this.count += 1;
    this.#depth += 1;
    this.deepest = Math.max(this.deepest, this.#depth);
    this.#station.emit(1);
    this.#depth -= 1; // emit of a station never throws
  }
}
