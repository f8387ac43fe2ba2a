/** Records of one batch that are delivered together, each with its number. */
export class Part<T> {
  readonly items: readonly T[];
  /** The number of the first record. */
  readonly first: number;
  /** The numbers of all, ascending; `undefined` when they follow the first without gaps. */
  readonly #numbers: readonly number[] | undefined;

  constructor(items: readonly T[], first: number, numbers?: readonly number[]) {
    this.items = items;
    this.first = first;
    this.#numbers = numbers;
  }

  get size(): number {
    return this.items.length;
  }

  /** How many have a number up to `upTo`. */
  countUpTo(upTo: number): number {
    if (this.#numbers !== undefined) return this.#numbers.filter((number) => number <= upTo).length;
    return Math.min(this.size, Math.max(0, upTo + 1 - this.first));
  }

  /** The two halves; the first is larger when they differ. */
  halves(): [Part<T>, Part<T>] {
    const half = Math.ceil(this.size / 2);
    const places = this.items.map((_, index) => index);
    return [this.pick(places.slice(0, half)), this.pick(places.slice(half))];
  }

  /** Only those at these places, which must ascend and be at least one. */
  pick(places: readonly number[]): Part<T> {
    const numbers = places.map((place) => this.#numbers?.[place] ?? this.first + place);
    const items = places.map((place) => this.items[place] as T);
    return new Part(items, numbers[0] as number, numbers);
  }
}
