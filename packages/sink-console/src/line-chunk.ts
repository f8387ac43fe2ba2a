const FIRST_CAPACITY = 4096;
const LINE_FEED = 0x0a;

/** Whole lines in one block of bytes. The oldest can be taken off the front, which moves nothing. */
export class LineChunk {
  #bytes: Uint8Array;
  #start = 0;
  #end = 0;
  /** Where each line ends, its line feed included. */
  readonly #lineEnds: number[] = [];
  #dropped = 0;

  /** @param capacityBytes how much room to begin with; it grows. */
  constructor(capacityBytes: number = FIRST_CAPACITY) {
    this.#bytes = new Uint8Array(capacityBytes);
  }

  get byteLength(): number {
    return this.#end - this.#start;
  }

  /** The size of its block. */
  get capacity(): number {
    return this.#bytes.length;
  }

  /** How many lines are left. A record whose text has several physical lines counts as one. */
  get lineCount(): number {
    return this.#lineEnds.length - this.#dropped;
  }

  /** Copies a line in and ends it. */
  add(line: Uint8Array): void {
    const end = this.#end + line.length + 1;
    if (end > this.#bytes.length) this.#grow(end);
    this.#bytes.set(line, this.#end);
    this.#bytes[end - 1] = LINE_FEED;
    this.#end = end;
    this.#lineEnds.push(end);
  }

  dropOldest(): void {
    this.#start = this.#lineEnds[this.#dropped] ?? this.#end;
    this.#dropped += 1;
  }

  /** Forgets what is left and begins anew in the same block: only for a chunk whose bytes nobody else has. */
  reset(): void {
    this.#start = 0;
    this.#end = 0;
    this.#lineEnds.length = 0;
    this.#dropped = 0;
  }

  /** How many of the lines left end within that many of the bytes left. */
  linesWithin(bytes: number): number {
    const end = this.#start + bytes;
    let low = this.#dropped;
    let high = this.#lineEnds.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#lineEnds[middle] ?? end) <= end) low = middle + 1;
      else high = middle;
    }
    return low - this.#dropped;
  }

  /** The lines left, without a copy: the chunk is given away with them. */
  bytes(): Uint8Array {
    return this.#bytes.subarray(this.#start, this.#end);
  }

  #grow(needed: number): void {
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#end));
    this.#bytes = grown;
  }
}
