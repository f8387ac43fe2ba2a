/**
 * What the encoders read of a caller's values, whatever they write: the members of plain maps, in the order in which they
 * come, and where in the record they are. A value is read once, and under a secret key not at all. What is not plain is
 * made a value by the walk that makes records (`value-walk.ts`), at its place in the depth and the path: there is one set
 * of rules.
 */
import { LOOK, MASK, MASKED_PLACEHOLDER, NAME, type Redactor, VALUE } from "../../redaction/index.ts";
import type { Value, WalkBudget } from "../../value/index.ts";
import {
  ByWalk,
  type CoercionReport,
  isPlain,
  MAX_DEPTH,
  type MutableMap,
  setMember,
  UNREADABLE,
  ValueWalk,
} from "../../value/index.ts";
import { RECORD_TOO_LONG } from "./byte-buffer.ts";
import { type KeyNode, type KeyTrie, NOT_HELD } from "./key-trie.ts";
import { maskNamed } from "./named-values.ts";

/** Room for so many values is kept. */
const MAX_KEPT = 1024;

/** Keys and their values. */
interface Entries {
  readonly keys: readonly string[];
  readonly values: readonly unknown[];
}

/**
 * Reads for one record at a time. Maps are read with `for…in`, which on plain objects finds exactly their own members
 * and is several times as fast as asking for a list of keys.
 */
export class ValueReader {
  /** Keys and values that were read: those of a nested map lie above those of the map around it. */
  readonly keys: string[] = [];
  readonly values: unknown[] = [];
  /** How many of them there are. */
  top = 0;
  /** The sequence of the keys read. */
  node: KeyNode = NOT_HELD;
  trie!: KeyTrie;
  /** The keys on the way to what is being written. */
  readonly path: string[] = [];
  readonly #ancestors: unknown[] = [];
  readonly #budget: WalkBudget;
  #report!: CoercionReport;
  /** Made when a value needs it. */
  #slow: ValueWalk | undefined;
  /** The attribute maps, and where the entries of each end. */
  readonly #layers: (object | undefined)[] = [];
  readonly #layerEnds: number[] = [];
  #layerCount = 0;
  #reserved: Entries | undefined;
  /** Whether what is read has been built by the same redactor, and up to where the attributes have. */
  #isBuilt = false;
  #builtEnd = 0;
  #masksValues = false;

  /** @param budget of the record. When more is read, `RECORD_TOO_LONG` is thrown, and `reset` must follow. */
  constructor(budget: WalkBudget) {
    this.#budget = budget;
  }

  /** @param trie knows the secret keys of what is read next. */
  begin(trie: KeyTrie, report: CoercionReport): void {
    this.trie = trie;
    this.node = trie.root;
    this.#report = report;
    this.#slow = undefined;
    this.#masksValues = trie.redactor?.masksValues === true;
  }

  /** Forgets a record that was given up. */
  reset(): void {
    this.forget(0);
    this.path.length = 0;
    this.#ancestors.length = 0;
    this.endLayers();
  }

  /** Reads an attribute map that has been built. */
  readBuilt(map: object): void {
    this.#isBuilt = true;
    this.readLayer(map);
    this.#isBuilt = false;
    this.#builtEnd = this.top;
  }

  /** Whether a value must be written as it is: it was built, and building it again would make another of it. */
  isBuilt(index: number): boolean {
    return index < this.#builtEnd && this.trie.redactor?.converts === true;
  }

  /** Reads one of several attribute maps, weakest first. */
  readLayer(map: object): void {
    const { top, node } = this;
    try {
      this.read(map);
    } catch (error) {
      if (error === RECORD_TOO_LONG) throw error;
      this.forget(top); // its keys cannot be listed
      this.node = node;
      this.#walk().note("unreadable", error);
    }
    this.endLayer(map);
  }

  /**
   * Leaves the places of a sequence of keys empty, as the first, until `fillReserved`. False when the trie does not hold
   * it: then nothing is known of the keys that follow.
   */
  reserve(node: KeyNode, entries: Entries): boolean {
    if (node === NOT_HELD) return false;
    this.node = node;
    this.top = node.length;
    this.#reserved = entries;
    this.#builtEnd = this.top;
    return true;
  }

