import type { Attributes, Value } from "../../value/index.ts";
import { ATTRIBUTE_DEPTH, isInt64, type KeyPlan, Token, ValueEncoder } from "../encoder/index.ts";
import { writeAnyValue, writeKeyValues } from "./otlp-protobuf-value.ts";
import { ProtobufWriter } from "./protobuf-writer.ts";

/** The attributes within a record. */
const ATTRIBUTES_FIELD = 6;
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

/** What stands before the length of a value in its `KeyValue`: the key, and the value's tag. */
export function keyHead(key: string): Token {
  const writer = new ProtobufWriter();
  if (key !== "") writer.string(1, key);
  return new Token(Uint8Array.of(...writer.finish(), VALUE_TAG));
}

/** Writes values as OTLP protobuf (§1.7): each the inside of an `AnyValue`, nothing for null. */
export class OtlpValues extends ValueEncoder {
  readonly #writer: ProtobufWriter;

  constructor(writer: ProtobufWriter) {
    super(writer);
    this.#writer = writer;
  }

  override string(text: string): boolean {
    return this.#writer.wellFormedString(STRING, text);
  }

  protected override number(value: number): void {
    if ((value | 0) === value || isInt64(value)) this.#writer.int64(INT, value);
    else this.#writer.double(DOUBLE, value);
  }

  protected override boolean(value: boolean): void {
    this.#writer.bool(BOOL, value);
  }

  protected override null(): void {}

  override normal(value: Value): void {
    writeAnyValue(this.#writer, value);
  }

  override normalAttributes(attributes: Attributes): void {
    writeKeyValues(this.#writer, ATTRIBUTES_FIELD, attributes);
  }

  protected override attributeMap(plan: KeyPlan | undefined): void {
    this.#entries(plan, ATTRIBUTES_FIELD, 0, ATTRIBUTE_DEPTH);
  }

  protected override map(plan: KeyPlan | undefined, base: number, depth: number): void {
    const mark = this.#writer.begin(MAP);
    this.#entries(plan, ENTRIES_FIELD, base, depth);
    this.#writer.end(mark);
  }

  /** Writes what was read from `base` on as repeated entries of a field. */
  #entries(plan: KeyPlan | undefined, field: number, base: number, depth: number): void {
    if (plan === undefined) writeKeyValues(this.#writer, field, this.reader.normalMap(base, depth));
    else this.#entriesByPlan(plan, field, base, depth);
  }

  #entriesByPlan(plan: KeyPlan, field: number, base: number, depth: number): void {
    const writer = this.#writer;
    const { values } = this.reader;
    const { heads, indexes } = plan;
    for (let at = 0; at < heads.length; at++) {
      const head = heads[at] as Token;
      const value = values[base + (indexes[at] as number)];
      if (typeof value === "string" && writer.shortEntry(field, head, STRING, value)) continue;
      const start = writer.pos;
      const entry = writer.begin(field);
      writer.token(head);
      const inner = writer.mark();
      if (typeof value === "number" && Number.isFinite(value)) {
        this.number(value);
      } else if (!this.strongest(plan, at, base, depth)) {
        writer.pos = start;
        continue;
      }
      writer.end(inner);
      writer.end(entry);
    }
  }

  protected override beginList(): number {
    return this.#writer.begin(LIST);
  }

  protected override endList(mark: number): void {
    this.#writer.end(mark);
  }

  protected override beginItem(): number {
    return this.#writer.begin(ENTRIES_FIELD);
  }

  protected override endItem(mark: number): void {
    this.#writer.end(mark);
  }
}
