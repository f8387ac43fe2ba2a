/**
 * Writes a caller's values as canonical JSON, redacted, without copying them first. It deals with what almost all values
 * are: strings, finite numbers, booleans, null, lists and plain objects. Anything else is handed to the walk that makes
 * records (`value-walk.ts`), at its place in the depth and the path, and what comes back is written: there is one set of
 * rules. A value is read once, and under a secret key not at all.
 */
import { MASKED_PLACEHOLDER } from "../generated/secret-suffixes.ts";
import type { Value } from "../record.ts";
import { type CoercionReport, isPlain, MAX_DEPTH, type MutableMap, UNREADABLE, ValueWalk } from "../value-walk.ts";
import type { WalkBudget } from "../walk-budget.ts";
import type { BoundLayer } from "./bound-layer.ts";
import { type ByteWriter, LINE_TOO_LONG, Token } from "./byte-writer.ts";
import { canonicalJson } from "./canonical-json.ts";
import { encodedLayer } from "./encoded-layer.ts";
import { type KeyNode, type KeyPlan, type KeyTrie, NOT_HELD } from "./key-trie.ts";

const TRUE = new Token("true");
const FALSE = new Token("false");
const NULL = new Token("null");
const COMMA = 0x2c;
const BRACE = 0x7b;
const END_BRACE = 0x7d;
const BRACKET = 0x5b;
const END_BRACKET = 0x5d;

/** The depth of what the attribute map holds. */
const ATTRIBUTE_DEPTH = 2;
/** Room for so many values is kept. */
const MAX_KEPT = 1024;

const EMPTY = {};

/**
 * Whether every object seems to have members that are not its own, since `Object.prototype` has enumerable ones. The
 * walk must not be used then.
 */
export function isPrototypePolluted(): boolean {
  for (const _ in EMPTY) return true;
  return false;
}

/**
 * Walks the values of one line at a time. It reads members with `for…in`, which on plain objects finds exactly their
 * own and is several times as fast as asking for a list of keys.
 */
export class LineWalk {
  readonly #writer: ByteWriter;
  #trie!: KeyTrie;
  #report!: CoercionReport;
  readonly #budget: WalkBudget;
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
  /** What is encoded of the bound attributes; below `#encodedTop` only. */
  readonly #tokens: (Token | undefined)[] = [];
  #encodedTop = 0;

  /** @param budget of the line. When the line takes in more, `LINE_TOO_LONG` is thrown, and `reset` must follow. */
  constructor(writer: ByteWriter, budget: WalkBudget) {
    this.#writer = writer;
    this.#budget = budget;
  }

  /** @param trie knows the secret keys of what is written next. */
  begin(trie: KeyTrie, report: CoercionReport): void {
    this.#trie = trie;
    this.#report = report;
    this.#slow = undefined;
  }

