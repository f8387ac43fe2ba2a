import { describe, expect, it } from "vitest";
import { createRedactor } from "../../src/index.ts";
import { BoundLayer } from "../../src/wire/encoder/bound-layer.ts";
import { type KeyPlan, KeyTrie } from "../../src/wire/encoder/key-trie.ts";
import { type EncodedLayer, encodedLayer } from "../../src/wire/line/encoded-layer.ts";

/** What is kept after so many lines. */
function after(lines: number, layer: BoundLayer): EncodedLayer | undefined {
  for (let line = 0; line < lines; line++) encodedLayer(layer);
  return encodedLayer(layer);
}

/** The plan of a line with the keys of the layer and one more. */
function planWith(encoded: EncodedLayer, trie: KeyTrie, key: string): KeyPlan {
  const node = trie.walk(encoded.node(trie), [key]);
  trie.plan(node);
  return trie.plan(node) as KeyPlan;
}

describe("encoded layer (design §6: what is remembered is bounded)", () => {
  it("is made for the 16th line and used from the 17th on, not for layers that come less often", () => {
    expect(after(15, new BoundLayer({ a: 1 }))).toBeUndefined();
    expect(after(16, new BoundLayer({ a: 1 }))).toBeDefined();
  });

  it("is not made of more than 2 048 characters of JSON", () => {
    expect(after(50, new BoundLayer({ a: "x".repeat(2_041) }))).toBeUndefined();
    expect(after(50, new BoundLayer({ a: "x".repeat(2_040) }))).toBeDefined();
  });

  it("keeps 16 plans, each folded once, and has room again when the trie begins anew", () => {
    const encoded = after(16, new BoundLayer({ m: 1 })) as EncodedLayer;
    const trie = new KeyTrie(createRedactor());
    const plans = Array.from({ length: 17 }, (_, at) => planWith(encoded, trie, `k${at}`));
    const folded = plans.map((plan) => encoded.fold(plan));
    expect(folded.map((plan) => plan !== undefined)).toEqual([...new Array(16).fill(true), false]);
    expect(plans.map((plan) => encoded.fold(plan))).toEqual(folded);
    expect(encoded.fold(plans[0] as KeyPlan)).toBe(folded[0]);
    const next = new KeyTrie(createRedactor());
    expect(encoded.fold(planWith(encoded, next, "k"))).toBeDefined();
  });

  it("has the values that nothing overrides in the heads, and the last of them at the end", () => {
    const encoded = after(16, new BoundLayer({ a: 1, m: "x", z: null })) as EncodedLayer;
    const trie = new KeyTrie(createRedactor());
    const folded = encoded.fold(planWith(encoded, trie, "n")) as KeyPlan;
    const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);
    expect(folded.heads.map(({ bytes }) => text(bytes))).toEqual([',"a":1,"m":"x","n":']);
    expect(text(folded.end?.bytes)).toBe(',"z":null');
    const overriding = encoded.fold(planWith(encoded, trie, "m")) as KeyPlan;
    expect(overriding.heads.map(({ bytes }) => text(bytes))).toEqual([',"a":1,"m":']);
  });
});
