/**
 * Writes a caller's values as OTLP protobuf (§1.7), redacted, without copying them first: `line-walk.ts` for another
 * format. What almost all values are it writes itself; anything else is handed to the walk that makes records
 * (`value-walk.ts`), at its place in the depth and the path. A value is read once, and under a secret key not at all.
 */
import { MASKED_PLACEHOLDER } from "../generated/secret-suffixes.ts";
import { type CoercionReport, isPlain, MAX_DEPTH, type MutableMap, UNREADABLE, ValueWalk } from "../value-walk.ts";
import type { WalkBudget } from "../walk-budget.ts";
import type { BoundLayer } from "./bound-layer.ts";
import { LINE_TOO_LONG, Token } from "./byte-writer.ts";
import { type KeyNode, type KeyPlan, type KeyTrie, NOT_HELD } from "./key-trie.ts";
import { writeAnyValue, writeKeyValues } from "./otlp-protobuf-value.ts";
import { ProtobufWriter } from "./protobuf-writer.ts";
import { isInt64 } from "./value-shape.ts";

/** The attributes within a record. */
export const ATTRIBUTES_FIELD = 6;
/** The entries within a `KeyValueList`, and the values within an `ArrayValue`. */
const ENTRIES_FIELD = 1;
/** The tag of the value within a `KeyValue`. */
const VALUE_TAG = 0x12;
const STRING = 1;
const BOOL = 2;
const INT = 3;
const DOUBLE = 4;
const LIST = 5;
const MAP = 6;

/** The depth of what the attribute map holds. */
const ATTRIBUTE_DEPTH = 2;
/** Room for so many values is kept. */
const MAX_KEPT = 1024;

/** What stands before the length of a value in its `KeyValue`: the key, and the value's tag. */
export function keyHead(key: string): Token {
  const writer = new ProtobufWriter();
  if (key !== "") writer.string(1, key);
  return new Token(Uint8Array.of(...writer.finish(), VALUE_TAG));
}

/** Walks the values of one record at a time. */
export class OtlpWalk {
  readonly #writer: ProtobufWriter;
  readonly #budget: WalkBudget;
  #trie!: KeyTrie;
  #report!: CoercionReport;
  /** Made when a value needs it. */
  #slow: ValueWalk | undefined;
  readonly #ancestors: object[] = [];
  readonly #path: string[] = [];
  /** Keys and values that were read: those of a nested map lie above those of the map around it. */
  readonly #keys: string[] = [];
  readonly #values: unknown[] = [];
  #top = 0;
  /** The sequence of the keys read. */
  #node: KeyNode = NOT_HELD;
  /** The attribute maps, and where the entries of each end. */
  readonly #layers: (object | undefined)[] = [];
  readonly #layerEnds: number[] = [];
  #layerCount = 0;

  /**
   * @param budget of the record. When the record takes in more, or grows beyond `maxBytes` of it, `LINE_TOO_LONG` is thrown,
   * and `reset` must follow.
   */
  constructor(writer: ProtobufWriter, budget: WalkBudget) {
    this.#writer = writer;
    this.#budget = budget;
  }

