import type { ReceivedBody } from "./transport.ts";

/** Keeps the beginning of a body, so that a receiver out of its mind cannot fill our memory. */
export class BodyCollector {
  readonly #maxBytes: number;
  readonly #parts: Uint8Array[] = [];
  #bytes = 0;
  #isCut = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Whether all of the part was kept. If not there is no use in reading on. */
  add(part: Uint8Array): boolean {
    const kept = part.subarray(0, this.#maxBytes - this.#bytes);
    this.#parts.push(kept);
    this.#bytes += kept.length;
    this.#isCut ||= kept.length < part.length;
    return !this.#isCut;
  }

  /** @param isWhole whether the body came to its end. */
  body(isWhole: boolean): ReceivedBody {
    const bytes = new Uint8Array(this.#bytes);
    let offset = 0;
    for (const part of this.#parts) {
      bytes.set(part, offset);
      offset += part.length;
    }
    return { bytes, isWhole: isWhole && !this.#isCut };
  }
}
