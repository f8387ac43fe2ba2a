import type { Attributes, Value } from "../record.ts";
import { Token } from "./byte-writer.ts";
import { canonicalJson } from "./canonical-json.ts";
import type { KeyNode, KeyTrie } from "./key-trie.ts";

/** One attribute of a layer, encoded. */
export class BoundEntry {
  readonly key: string;
  readonly value: Value;
  readonly token: Token;

  constructor(key: string, value: Value) {
    this.key = key;
    this.value = value;
    this.token = new Token(canonicalJson(value));
  }
}

/**
 * Attributes that come with many records, such as those bound to a logger. From the second line on they are encoded
 * once; before, a layer costs as good as nothing, since it may never be used again.
 */
export class BoundLayer {
  /** Normalised and redacted. */
  readonly attributes: Attributes;
  #wasUsed = false;
  #entries: readonly BoundEntry[] | undefined;
  /** The sequence of the keys, in the trie that has this root. */
  #node: KeyNode | undefined;
  #root: KeyNode | undefined;

  constructor(attributes: Attributes) {
    this.attributes = attributes;
  }

  /** The encoded attributes, for the line encoder; `undefined` for the first line. */
  get entries(): readonly BoundEntry[] | undefined {
    if (this.#entries === undefined && this.#wasUsed) {
      this.#entries = Object.keys(this.attributes).map((key) => new BoundEntry(key, this.attributes[key] as Value));
    }
    this.#wasUsed = true;
    return this.#entries;
  }

  /** The sequence of the keys of `entries`, from the root of a trie. */
  node(trie: KeyTrie): KeyNode {
    const { root } = trie;
    if (this.#node === undefined || this.#root !== root) {
      this.#root = root;
      this.#node = trie.walk(root, this.#entries ?? []);
    }
    return this.#node;
  }
}
