import { runInNewContext } from "node:vm";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeTypedValue } from "../../../../conformance/fixtures/typed-values.ts";
import { canonicalJson } from "../../src/wire/index.ts";
import { text } from "./arbitraries.ts";
import { wireFixture } from "./goldens.ts";

interface CanonicalCase {
  readonly name: string;
  readonly value: unknown;
  readonly canonical: string;
}

const { cases, rejects } = wireFixture<{ cases: readonly CanonicalCase[]; rejects: readonly CanonicalCase[] }>(
  "canonical_json",
);

/** Sorted members by way of `JSON.stringify`, for values that JSON can hold. */
function sortedStringify(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(sortedStringify).join(",")}]`;
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${sortedStringify((value as Record<string, unknown>)[key])}`);
  return `{${members.join(",")}}`;
}

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

describe("§1.5 canonical JSON", () => {
  for (const { name, value, canonical } of cases) {
    it(`writes ${name}`, () => {
      expect(canonicalJson(decodeTypedValue(value))).toBe(canonical);
    });
  }

  for (const { name, value } of rejects) {
    it(`refuses ${name}`, () => {
      expect(() => canonicalJson(decodeTypedValue(value))).toThrow(TypeError);
    });
  }

  it("agrees with sorted JSON.stringify on values that JSON can hold", () => {
    const json = fc.jsonValue({ maxDepth: 4, stringUnit: "binary" });
    fc.assert(
      fc.property(json, (value) => {
        expect(canonicalJson(value)).toBe(sortedStringify(value));
      }),
      { numRuns: 500 },
    );
  });

  it("escapes strings and keys as RFC 8785 does, whatever they hold", () => {
    fc.assert(
      fc.property(text, (string) => {
        expect(canonicalJson({ [string]: string })).toBe(`{${JSON.stringify(string)}:${JSON.stringify(string)}}`);
      }),
    );
  });

  it("skips an undefined member wherever it stands among the others", () => {
    expect(canonicalJson({ a: undefined, b: 1, c: undefined, d: 2, e: undefined })).toBe('{"b":1,"d":2}');
  });

  it("takes maps of another realm and without a prototype", () => {
    expect(canonicalJson(runInNewContext("({ b: [1], a: 2 })"))).toBe('{"a":2,"b":[1]}');
    expect(canonicalJson(Object.assign(Object.create(null), { a: 1 }))).toBe('{"a":1}');
  });

  it("refuses an instance of a class, an Error and a boxed value", () => {
    class Order {
      id = 1;
    }
    for (const value of [new Order(), new Error("x"), Object(1), new Uint8Array(1), new Set()]) {
      expect(() => canonicalJson(value)).toThrow(TypeError);
    }
  });

  it("writes 1000 levels and refuses more, circular lists included, without exhausting the stack", () => {
    expect(canonicalJson(nested(1000))).toHaveLength(500 * 2 + 500 * 6 + 1);
    expect(() => canonicalJson(nested(1001))).toThrow(/circular or nested deeper than 1000/);
    const circular: unknown[] = [];
    circular.push(circular);
    expect(() => canonicalJson(circular)).toThrow(TypeError);
  });

  it("says what kind of thing it refused", () => {
    expect(() => canonicalJson(Number.NaN)).toThrow("NaN has no wire form");
    expect(() => canonicalJson([undefined])).toThrow("a value of type undefined has no wire form");
    expect(() => canonicalJson(new Date(0))).toThrow("an object that is neither a list nor a plain map");
    expect(() => canonicalJson("\ud800")).toThrow("a string with a lone surrogate has no wire form");
  });

  it("does not quote what it refuses, which may be secret", () => {
    expect(() => canonicalJson("hunter2\ud800")).toThrow(/^(?!.*hunter2)/);
    expect(() => canonicalJson({ a: Symbol("hunter2") })).toThrow(/^(?!.*hunter2)/);
  });
});
