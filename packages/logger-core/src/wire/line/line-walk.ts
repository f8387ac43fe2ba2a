/**
 * Writes a caller's values as canonical JSON, redacted, without copying them first. It writes what almost all values are
 * itself: strings, finite numbers, booleans, null, lists and plain objects, as `value-reader.ts` reads them. Anything else
 * is made a value there first.
 */
import type { CoercionReport, WalkBudget } from "../../record/index.ts";
import type { BoundLayer, ByteWriter, KeyPlan, KeyTrie } from "../encoder/index.ts";
import { canonicalJson, Token, ValueReader } from "../encoder/index.ts";
import { type EncodedLayer, encodedLayer } from "./encoded-layer.ts";

const TRUE = /* @__PURE__ */ new Token("true");
const FALSE = /* @__PURE__ */ new Token("false");
const NULL = /* @__PURE__ */ new Token("null");
const COMMA = 0x2c;
const BRACE = 0x7b;
const END_BRACE = 0x7d;
const BRACKET = 0x5b;
const END_BRACKET = 0x5d;

/** The depth of what the attribute map holds. */
const ATTRIBUTE_DEPTH = 2;

/** Walks the values of one line at a time. */
export class LineWalk {
  readonly #writer: ByteWriter;
  readonly #reader: ValueReader;
  /** The bound attributes whose place is reserved, as they are part of the plan: they are read only if need be. */
  #reserved: EncodedLayer | undefined;

  /** @param budget of the line. When the line takes in more, `LINE_TOO_LONG` is thrown, and `reset` must follow. */
  constructor(writer: ByteWriter, budget: WalkBudget) {
    this.#writer = writer;
    this.#reader = new ValueReader(budget);
  }

  /** @param trie knows the secret keys of what is written next. */
  begin(trie: KeyTrie, report: CoercionReport): void {
    this.#reader.begin(trie, report);
  }

  /** Forgets a line that was given up. */
  reset(): void {
    this.#reserved = undefined;
    this.#reader.reset();
  }

  /** A body (§3.2): any value; what has no form is `null`. */
  body(input: unknown): void {
    if (!this.#value(input, "", 1)) this.#writer.token(NULL);
  }

  /** Attribute maps as one, each plain, null or undefined; weakest first. False when there was nothing to write. */
  attributes(bound: readonly BoundLayer[], maps: readonly unknown[]): boolean {
    const reader = this.#reader;
    this.#readBound(bound);
    for (let at = 0; at < maps.length; at++) {
      const map = maps[at];
      if (map !== undefined && map !== null) reader.readLayer(map);
    }
    const start = this.#writer.pos;
    const plan = reader.trie.plan(reader.node);
    const folded = plan === undefined ? undefined : this.#reserved?.fold(plan);
    if (folded === undefined) this.#readReserved();
    this.#entries(folded ?? plan, 0, ATTRIBUTE_DEPTH);
    this.#reserved = undefined;
    reader.endLayers();
    return this.#writer.pos > start + 2;
  }

  #readBound(bound: readonly BoundLayer[]): void {
    const reader = this.#reader;
    if (bound.length === 1) {
      const layer = bound[0] as BoundLayer;
      const encoded = encodedLayer(layer);
      if (encoded !== undefined && reader.reserve(encoded.node(reader.trie))) {
        reader.endLayer(layer.attributes);
        this.#reserved = encoded;
        return;
      }
    }
    for (let at = 0; at < bound.length; at++) reader.readLayer((bound[at] as BoundLayer).attributes);
  }

  #readReserved(): void {
    if (this.#reserved === undefined) return;
    const { keys, values } = this.#reserved;
    for (let at = 0; at < keys.length; at++) {
      this.#reader.keys[at] = keys[at] as string;
      this.#reader.values[at] = values[at];
    }
    this.#reserved = undefined;
  }

  /** Writes what was read from `base` on. */
  #entries(plan: KeyPlan | undefined, base: number, depth: number): void {
    const reader = this.#reader;
    if (plan === undefined) this.#writer.text(canonicalJson(reader.normalMap(base, depth)));
    else this.#entriesByPlan(plan, base, depth);
    reader.forget(base);
  }

  #entriesByPlan(plan: KeyPlan, base: number, depth: number): void {
    const writer = this.#writer;
    const values = this.#reader.values;
    const { heads, indexes, end } = plan;
    const start = writer.pos;
    for (let at = 0; at < heads.length; at++) {
      const value = values[base + (indexes[at] as number)];
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
    if (end !== undefined) writer.token(end);
    // Each member begins with a comma: the first becomes the brace.
    if (writer.pos === start) writer.byte(BRACE);
    else writer.patch(start, BRACE);
    writer.byte(END_BRACE);
  }

  /** Writes the strongest value of a key that has a form. */
  #strongest(plan: KeyPlan, at: number, base: number, depth: number): void {
    if (this.#member(plan, at, base, plan.indexes[at] as number, depth)) return;
    const weaker = plan.weaker[at];
    if (weaker !== undefined) {
      if (base === 0) this.#readReserved();
      for (const index of weaker) if (this.#member(plan, at, base, index, depth)) return;
    }
    const constant = plan.constants?.[at];
    if (constant !== undefined) this.#writer.token(constant);
  }

  #member(plan: KeyPlan, at: number, base: number, index: number, depth: number): boolean {
    const value = this.#reader.values[base + index];
    if (value === undefined) return false;
    const writer = this.#writer;
    const before = writer.pos;
    const key = plan.keys[at] as string;
    writer.token(plan.heads[at] as Token);
    this.#reader.enterLayer(base + index);
    this.#reader.path.push(key);
    const hasForm = this.#value(value, key, depth);
    this.#reader.path.pop();
    if (!hasForm) writer.pos = before;
    return hasForm;
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
    const reader = this.#reader;
    const { pos: start } = writer;
    const { top, height } = reader;
    const steps = reader.path.length;
    try {
      const isList = Array.isArray(input);
      if (!reader.enter(input, isList, depth)) return this.#bySlowWalk(input, key, depth);
      if (isList) this.#list(input, depth + 1);
      else this.#map(input, depth + 1);
      reader.leave();
      return true;
    } catch (error) {
      const mark = reader.giveUp(top, height, steps, error);
      writer.pos = start;
      return writer.string(mark);
    }
  }

  #map(map: object, depth: number): void {
    const reader = this.#reader;
    const base = reader.top;
    reader.node = reader.trie.root;
    reader.read(map);
    this.#entries(reader.trie.plan(reader.node), base, depth);
  }

  #list(list: readonly unknown[], depth: number): void {
    const writer = this.#writer;
    const reader = this.#reader;
    const { length } = list;
    writer.byte(BRACKET);
    for (let index = 0; index < length; index++) {
      if (index > 0) writer.byte(COMMA);
      const item = reader.item(list, index);
      if (typeof item === "string" && writer.string(item)) continue;
      const key = String(index);
      reader.path.push(key);
      if (!this.#value(item, key, depth)) writer.token(NULL); // so that positions stay
      reader.path.pop();
    }
    writer.byte(END_BRACKET);
  }

  #bySlowWalk(value: unknown, key: string, depth: number): boolean {
    const normal = this.#reader.normal(value, key, depth);
    if (normal === undefined) return false;
    this.#writer.text(canonicalJson(normal));
    return true;
  }
}
