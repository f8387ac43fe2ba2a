/**
 * What can be known of a sequence of keys: which of them are secret, and in what order the wire has them. A log call
 * passes the same keys in the same order each time, so the answers are kept in a trie that is walked key by key while
 * an object is read.
 *
 * A sequence may be that of several maps one after the other; where a key stands twice, the later value is stronger.
 * The plan of a sequence is made when it comes for the second time, and the trie begins anew when it is full, so that
 * keys that never come again cost little and are not kept.
 */

import { KEEP, type KeyKind, type Redactor } from "../../redaction/index.ts";
import { isWellFormed } from "../../value/index.ts";
import { canonicalString } from "./canonical-json.ts";
import { Token } from "./token.ts";

/** Longer sequences, and longer keys, have no plan. */
const MAX_KEYS = 128;
const MAX_KEY_LENGTH = 128;
/** Keys of sequences and of plans, all together. */
const MAX_SIZE = 8192;

/** The last key of a sequence; those before it are its ancestors'. */
export class KeyNode {
  readonly parent: KeyNode | null;
  readonly key: string;
  /** What is to be done with the values of the key. */
  readonly kind: KeyKind;
  /** How many keys the sequence has. */
  readonly length: number;
  /** The node of the key that first came next, found by one comparison, and those of all others. */
  nextKey: string | undefined;
  next: KeyNode | undefined;
  readonly #others = new Map<string, KeyNode>();
  plan: KeyPlan | undefined;
  wasSeen = false;

  constructor(parent: KeyNode | null, key: string, kind: KeyKind) {
    this.parent = parent;
    this.key = key;
    this.kind = kind;
    this.length = parent === null ? 0 : parent.length + 1;
  }

  other(key: string): KeyNode | undefined {
    return this.#others.get(key);
  }

  add(node: KeyNode): void {
    if (this.next === undefined) {
      this.nextKey = node.key;
      this.next = node;
    } else {
      this.#others.set(node.key, node);
    }
  }
}

/** The keys of a sequence as the wire has them. */
export interface KeyPlan {
  /** Sorted (D-01), each key once. */
  readonly keys: readonly string[];
  /** What stands before the value of each: `,"key":` in JSON. */
  readonly heads: readonly Token[];
  /** Where in the sequence the strongest value of each is. */
  readonly indexes: readonly number[];
  /** Where the weaker ones are, strongest first, for keys that stand more than once. */
  readonly weaker: readonly (readonly number[] | undefined)[];
  /** What each head begins with that is no part of the member: it stands there even if the value has no form. */
  readonly constants: readonly Token[] | undefined;
  /** What follows the last member. */
  readonly end: Token | undefined;
}

/** Stands for every sequence that the trie does not hold. */
export const NOT_HELD: KeyNode = /* @__PURE__ */ new KeyNode(null, "", KEEP);

/** The sequences of keys under one redactor; `null` masks nothing. */
export class KeyTrie {
  readonly redactor: Redactor | null;
  readonly #headOf: (key: string) => Token;
  #root = new KeyNode(null, "", KEEP);
  #size = 0;

  /** @param headOf what a format writes before the value of a key. */
  constructor(redactor: Redactor | null, headOf: (key: string) => Token = jsonHead) {
    this.redactor = redactor;
    this.#headOf = headOf;
  }

  get root(): KeyNode {
    return this.#root;
  }

  kindOf(key: string): KeyKind {
    return this.redactor === null ? KEEP : this.redactor.ruleOf(key).kind;
  }

  /** The sequence one key longer, or `NOT_HELD`. Callers look at `nextKey` first. */
  step(node: KeyNode, key: string): KeyNode {
    return node.other(key) ?? this.#grow(node, key);
  }

  /** The sequence longer by some keys. */
  walk(node: KeyNode, keys: readonly string[]): KeyNode {
    let at = node;
    for (const key of keys) at = at.nextKey === key ? (at.next as KeyNode) : this.step(at, key);
    return at;
  }

  /** The plan of a sequence, from the second time on. */
  plan(node: KeyNode): KeyPlan | undefined {
    if (node.plan !== undefined || node === NOT_HELD) return node.plan;
    if (node.wasSeen) {
      node.plan = planOf(node, this.#headOf);
      this.#size += node.length;
    }
    node.wasSeen = true;
    return node.plan;
  }

  #grow(node: KeyNode, key: string): KeyNode {
    if (node === NOT_HELD || node.length === MAX_KEYS || key.length > MAX_KEY_LENGTH || !isWellFormed(key)) {
      return NOT_HELD;
    }
    if (this.#size >= MAX_SIZE) {
      this.#root = new KeyNode(null, "", KEEP);
      this.#size = 0;
      return NOT_HELD;
    }
    const next = new KeyNode(node, key, this.kindOf(key));
    node.add(next);
    this.#size += 1;
    return next;
  }
}

function jsonHead(key: string): Token {
  return new Token(`,${canonicalString(key)}:`);
}

function planOf(last: KeyNode, headOf: (key: string) => Token): KeyPlan {
  const places = new Map<string, number[]>();
  for (let node = last; node.parent !== null; node = node.parent) {
    const place = places.get(node.key);
    if (place === undefined) places.set(node.key, [node.length - 1]);
    else place.push(node.length - 1);
  }
  const keys = [...places.keys()].sort();
  const indexes = keys.map((key) => places.get(key) as number[]);
  return {
    keys,
    heads: keys.map(headOf),
    indexes: indexes.map(([strongest]) => strongest as number),
    weaker: indexes.map(([, ...weaker]) => (weaker.length === 0 ? undefined : weaker)),
    constants: undefined,
    end: undefined,
  };
}
