/** How much may wait in a queue. */
export interface QueueBounds {
  /** Items. */
  readonly maxItems: number;
  /** The sum of the items' sizes. */
  readonly maxBytes: number;
}

const INITIAL_CAPACITY = 64;

/**
 * First in, first out, bounded by items and by bytes (§7.1). Every operation costs O(1) per item. The queue itself
 * loses nothing in silence: whoever adds asks `fits` first and, where it does not, decides what gives way.
 */
export class BoundedQueue<T> {
  readonly #maxItems: number;
  readonly #maxBytes: number;
  // A ring in two arrays, so that an item costs no object of its own. The capacity is a power of two.
  #items: (T | undefined)[] = new Array<T | undefined>(INITIAL_CAPACITY);
  #sizes: number[] = new Array<number>(INITIAL_CAPACITY).fill(0);
  #head = 0;
  #size = 0;
  #bytes = 0;

  constructor(bounds: QueueBounds) {
    this.#maxItems = bounds.maxItems;
    this.#maxBytes = bounds.maxBytes;
  }

  /** Items that wait. */
  get size(): number {
    return this.#size;
  }

  /** The sum of their sizes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether an item of this size can be added within the bounds. */
  fits(bytes: number): boolean {
    return this.#size < this.#maxItems && this.#bytes + bytes <= this.#maxBytes;
  }

  /** Adds at the end; keeping the bounds is the caller's part. */
  add(item: T, bytes: number): void {
    if (this.#size === this.#items.length) this.#grow();
    const slot = (this.#head + this.#size) & (this.#items.length - 1);
    this.#items[slot] = item;
    this.#sizes[slot] = bytes;
    this.#size += 1;
    this.#bytes += bytes;
  }

  /**
   * Throws out the oldest items until one of this size fits, or nothing is left. Answers how many it cost.
   *
   * @param onEvicted called with each of them.
   */
  evictFor(bytes: number, onEvicted?: (item: T) => void): number {
    let evicted = 0;
    while (this.#size > 0 && !this.fits(bytes)) {
      const item = this.#shift();
      onEvicted?.(item);
      evicted += 1;
    }
    return evicted;
  }

  /** Takes out the oldest items: at most `maxItems` and `maxBytes`, but at least one when there is any. */
  take(maxItems: number, maxBytes: number): T[] {
    const taken: T[] = [];
    let bytes = 0;
    while (this.#size > 0 && taken.length < maxItems) {
      bytes += this.#sizes[this.#head] ?? 0;
      if (bytes > maxBytes && taken.length > 0) break;
      taken.push(this.#shift());
    }
    return taken;
  }

  /** Empties the queue; answers how many items that cost. */
  clear(): number {
    const cleared = this.#size;
    this.#items = new Array<T | undefined>(INITIAL_CAPACITY);
    this.#sizes = new Array<number>(INITIAL_CAPACITY).fill(0);
    this.#head = 0;
    this.#size = 0;
    this.#bytes = 0;
    return cleared;
  }

  #shift(): T {
    const item = this.#items[this.#head] as T;
    this.#items[this.#head] = undefined;
    this.#bytes -= this.#sizes[this.#head] ?? 0;
    this.#head = (this.#head + 1) & (this.#items.length - 1);
    this.#size -= 1;
    return item;
  }

  #grow(): void {
    const capacity = this.#items.length;
    const items = new Array<T | undefined>(capacity * 2);
    const sizes = new Array<number>(capacity * 2).fill(0);
    for (let index = 0; index < this.#size; index++) {
      const slot = (this.#head + index) & (capacity - 1);
      items[index] = this.#items[slot];
      sizes[index] = this.#sizes[slot] ?? 0;
    }
    this.#items = items;
    this.#sizes = sizes;
    this.#head = 0;
  }
}
