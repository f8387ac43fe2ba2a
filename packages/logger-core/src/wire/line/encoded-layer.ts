import type { Value } from "../../value/index.ts";
import type { BoundLayer, KeyNode, KeyPlan, KeyTrie } from "../encoder/index.ts";
import { canonicalJson, Token } from "../encoder/index.ts";

/** Encoding costs as much as some lines, and most layers that are made for one request do not come this often. */
const FIRST_ENCODED_LINE = 16;
/** Plans that are folded for one layer, and the JSON that may then stand in each of them. */
const MAX_FOLDED = 16;
const MAX_FOLDED_LENGTH = 2048;
const LARGE = Symbol("too large to be kept encoded");

/** The attributes of a layer, encoded, and with them the plans of the lines that begin with its keys. */
export class EncodedLayer {
  readonly keys: readonly string[];
  readonly values: readonly Value[];
  readonly #json: readonly string[];
  /** The sequence of the keys, in the trie that has this root. */
  #node: KeyNode | undefined;
  #root: KeyNode | undefined;
  readonly #folded = new Map<KeyPlan, KeyPlan>();
  #lastPlan: KeyPlan | undefined;
  #lastFolded: KeyPlan | undefined;

  constructor({ attributes }: BoundLayer) {
    this.keys = Object.keys(attributes);
    this.values = this.keys.map((key) => attributes[key] as Value);
    this.#json = this.values.map(canonicalJson);
  }

  /** The sequence of the keys, from the root of a trie. */
  node(trie: KeyTrie): KeyNode {
    const { root } = trie;
    if (this.#node === undefined || this.#root !== root) {
      this.#node = trie.walk(root, this.keys);
      this.#root = root;
      this.#folded.clear();
    }
    return this.#node;
  }

  /**
   * A plan whose sequence begins with the keys of the layer, with those of its values that stand in the line as part of
   * the heads; `undefined` when too many are folded.
   */
  fold(plan: KeyPlan): KeyPlan | undefined {
    if (plan === this.#lastPlan) return this.#lastFolded;
    let folded = this.#folded.get(plan);
    if (folded === undefined) {
      if (this.#folded.size >= MAX_FOLDED) return undefined;
      folded = this.#fold(plan);
      this.#folded.set(plan, folded);
    }
    this.#lastPlan = plan;
    this.#lastFolded = folded;
    return folded;
  }

  #fold(plan: KeyPlan): KeyPlan {
    const kept: number[] = [];
    const constants: Uint8Array[] = [];
    let constant = "";
    plan.keys.forEach((key, at) => {
      const json = this.#json[plan.indexes[at] as number];
      if (json !== undefined) {
        constant += `,${canonicalJson(key)}:${json}`;
        return;
      }
      kept.push(at);
      constants.push(encoder.encode(constant));
      constant = "";
    });
    const of = <T>(list: readonly T[]): T[] => kept.map((at) => list[at] as T);
    return {
      keys: of(plan.keys),
      heads: of(plan.heads).map(({ bytes }, at) => new Token(joined(constants[at] as Uint8Array, bytes))),
      indexes: of(plan.indexes),
      weaker: of(plan.weaker),
      constants: constants.map((bytes) => new Token(bytes)),
      end: new Token(constant),
    };
  }
}

const encoder = new TextEncoder();

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(a.length + b.length);
  bytes.set(a);
  bytes.set(b, a.length);
  return bytes;
}

/** What is kept with a layer, once it has come often enough and unless it is large. */
export function encodedLayer(layer: BoundLayer): EncodedLayer | undefined {
  if (layer.encoded instanceof EncodedLayer) return layer.encoded;
  if (layer.encoded === LARGE) return undefined;
  const lines = typeof layer.encoded === "number" ? layer.encoded + 1 : 1;
  if (lines < FIRST_ENCODED_LINE) layer.encoded = lines;
  else layer.encoded = canonicalJson(layer.attributes).length > MAX_FOLDED_LENGTH ? LARGE : new EncodedLayer(layer);
  return undefined;
}