  /** Forgets a record that was given up. */
  reset(): void {
    this.#forget(0);
    this.#ancestors.length = 0;
    this.#path.length = 0;
    while (this.#layerCount > 0) this.#layers[--this.#layerCount] = undefined;
  }

  /** @param trie knows the secret keys of what is written next; its heads are those of `keyHead`. */
  begin(trie: KeyTrie, report: CoercionReport): void {
    this.#trie = trie;
    this.#report = report;
    this.#slow = undefined;
  }

  /** The inside of a body (§3.2): any value; nothing for null and for what has no form. */
  body(input: unknown): void {
    this.#value(input, "", 1);
  }

  /** Attribute maps as one, each plain, null or undefined; weakest first. */
  attributes(bound: readonly BoundLayer[], maps: readonly unknown[]): void {
    this.#node = this.#trie.root;
    for (let at = 0; at < bound.length; at++) this.#readLayer((bound[at] as BoundLayer).attributes);
    for (let at = 0; at < maps.length; at++) {
      const map = maps[at];
      if (map !== undefined && map !== null) this.#readLayer(map);
    }
    this.#entries(ATTRIBUTES_FIELD, 0, ATTRIBUTE_DEPTH);
    if (this.#ancestors.length > 0) this.#ancestors.pop();
    while (this.#layerCount > 0) this.#layers[--this.#layerCount] = undefined;
  }

  #readLayer(map: object): void {
    const top = this.#top;
    const node = this.#node;
    try {
      this.#read(map);
    } catch (error) {
      if (error === LINE_TOO_LONG) throw error;
      this.#forget(top); // its keys cannot be listed
      this.#node = node;
      this.#slowWalk().note("unreadable", error);
    }
    this.#layers[this.#layerCount] = map;
    this.#layerEnds[this.#layerCount++] = this.#top;
  }

  /** Reads the members of a map, of secret ones the keys only. */
  #read(map: object): void {
    const trie = this.#trie;
    const keys = this.#keys;
    const values = this.#values;
    let node = this.#node;
    const budget = this.#budget;
    let top = this.#top;
    for (const key in map) {
      node = node.nextKey === key ? (node.next as KeyNode) : trie.step(node, key);
      keys[top] = key;
      if (node === NOT_HELD ? trie.isSecret(key) : node.isSecret) {
        values[top] = MASKED_PLACEHOLDER;
      } else {
        try {
          values[top] = (map as Record<string, unknown>)[key];
        } catch (error) {
          values[top] = this.#unreadable(key, error);
        }
      }
      top += 1;
      this.#top = top;
      if (!budget.takeValue()) throw LINE_TOO_LONG;
    }
    this.#node = node;
  }

  /** Writes what was read from `base` on as repeated entries of a field. */
  #entries(field: number, base: number, depth: number): void {
    const plan = this.#trie.plan(this.#node);
    if (plan === undefined) this.#entriesWithoutPlan(field, base, depth);
    else this.#entriesByPlan(plan, field, base, depth);
    this.#forget(base);
  }

