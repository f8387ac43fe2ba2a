import type { Station } from "../station/index.ts";

/** How many `emit` calls within each other are no accident. */
export const MAX_DEPTH = 8;
const MAX_COUNT = 20;

/** Emits from within the sink, so often and so deep that recursion shows and still ends. */
export class NestedEmits {
  /** How many records were emitted from within. */
  count = 0;
  /** Whether each call caused the next one until the suite stopped it. A sink may report, once, that it was re-entered. */
  endless = false;
  readonly #station: Station;
  #depth = 0;

  constructor(station: Station) {
    this.#station = station;
  }

  emit(): void {
    if (this.#depth >= MAX_DEPTH) this.endless = true;
    if (this.endless || this.count >= MAX_COUNT) return;
    this.count += 1;
    this.#depth += 1;
    this.#station.emit(1);
    this.#depth -= 1; // emit of a station never throws
  }
}