  /** Forgets a line that was given up. */
  reset(): void {
    this.#forget(0);
    this.#encodedTop = 0;
    this.#ancestors.length = 0;
    this.#path.length = 0;
    while (this.#layerCount > 0) this.#layers[--this.#layerCount] = undefined;
  }

  /** A body (§3.2): any value; what has no form is `null`. */
  body(input: unknown): void {
    if (!this.#value(input, "", 1)) this.#writer.token(NULL);
  }

  /** Attribute maps as one, each plain, null or undefined; weakest first. False when there was nothing to write. */
  attributes(bound: readonly BoundLayer[], maps: readonly unknown[]): boolean {
    this.#node = this.#trie.root;
    for (let at = 0; at < bound.length; at++) this.#readBound(bound[at] as BoundLayer);
    for (let at = 0; at < maps.length; at++) {
      const map = maps[at];
      if (map !== undefined && map !== null) this.#readLayer(map);
    }
    const start = this.#writer.pos;
    this.#entries(0, ATTRIBUTE_DEPTH);
    this.#encodedTop = 0;
    if (this.#ancestors.length > 0) this.#ancestors.pop();
    while (this.#layerCount > 0) this.#layers[--this.#layerCount] = undefined;
    return this.#writer.pos > start + 2;
  }

  #readBound(layer: BoundLayer): void {
    const encoded = encodedLayer(layer);
    if (encoded === undefined) {
      this.#readLayer(layer.attributes);
      return;
    }
    const { keys, values, tokens } = encoded;
    for (let at = this.#encodedTop; at < this.#top; at++) this.#tokens[at] = undefined;
    this.#node = this.#top === 0 ? encoded.node(this.#trie) : this.#trie.walk(this.#node, keys);
    for (let at = 0; at < keys.length; at++) {
      this.#keys[this.#top] = keys[at] as string;
      this.#tokens[this.#top] = tokens[at];
      this.#values[this.#top++] = values[at];
    }
    this.#encodedTop = this.#top;
    this.#endLayer(layer.attributes);
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
    this.#endLayer(map);
  }

  #endLayer(map: object): void {
    this.#layers[this.#layerCount] = map;
    this.#layerEnds[this.#layerCount++] = this.#top;
  }

  /** Reads the members of a map, of secret ones the keys only. */
  #read(map: object): void {
    const trie = this.#trie;
    const keys = this.#keys;
    const values = this.#values;
    const budget = this.#budget;
    let node = this.#node;
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

  /** Writes what was read from `base` on. */
  #entries(base: number, depth: number): void {
    const plan = this.#trie.plan(this.#node);
    if (plan === undefined) this.#entriesWithoutPlan(base, depth);
    else this.#entriesByPlan(plan, base, depth);
    this.#forget(base);
  }

  #entriesByPlan(plan: KeyPlan, base: number, depth: number): void {
    const writer = this.#writer;
    const values = this.#values;
    const { heads, indexes } = plan;
    const encodedTop = base === 0 ? this.#encodedTop : 0;
    const start = writer.pos;
    for (let at = 0; at < heads.length; at++) {
      const index = indexes[at] as number;
      if (index < encodedTop) {
        const token = this.#tokens[index];
        if (token !== undefined) {
          writer.token(heads[at] as Token);
          writer.token(token);
          continue;
        }
      }
      const value = values[base + index];
      if (typeof value === "string") {
        const before = writer.pos;
        writer.token(heads[at] as Token);
        if (writer.string(value)) continue;
        writer.pos = before;
      } else if (typeof value === "number" && Number.isFinite(value)) {
        writer.token(heads[at] as Token);
        writer.number(value);
        continue;
      }
      this.#strongest(plan, at, base, depth);
    }
    // Each member begins with a comma: the first becomes the brace.
    if (writer.pos === start) writer.byte(BRACE);
    else writer.patch(start, BRACE);
    writer.byte(END_BRACE);
  }

  /** Writes the strongest value of a key that has a form. */
  #strongest(plan: KeyPlan, at: number, base: number, depth: number): void {
    if (this.#member(plan, at, base, plan.indexes[at] as number, depth)) return;
    for (const index of plan.weaker[at] ?? []) if (this.#member(plan, at, base, index, depth)) return;
  }

  #member(plan: KeyPlan, at: number, base: number, index: number, depth: number): boolean {
    const value = this.#values[base + index];
    if (value === undefined) return false;
    const writer = this.#writer;
    const before = writer.pos;
    const key = plan.keys[at] as string;
    writer.token(plan.heads[at] as Token);
    this.#enterLayer(base + index);
    this.#path.push(key);
    const hasForm = this.#value(value, key, depth);
    this.#path.pop();
    if (!hasForm) writer.pos = before;
    return hasForm;
  }

  /** For keys that are not kept: makes the map as the record has it, and writes that. */
  #entriesWithoutPlan(base: number, depth: number): void {
    const map: MutableMap = {};
    const slow = this.#slowWalk();
    for (let at = base; at < this.#top; at++) {
      this.#enterLayer(at);
      slow.addEntry(map, this.#keys[at] as string, this.#values[at], depth);
    }
    this.#writer.text(canonicalJson(map));
  }

  /** Among the attribute maps only the one that holds a value is its ancestor. */
  #enterLayer(at: number): void {
    const ends = this.#layerEnds;
    if (this.#layerCount === 0 || at >= (ends[this.#layerCount - 1] as number)) return;
    let layer = 0;
    while (at >= (ends[layer] as number)) layer += 1;
    this.#ancestors[0] = this.#layers[layer] as object;
  }

  /** False when the value has no form; then nothing is written. */
  #value(value: unknown, key: string, depth: number): boolean {
    const writer = this.#writer;
    switch (typeof value) {
      case "string":
        return writer.string(value) || this.#bySlowWalk(value, key, depth);
      case "number":
        if (!Number.isFinite(value)) return this.#bySlowWalk(value, key, depth);
        writer.number(value);
        return true;
      case "boolean":
        writer.token(value ? TRUE : FALSE);
        return true;
      case "object":
        if (value !== null) return this.#object(value, key, depth);
        writer.token(NULL);
        return true;
      default:
        return this.#bySlowWalk(value, key, depth);
    }
  }

  #object(input: object, key: string, depth: number): boolean {
    const writer = this.#writer;
    const start = writer.pos;
    const top = this.#top;
    const height = this.#ancestors.length;
    const steps = this.#path.length;
    try {
      const isList = Array.isArray(input);
      if (depth > MAX_DEPTH || this.#ancestors.includes(input) || !(isList || isWalkable(input))) {
        return this.#bySlowWalk(input, key, depth);
      }
      this.#ancestors.push(input);
      if (isList) this.#list(input, depth + 1);
      else this.#map(input, depth + 1);
      this.#ancestors.pop();
      return true;
    } catch (error) {
      if (error === LINE_TOO_LONG) throw error;
      writer.pos = start;
      this.#forget(top);
      this.#ancestors.length = height;
      this.#path.length = steps;
      this.#slowWalk().note("unreadable", error);
      return writer.string(UNREADABLE);
    }
  }

  #map(map: object, depth: number): void {
    const base = this.#top;
    this.#node = this.#trie.root;
    this.#read(map);
    this.#entries(base, depth);
  }

  #list(list: readonly unknown[], depth: number): void {
    const writer = this.#writer;
    const { length } = list;
    writer.byte(BRACKET);
    for (let index = 0; index < length; index++) {
      if (!this.#budget.takeValue()) throw LINE_TOO_LONG;
      if (index > 0) writer.byte(COMMA);
      let item: unknown;
      try {
        item = list[index];
      } catch (error) {
        item = this.#unreadable(String(index), error);
      }
      if (typeof item === "string" && writer.string(item)) continue;
      const key = String(index);
      this.#path.push(key);
      if (!this.#value(item, key, depth)) writer.token(NULL); // so that positions stay
      this.#path.pop();
    }
    writer.byte(END_BRACKET);
  }

  #bySlowWalk(value: unknown, key: string, depth: number): boolean {
    const normal: Value | undefined = this.#slowWalk().value(value, key, depth);
    if (normal === undefined) return false;
    this.#writer.text(canonicalJson(normal));
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
