/**
 * Writes a caller's values as OTLP protobuf (§1.7), redacted, without copying them first: `line-walk.ts` for another
 * format, over the same `value-reader.ts`.
 */
import type { CoercionReport, WalkBudget } from "../../record/index.ts";
import type { BoundLayer, KeyPlan, KeyTrie } from "../encoder/index.ts";
import { isInt64, LINE_TOO_LONG, Token, ValueReader } from "../encoder/index.ts";
import { writeAnyValue, writeKeyValues } from "./otlp-protobuf-value.ts";
import { ProtobufWriter } from "./protobuf-writer.ts";

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
  readonly #reader: ValueReader;

  /**
   * @param budget of the record. When the record takes in more, or grows beyond `maxBytes` of it, `LINE_TOO_LONG` is
   * thrown, and `reset` must follow.
   */
  constructor(writer: ProtobufWriter, budget: WalkBudget) {
    this.#writer = writer;
    this.#budget = budget;
    this.#reader = new ValueReader(budget);
  }

  /** @param trie knows the secret keys of what is written next; its heads are those of `keyHead`. */
  begin(trie: KeyTrie, report: CoercionReport): void {
    this.#reader.begin(trie, report);
  }

  /** Forgets a record that was given up. */
  reset(): void {
    this.#reader.reset();
  }

  /** The inside of a body (§3.2): any value; nothing for null and for what has no form. */
  body(input: unknown): void {
    this.#value(input, "", 1);
  }

  /** Attribute maps as one, each plain, null or undefined; weakest first. */
  attributes(bound: readonly BoundLayer[], maps: readonly unknown[]): void {
    const reader = this.#reader;
    for (let at = 0; at < bound.length; at++) reader.readLayer((bound[at] as BoundLayer).attributes);
    for (let at = 0; at < maps.length; at++) {
      const map = maps[at];
      if (map !== undefined && map !== null) reader.readLayer(map);
    }
    this.#entries(ATTRIBUTES_FIELD, 0, ATTRIBUTE_DEPTH);
    reader.endLayers();
  }

  /** Writes what was read from `base` on as repeated entries of a field. */
  #entries(field: number, base: number, depth: number): void {
    const reader = this.#reader;
    const plan = reader.trie.plan(reader.node);
    if (plan === undefined) writeKeyValues(this.#writer, field, reader.normalMap(base, depth));
    else this.#entriesByPlan(plan, field, base, depth);
    reader.forget(base);
  }

  #entriesByPlan(plan: KeyPlan, field: number, base: number, depth: number): void {
    const writer = this.#writer;
    const { heads, indexes } = plan;
    for (let at = 0; at < heads.length; at++) {
      const head = heads[at] as Token;
      const value = this.#reader.values[base + (indexes[at] as number)];
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
    const value = this.#reader.values[index];
    if (value === undefined) return false;
    const key = plan.keys[at] as string;
    this.#reader.enterLayer(index);
    this.#reader.path.push(key);
    const hasForm = this.#value(value, key, depth);
    this.#reader.path.pop();
    return hasForm;
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
    const reader = this.#reader;
    const { length: start } = writer;
    const { top, height } = reader;
    const steps = reader.path.length;
    try {
      const isList = Array.isArray(input);
      if (!reader.enter(input, isList, depth)) return this.#bySlowWalk(input, key, depth);
      const mark = writer.begin(isList ? LIST : MAP);
      if (isList) this.#list(input, depth + 1);
      else this.#map(input, depth + 1);
      writer.end(mark);
      reader.leave();
      return true;
    } catch (error) {
      const text = reader.giveUp(top, height, steps, error);
      writer.cutTo(start);
      return writer.wellFormedString(STRING, text);
    }
  }

  #map(map: object, depth: number): void {
    const reader = this.#reader;
    const base = reader.top;
    reader.node = reader.trie.root;
    reader.read(map);
    this.#entries(ENTRIES_FIELD, base, depth);
  }

  #list(list: readonly unknown[], depth: number): void {
    const writer = this.#writer;
    const reader = this.#reader;
    const { length } = list;
    for (let index = 0; index < length; index++) {
      const item = reader.item(list, index);
      const mark = writer.begin(ENTRIES_FIELD);
      if (typeof item === "string") this.#expect(item);
      if (typeof item !== "string" || !writer.wellFormedString(STRING, item)) {
        const key = String(index);
        reader.path.push(key);
        this.#value(item, key, depth); // what has no form is null, so that positions stay
        reader.path.pop();
      }
      writer.end(mark);
    }
  }

  #bySlowWalk(value: unknown, key: string, depth: number): boolean {
    const normal = this.#reader.normal(value, key, depth);
    if (normal === undefined) return false;
    writeAnyValue(this.#writer, normal);
    return true;
  }
}
