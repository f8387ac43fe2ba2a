import type { Redactor } from "../../redaction/index.ts";
import { KeyTrie } from "./key-trie.ts";
import type { Token } from "./token.ts";

/** The tries of the redactors that one encoder has met. */
export class KeyTries {
  readonly #headOf: ((key: string) => Token) | undefined;
  readonly #tries = new WeakMap<Redactor, KeyTrie>();
  readonly #unmasked: KeyTrie;
  #last: KeyTrie | undefined;

  /** @param headOf as for `KeyTrie`. */
  constructor(headOf?: (key: string) => Token) {
    this.#headOf = headOf;
    this.#unmasked = new KeyTrie(null, headOf);
  }

  /** For attributes. */
  of(redactor: Redactor): KeyTrie {
    if (this.#last?.redactor === redactor) return this.#last;
    let trie = this.#tries.get(redactor);
    if (trie === undefined) {
      trie = new KeyTrie(redactor, this.#headOf);
      this.#tries.set(redactor, trie);
    }
    this.#last = trie;
    return trie;
  }

  /** For bodies, whose keys are masked only where the redactor says so. */
  ofBodies(redactor: Redactor): KeyTrie {
    return redactor.masksBodies ? this.of(redactor) : this.#unmasked;
  }
}
