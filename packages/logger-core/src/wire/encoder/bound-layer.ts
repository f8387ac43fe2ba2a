import type { Attributes } from "../../value/index.ts";

/**
 * Attributes that come with many records, such as those bound to a logger. The line encoder keeps with it what it
 * encoded of them.
 */
export class BoundLayer {
  /** Normalised and redacted. */
  declare readonly attributes: Attributes;
  /** The line encoder's. */
  encoded: unknown;

  constructor(attributes: Attributes) {
    this.attributes = attributes;
  }
}
