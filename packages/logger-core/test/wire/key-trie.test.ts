import { describe, expect, it } from "vitest";
import { createRedactor } from "../../src/index.ts";
import { KEEP, MASK } from "../../src/redaction/index.ts";
import { type KeyNode, KeyTrie, NOT_HELD } from "../../src/wire/encoder/key-trie.ts";

const walk = (trie: KeyTrie, keys: readonly string[]): KeyNode => trie.walk(trie.root, keys);

/** Walks until the trie begins anew; answers after how many sequences. */
function fill(trie: KeyTrie, sequence: (count: number) => readonly string[]): number {
  const { root } = trie;
  for (let count = 1; count <= 100_000; count++) {
    trie.plan(walk(trie, sequence(count)));
    trie.plan(walk(trie, sequence(count)));
    if (trie.root !== root) return count;
  }
  return Number.POSITIVE_INFINITY;
}

describe("key trie", () => {
  it("keys that never come again do not make it grow without end", () => {
    expect(fill(new KeyTrie(null), (count) => [`k${count}`])).toBeLessThan(10_000);
    expect(fill(new KeyTrie(null), (count) => Array.from({ length: 100 }, (_, at) => `k${count}.${at}`))).toBeLessThan(
      100,
    );
  });

  it("a sequence has a plan from its second time on", () => {
    const trie = new KeyTrie(null);
    expect(trie.plan(walk(trie, ["b", "a"]))).toBeUndefined();
    expect(trie.plan(walk(trie, ["b", "a"]))?.keys).toEqual(["a", "b"]);
  });

  it("D-01: a plan has the keys by UTF-16 code unit, each once, the strongest value first", () => {
    const trie = new KeyTrie(null);
    const keys = ["b", "\uff61", "a", "\u{10000}", "10", "9", "b", "a", "b"];
    trie.plan(walk(trie, keys));
    expect(trie.plan(walk(trie, keys))).toMatchObject({
      keys: ["10", "9", "a", "b", "\u{10000}", "\uff61"],
      indexes: [4, 5, 7, 8, 3, 1],
      weaker: [undefined, undefined, [2], [6, 0], undefined, undefined],
    });
  });

  it.each([
    ["a key with a lone surrogate", ["a", "\ud800"]],
    ["a very long key", ["k".repeat(129)]],
    ["very many keys", Array.from({ length: 129 }, (_, at) => `k${at}`)],
  ])("%s is not held, nor what follows", (_, keys) => {
    const trie = new KeyTrie(null);
    expect(walk(trie, keys)).toBe(NOT_HELD);
    expect(walk(trie, [...keys, "a"])).toBe(NOT_HELD);
    expect([trie.plan(NOT_HELD), trie.plan(NOT_HELD)]).toEqual([undefined, undefined]);
  });

  it("§10: secret keys are known by the redactor of the trie", () => {
    const trie = new KeyTrie(createRedactor());
    expect(walk(trie, ["api_key"]).kind).toBe(MASK);
    expect(walk(trie, ["api_key", "a"]).kind).toBe(KEEP);
    expect(new KeyTrie(null).kindOf("api_key")).toBe(KEEP);
  });
});