  #entriesByPlan(plan: KeyPlan, field: number, base: number, depth: number): void {
    const writer = this.#writer;
    const { heads, indexes } = plan;
    for (let at = 0; at < heads.length; at++) {
      const head = heads[at] as Token;
      const value = this.#values[base + (indexes[at] as number)];
      if (typeof value === "string" && writer.shortEntry(field, head, STRING, value)) continue;
      const start = writer.length;
      const entry = writer.begin(field);
      writer.token(head);
      const inner = writer.mark();
      if (typeof value === "number" && Number.isFinite(value)) {
        this.#number(value);
      } else if (!this.#strongest(plan, at, base, indexes[at] as number, depth)) {
        writer.cutTo(start);
        continue;
      }
      writer.end(inner);
      writer.end(entry);
    }
  }

  /** Writes the strongest value of a key that has a form; false if there is none. */
  #strongest(plan: KeyPlan, at: number, base: number, index: number, depth: number): boolean {
    if (this.#member(plan, at, base + index, depth)) return true;
    for (const weaker of plan.weaker[at] ?? []) if (this.#member(plan, at, base + weaker, depth)) return true;
    return false;
  }

  #member(plan: KeyPlan, at: number, index: number, depth: number): boolean {
    const value = this.#values[index];
    if (value === undefined) return false;
    const key = plan.keys[at] as string;
    this.#enterLayer(index);
    this.#path.push(key);
    const hasForm = this.#value(value, key, depth);
    this.#path.pop();
    return hasForm;
  }

  /** For keys that are not kept: makes the map as the record has it, and writes that. */
  #entriesWithoutPlan(field: number, base: number, depth: number): void {
    const map: MutableMap = {};
    const slow = this.#slowWalk();
    for (let at = base; at < this.#top; at++) {
      this.#enterLayer(at);
      slow.addEntry(map, this.#keys[at] as string, this.#values[at], depth);
    }
    writeKeyValues(this.#writer, field, map);
  }

  /** Among the attribute maps only the one that holds a value is its ancestor. */
  #enterLayer(at: number): void {
    const ends = this.#layerEnds;
    if (this.#layerCount === 0 || at >= (ends[this.#layerCount - 1] as number)) return;
    let layer = 0;
    while (at >= (ends[layer] as number)) layer += 1;
    this.#ancestors[0] = this.#layers[layer] as object;
  }

  /** The inside of an `AnyValue`. False when the value has no form; then nothing is written, as for null. */
  #value(value: unknown, key: string, depth: number): boolean {
    const writer = this.#writer;
    switch (typeof value) {
      case "string":
        this.#expect(value);
        return writer.wellFormedString(STRING, value) || this.#bySlowWalk(value, key, depth);
      case "number":
        if (!Number.isFinite(value)) return this.#bySlowWalk(value, key, depth);
        this.#number(value);
        return true;
      case "boolean":
        writer.bool(BOOL, value);
        return true;
      case "object":
        return value === null || this.#object(value, key, depth);
      default:
        return this.#bySlowWalk(value, key, depth);
    }
  }

  /** Gives the record up when a text makes it too long. */
  #expect(text: string): void {
    if (this.#writer.length + text.length > this.#budget.maxBytes) throw LINE_TOO_LONG;
  }

  #number(value: number): void {
    if ((value | 0) === value || isInt64(value)) this.#writer.int64(INT, value);
    else this.#writer.double(DOUBLE, value);
  }

  #object(input: object, key: string, depth: number): boolean {
    const writer = this.#writer;
    const start = writer.length;
    const top = this.#top;
    const height = this.#ancestors.length;
    const steps = this.#path.length;
    try {
      const isList = Array.isArray(input);
      if (depth > MAX_DEPTH || this.#ancestors.includes(input) || !(isList || isWalkable(input))) {
        return this.#bySlowWalk(input, key, depth);
      }
      this.#ancestors.push(input);
      const mark = writer.begin(isList ? LIST : MAP);
      if (isList) this.#list(input, depth + 1);
      else this.#map(input, depth + 1);
      writer.end(mark);
      this.#ancestors.pop();
      return true;
    } catch (error) {
      if (error === LINE_TOO_LONG) throw error;
      writer.cutTo(start);
      this.#forget(top);
      this.#ancestors.length = height;
      this.#path.length = steps;
      this.#slowWalk().note("unreadable", error);
      return writer.wellFormedString(STRING, UNREADABLE);
    }
  }

  #map(map: object, depth: number): void {
    const base = this.#top;
    this.#node = this.#trie.root;
    this.#read(map);
    this.#entries(ENTRIES_FIELD, base, depth);
  }

  #list(list: readonly unknown[], depth: number): void {
    const writer = this.#writer;
    const { length } = list;
    for (let index = 0; index < length; index++) {
      if (!this.#budget.takeValue()) throw LINE_TOO_LONG;
      let item: unknown;
      try {
        item = list[index];
      } catch (error) {
        item = this.#unreadable(String(index), error);
      }
      const mark = writer.begin(ENTRIES_FIELD);
      if (typeof item === "string") this.#expect(item);
      if (typeof item !== "string" || !writer.wellFormedString(STRING, item)) {
        const key = String(index);
        this.#path.push(key);
        this.#value(item, key, depth); // what has no form is null, so that positions stay
        this.#path.pop();
      }
      writer.end(mark);
    }
  }

  #bySlowWalk(value: unknown, key: string, depth: number): boolean {
    const normal = this.#slowWalk().value(value, key, depth);
    if (normal === undefined) return false;
    writeAnyValue(this.#writer, normal);
    return true;
  }

  #slowWalk(): ValueWalk {
    this.#slow ??= new ValueWalk(this.#trie.redactor, this.#report, this.#budget, this.#ancestors, this.#path);
    return this.#slow;
  }

  #unreadable(key: string, error: unknown): string {
    this.#path.push(key);
    this.#slowWalk().note("unreadable", error);
    this.#path.pop();
    return UNREADABLE;
  }

  /** Lets go of the values read from `base` on: they are the caller's. */
  #forget(base: number): void {
    const values = this.#values;
    for (let at = base; at < this.#top; at++) values[at] = undefined;
    this.#top = base;
    if (values.length > MAX_KEPT && base === 0) {
      values.length = 0;
      this.#keys.length = 0;
    }
  }
}

/** Whether an object is plain and says nothing about its own form. */
function isWalkable(input: object): boolean {
  return isPlain(input) && typeof (input as { toJSON?: unknown }).toJSON !== "function";
}
