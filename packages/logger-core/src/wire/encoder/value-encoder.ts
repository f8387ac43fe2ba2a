import { MASKED_PLACEHOLDER } from "../../redaction/index.ts";
import {
  type CoercionReport,
  DEFAULT_MAX_RECORD_BYTES,
  listLength,
  type Value,
  WalkBudget,
} from "../../value/index.ts";
import type { BoundLayer } from "./bound-layer.ts";
import type { ByteBuffer } from "./byte-buffer.ts";
import type { KeyPlan, KeyTrie } from "./key-trie.ts";
import { ValueReader } from "./value-reader.ts";

/** The depth of what the attribute map holds. */
export const ATTRIBUTE_DEPTH = 2;

/**
 * Writes a caller's values, redacted, without copying them first: those that almost all values are, strings, finite
 * numbers, booleans, null, lists and plain objects, as `value-reader.ts` reads them. Anything else is made a value there
 * first. How a value looks is told by the class of each format. Encodes one record at a time.
 */
export abstract class ValueEncoder {
  readonly buffer: ByteBuffer;
  /** Of the record. When it takes in more, `RECORD_TOO_LONG` is thrown, and `reset` must follow. */
  readonly budget: WalkBudget = new WalkBudget(DEFAULT_MAX_RECORD_BYTES);
  protected readonly reader: ValueReader = new ValueReader(this.budget);

  constructor(buffer: ByteBuffer) {
    this.buffer = buffer;
  }

  /** Writes a string; false, with nothing written, when it has a lone surrogate. */
  abstract string(text: string): boolean;
  /** Writes a finite number. */
  protected abstract number(value: number): void;
  protected abstract boolean(value: boolean): void;
  protected abstract null(): void;
  /** Writes a value of a record. */
  abstract normal(value: Value): void;
  /** Writes the attributes of a record. */
  abstract normalAttributes(attributes: { readonly [key: string]: Value }): void;
  /** Writes what was read as the attributes. */
  protected abstract attributeMap(plan: KeyPlan | undefined): void;
  /** Writes what was read from `base` on as a map. */
  protected abstract map(plan: KeyPlan | undefined, base: number, depth: number): void;
  /** Begins a list; what is answered goes to `endList`. */
  protected abstract beginList(): number;
  protected abstract endList(mark: number): void;
  /** Begins an item; what is answered goes to `endItem`. */
  protected abstract beginItem(index: number): number;
  protected abstract endItem(mark: number): void;

  /** @param trie knows the secret keys of what is written next; its heads are the format's. */
  begin(trie: KeyTrie, report: CoercionReport): void {
    this.reader.begin(trie, report);
  }

  /** Forgets a record that was given up. */
  reset(): void {
    this.reader.reset();
  }

  /** A body (§3.2): any value; what has no form is null. */
  body(input: unknown): void {
    if (!this.#value(input, "", 1)) this.null();
  }

  /** Attribute maps as one, each plain, null or undefined; weakest first. */
  attributes(bound: readonly BoundLayer[], maps: readonly unknown[]): void {
    const { reader } = this;
    this.readBound(bound);
    for (let at = 0; at < maps.length; at++) {
      const map = maps[at];
      if (map !== undefined && map !== null) reader.readLayer(map);
    }
    this.attributeMap(reader.trie.plan(reader.node));
    reader.forget(0);
    reader.endLayers();
  }

  protected readBound(bound: readonly BoundLayer[]): void {
    for (let at = 0; at < bound.length; at++) this.reader.readBuilt((bound[at] as BoundLayer).attributes);
  }

  /** Writes the strongest value of a key that has a form; false, with nothing written, if there is none. */
  protected strongest(plan: KeyPlan, at: number, base: number, depth: number): boolean {
    const key = plan.keys[at] as string;
    if (this.#member(key, base + (plan.indexes[at] as number), depth)) return true;
    const weaker = plan.weaker[at];
    if (weaker === undefined) return false;
    if (base === 0) this.reader.fillReserved();
    for (const index of weaker) if (this.#member(key, base + index, depth)) return true;
    return false;
  }

  #member(key: string, index: number, depth: number): boolean {
    const { reader } = this;
    const value = reader.values[index];
    if (value === undefined) return false;
    if (reader.isBuilt(index)) {
      this.normal(value as Value);
      return true;
    }
    reader.enterLayer(index);
    reader.path.push(key);
    const hasForm = this.#value(value, key, depth);
    reader.path.pop();
    return hasForm;
  }

  /** False when the value has no form; then nothing is written. */
  #value(value: unknown, key: string, depth: number): boolean {
    switch (typeof value) {
      case "string":
        return this.string(value) || this.#bySlowWalk(value, key, depth);
      case "number":
        if (!Number.isFinite(value)) return this.#bySlowWalk(value, key, depth);
        this.number(value);
        return true;
      case "boolean":
        this.boolean(value);
        return true;
      case "object":
        if (value !== null) return this.#object(value, key, depth);
        this.null();
        return true;
      default:
        return this.#bySlowWalk(value, key, depth);
    }
  }

  #object(input: object, key: string, depth: number): boolean {
    const { buffer, reader } = this;
    const { pos } = buffer;
    const { top, height } = reader;
    const steps = reader.path.length;
    try {
      const isList = Array.isArray(input);
      if (!reader.enter(input, isList, depth)) return this.#bySlowWalk(input, key, depth);
      if (isList) this.#list(input, key, depth + 1);
      else this.#map(input, depth + 1);
      reader.leave();
      return true;
    } catch (error) {
      const mark = reader.giveUp(top, height, steps, error);
      buffer.pos = pos;
      return this.string(mark);
    }
  }

  #map(map: object, depth: number): void {
    const { reader } = this;
    const base = reader.top;
    reader.node = reader.trie.root;
    reader.read(map);
    this.map(reader.trie.plan(reader.node), base, depth);
    reader.forget(base);
  }

  #list(list: readonly unknown[], listKey: string, depth: number): void {
    const { reader } = this;
    const { redactor } = reader.trie;
    const length = listLength(list);
    const isPaired = redactor?.isPaired(length, listKey) === true;
    const whole = this.beginList();
    let item: unknown;
    for (let index = 0; index < length; index++) {
      const isSecret = isPaired && index % 2 === 1 && redactor.namesSecret(item);
      item = isSecret ? MASKED_PLACEHOLDER : reader.item(list, index);
      const mark = this.beginItem(index);
      if (typeof item !== "string" || !this.string(item)) {
        const key = String(index);
        reader.path.push(key);
        if (!this.#value(item, key, depth)) this.null(); // so that positions stay
        reader.path.pop();
      }
      this.endItem(mark);
    }
    this.endList(whole);
  }

  #bySlowWalk(value: unknown, key: string, depth: number): boolean {
    const normal = this.reader.normal(value, key, depth);
    if (normal === undefined) return false;
    this.normal(normal);
    return true;
  }
}
