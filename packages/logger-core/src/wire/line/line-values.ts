import type { Attributes, Value } from "../../value/index.ts";
import {
  ATTRIBUTE_DEPTH,
  type BoundLayer,
  canonicalJson,
  type KeyPlan,
  Token,
  ValueEncoder,
} from "../encoder/index.ts";
import { type EncodedLayer, encodedLayer } from "./encoded-layer.ts";
import type { JsonWriter } from "./json-writer.ts";

const TRUE = /* @__PURE__ */ new Token("true");
const FALSE = /* @__PURE__ */ new Token("false");
const NULL = /* @__PURE__ */ new Token("null");
const COMMA = 0x2c;
const BRACE = 0x7b;
const END_BRACE = 0x7d;
const BRACKET = 0x5b;
const END_BRACKET = 0x5d;

/** Writes values as canonical JSON (§1.5). */
export class LineValues extends ValueEncoder {
  readonly #writer: JsonWriter;
  /** The bound attributes whose place is reserved, as they are part of the plan: they are read only if need be. */
  #reserved: EncodedLayer | undefined;

  constructor(writer: JsonWriter) {
    super(writer);
    this.#writer = writer;
  }

  override string(text: string): boolean {
    return this.#writer.string(text);
  }

  protected override number(value: number): void {
    this.#writer.number(value);
  }

  protected override boolean(value: boolean): void {
    this.#writer.token(value ? TRUE : FALSE);
  }

  protected override null(): void {
    this.#writer.token(NULL);
  }

  override normal(value: Value): void {
    this.#writer.text(canonicalJson(value));
  }

  override normalAttributes(attributes: Attributes): void {
    this.normal(attributes);
  }

  protected override readBound(bound: readonly BoundLayer[]): void {
    const { reader } = this;
    this.#reserved = undefined;
    if (bound.length === 1) {
      const layer = bound[0] as BoundLayer;
      const encoded = encodedLayer(layer);
      if (encoded !== undefined && reader.reserve(encoded.node(reader.trie), encoded)) {
        reader.endLayer(layer.attributes);
        this.#reserved = encoded;
        return;
      }
    }
    super.readBound(bound);
  }

  protected override attributeMap(plan: KeyPlan | undefined): void {
    const folded = plan === undefined ? undefined : this.#reserved?.fold(plan);
    if (folded === undefined) this.reader.fillReserved();
    this.map(folded ?? plan, 0, ATTRIBUTE_DEPTH);
  }

  protected override map(plan: KeyPlan | undefined, base: number, depth: number): void {
    if (plan === undefined) this.normal(this.reader.normalMap(base, depth));
    else this.#entries(plan, base, depth);
  }

  #entries(plan: KeyPlan, base: number, depth: number): void {
    const writer = this.#writer;
    const { values } = this.reader;
    const { heads, indexes, end } = plan;
    const start = writer.pos;
    for (let at = 0; at < heads.length; at++) {
      const value = values[base + (indexes[at] as number)];
      const before = writer.pos;
      writer.token(heads[at] as Token);
      if (typeof value === "string") {
        if (writer.string(value)) continue;
      } else if (typeof value === "number" && Number.isFinite(value)) {
        writer.number(value);
        continue;
      }
      if (this.strongest(plan, at, base, depth)) continue;
      writer.pos = before;
      const constant = plan.constants?.[at];
      if (constant !== undefined) writer.token(constant);
    }
    if (end !== undefined) writer.token(end);
    // Each member begins with a comma: the first becomes the brace.
    if (writer.pos === start) writer.byte(BRACE);
    else writer.patch(start, BRACE);
    writer.byte(END_BRACE);
  }

  protected override beginList(): number {
    this.#writer.byte(BRACKET);
    return 0;
  }

  protected override endList(): void {
    this.#writer.byte(END_BRACKET);
  }

  protected override beginItem(index: number): number {
    if (index > 0) this.#writer.byte(COMMA);
    return 0;
  }

  protected override endItem(): void {}
}
