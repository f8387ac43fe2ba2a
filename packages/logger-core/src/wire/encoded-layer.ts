import type { Value } from "../record.ts";
import type { BoundLayer } from "./bound-layer.ts";
import { Token } from "./byte-writer.ts";
import { canonicalJson } from "./canonical-json.ts";
import type { KeyNode, KeyTrie } from "./key-trie.ts";

/** Marks a layer that one line had: it may never come again, so nothing is encoded yet. */
const SEEN = Symbol("seen once");

/** The attributes of a layer, each encoded. */
export class EncodedLayer {
  readonly keys: readonly string[];
  readonly values: readonly Value[];
  readonly tokens: readonly Token[];
  /** The sequence of the keys, in the trie that has this root. */
  #node: KeyNode | undefined;
  #root: KeyNode | undefined;

  constructor({ attributes }: BoundLayer) {
    this.keys = Object.keys(attributes);
    this.values = this.keys.map((key) => attributes[key] as Value);
    this.tokens = this.values.map((value) => new Token(canonicalJson(value)));
  }

  /** The sequence of the keys, from the root of a trie. */
  node(trie: KeyTrie): KeyNode {
    const { root } = trie;
    if (this.#node === undefined || this.#root !== root) {
      this.#node = trie.walk(root, this.keys);
      this.#root = root;
    }
    return this.#node;
  }
}

/** What is kept with a layer: made for its second line. */
export function encodedLayer(layer: BoundLayer): EncodedLayer | undefined {
  if (layer.encoded instanceof EncodedLayer) return layer.encoded;
  if (layer.encoded === SEEN) {
    const encoded = new EncodedLayer(layer);
    layer.encoded = encoded;
    return encoded;
  }
  layer.encoded = SEEN;
  return undefined;
}