  /** Reads what `reserve` left out, if anything. */
  fillReserved(): void {
    if (this.#reserved === undefined) return;
    const { keys, values } = this.#reserved;
    for (let at = 0; at < keys.length; at++) {
      this.keys[at] = keys[at] as string;
      this.values[at] = values[at];
    }
    this.#reserved = undefined;
  }

  /** What was read up to now is of this attribute map, or of those before it. */
  endLayer(map: object): void {
    this.#layers[this.#layerCount] = map;
    this.#layerEnds[this.#layerCount++] = this.top;
  }

  /** The attributes are written. */
  endLayers(): void {
    this.#reserved = undefined;
    this.#builtEnd = 0;
    if (this.#ancestors.length > 0) this.#ancestors.pop();
    while (this.#layerCount > 0) this.#layers[--this.#layerCount] = undefined;
  }

  /** Reads the members of a map, of secret ones the keys only. */
  read(map: object): void {
    const { trie, keys, values } = this;
    const masksValues = this.#masksValues;
    let { node, top } = this;
    const base = top;
    let [hasName, hasValue] = [false, false];
    for (const key in map) {
      node = node.nextKey === key ? (node.next as KeyNode) : trie.step(node, key);
      keys[top] = key;
      const kind = node === NOT_HELD ? trie.kindOf(key) : node.kind;
      if (kind === MASK) {
        values[top] = MASKED_PLACEHOLDER;
      } else if (kind === LOOK) {
        values[top] = this.#look(map, key);
        const { isName, isValue } = (trie.redactor as Redactor).ruleOf(key);
        hasName ||= isName;
        hasValue ||= isValue;
      } else {
        try {
          values[top] = (map as Record<string, unknown>)[key];
        } catch (error) {
          values[top] = this.#unreadable(key, error);
        }
        if (kind === NAME) hasName = true;
        else if (kind === VALUE) hasValue = true;
        if (masksValues) values[top] = (trie.redactor as Redactor).scalar(values[top]);
      }
      top += 1;
      this.top = top;
      if (!this.#budget.takeValue()) throw RECORD_TOO_LONG;
    }
    if (hasName && hasValue) maskNamed(trie.redactor as Redactor, keys, values, base, top);
    this.node = node;
  }

  /** What stands for the value of a key that it takes a closer look at. */
  #look(map: object, key: string): unknown {
    const redactor = this.trie.redactor as Redactor;
    const rule = redactor.ruleOf(key);
    if (rule.onPath && redactor.isSecretAt(this.path, key)) return MASKED_PLACEHOLDER;
    let value: unknown;
    try {
      value = (map as Record<string, unknown>)[key];
    } catch (error) {
      return this.#unreadable(key, error);
    }
    if (this.#isBuilt) return value;
    const converted = redactor.scalar(this.#walk().converted(rule, key, value));
    return rule.onPath && redactor.hasSecretItems(this.path, key) ? new ByWalk(converted) : converted;
  }

  /** Reads one item of a list. */
  item(list: readonly unknown[], index: number): unknown {
    if (!this.#budget.takeValue()) throw RECORD_TOO_LONG;
    try {
      const item = list[index];
      return this.#masksValues ? (this.trie.redactor as Redactor).scalar(item) : item;
    } catch (error) {
      return this.#unreadable(String(index), error);
    }
  }

  /** Whether a container can be read, at its depth; if so, it is an ancestor until `leave`. */
  enter(container: object, isList: boolean, depth: number): boolean {
    if (depth > MAX_DEPTH || this.#ancestors.includes(container) || !(isList || isWalkable(container))) return false;
    this.#ancestors.push(container);
    return true;
  }

  leave(): void {
    this.#ancestors.pop();
  }

  get height(): number {
    return this.#ancestors.length;
  }

  /** Goes back to where a container began that could not be read, and reports it. What stands for it is answered. */
  giveUp(top: number, height: number, steps: number, error: unknown): string {
    if (error === RECORD_TOO_LONG) throw error;
    this.forget(top);
    this.#ancestors.length = height;
    this.path.length = steps;
    this.#walk().note("unreadable", error);
    return UNREADABLE;
  }

  /** Among the attribute maps only the one that holds a value is its ancestor. */
  enterLayer(at: number): void {
    const ends = this.#layerEnds;
    if (this.#layerCount === 0 || at >= (ends[this.#layerCount - 1] as number)) return;
    let layer = 0;
    while (at >= (ends[layer] as number)) layer += 1;
    this.#ancestors[0] = this.#layers[layer] as object;
  }

  /** A value as the record has it, its key the last of the path; `undefined` when it has no form. */
  normal(value: unknown, key: string, depth: number): Value | undefined {
    return this.#walk().value(value, key, depth);
  }

  /** What was read from `base` on, as the map that the record has. */
  normalMap(base: number, depth: number): MutableMap {
    const map: MutableMap = {};
    const walk = this.#walk();
    for (let at = base; at < this.top; at++) {
      const key = this.keys[at] as string;
      if (this.isBuilt(at)) setMember(map, key, this.values[at] as Value);
      else {
        this.enterLayer(at);
        walk.addJudged(map, key, this.values[at], depth);
      }
    }
    return map;
  }

  /** Lets go of the values read from `base` on: they are the caller's. */
  forget(base: number): void {
    const { values } = this;
    for (let at = base; at < this.top; at++) values[at] = undefined;
    this.top = base;
    if (values.length > MAX_KEPT && base === 0) {
      values.length = 0;
      this.keys.length = 0;
    }
  }

  #unreadable(key: string, error: unknown): string {
    this.path.push(key);
    this.#walk().note("unreadable", error);
    this.path.pop();
    return UNREADABLE;
  }

  #walk(): ValueWalk {
    this.#slow ??= new ValueWalk(this.trie.redactor, this.#report, this.#budget, this.#ancestors, this.path);
    return this.#slow;
  }
}

/** Whether an object is plain and says nothing about its own form. */
function isWalkable(input: object): boolean {
  return isPlain(input) && typeof (input as { toJSON?: unknown }).toJSON !== "function";
}
