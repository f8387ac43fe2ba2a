import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WireFormatError } from "../../src/options/errors.ts";
import { canonicalJson } from "../../src/wire/index.ts";
import { readJson } from "../../src/wire/line/json-reader.ts";
import { value } from "./arbitraries.ts";

/** The member that the refusal of a text names, or "read" when it is not refused. */
function refusal(text: string): string {
  try {
    readJson(text);
    return "read";
  } catch (error) {
    if (error instanceof WireFormatError) return error.member;
    throw error;
  }
}

/** Whether JSON.parse takes it, without a number that overflows (1e501), which ours refuses by design. */
function parses(text: string): boolean {
  try {
    let overflows = false;
    JSON.parse(text, (_key, member) => {
      if (member === Number.POSITIVE_INFINITY || member === Number.NEGATIVE_INFINITY) overflows = true;
      return member;
    });
    return !overflows;
  } catch {
    return false; // the answer, not a failure
  }
}

describe("§1.9 the JSON reader", () => {
  it("agrees with JSON.parse on what JSON can hold, in any layout", () => {
    const json = fc.jsonValue({ maxDepth: 4, stringUnit: "binary" });
    fc.assert(
      fc.property(json, fc.constantFrom("", " ", "\t", "\n"), (one, indent) => {
        const text = JSON.stringify(one, null, indent);
        expect(canonicalJson(readJson(text))).toBe(canonicalJson(JSON.parse(text)));
      }),
      { numRuns: 300 },
    );
  });

  it("reads back every value that canonical JSON writes", () => {
    fc.assert(
      fc.property(value, (one) => {
        expect(canonicalJson(readJson(canonicalJson(one)))).toBe(canonicalJson(one));
      }),
      { numRuns: 300 },
    );
  });

  it("accepts no text that JSON.parse refuses, and refuses only for its own reasons what JSON.parse accepts", () => {
    const fragment = fc.constantFrom(
      ...'{}[],:"\\-+.01eE \n',
      ...["true", "false", "null", "\\u0041", "\\ud83d", '"a"', '"a":', "1e5", "-0", "tru", "NaN"],
    );
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 8 }), (fragments) => {
        const text = fragments.join("");
        const outcome = refusal(text);
        if (parses(text)) expect(["read", "duplicate", "surrogate"]).toContain(outcome);
        else expect(outcome).not.toBe("read");
      }),
      { numRuns: 5_000 },
    );
  });

  it("keeps integers beyond 2^53 - 1 digit for digit, as bigints", () => {
    expect(readJson("9007199254740991")).toBe(9007199254740991);
    expect(readJson("9007199254740992")).toBe(9007199254740992n);
    expect(readJson("-9007199254740993")).toBe(-9007199254740993n);
    expect(readJson("9007199254740993.0")).toBe(9007199254740992);
    expect(readJson("1e21")).toBe(1e21);
  });

  it("reads every spelling of minus zero as 0 (D-02)", () => {
    for (const text of ["-0", "-0.0", "-0e5", "-1e-400"]) expect(Object.is(readJson(text), 0)).toBe(true);
  });

  it("keeps a member called __proto__ as data, at every depth", () => {
    const read = readJson('{"__proto__":{"a":1},"b":{"__proto__":null}}') as { b: object };
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
    expect(Object.keys(read)).toEqual(["__proto__", "b"]);
    expect(Object.keys(read.b)).toEqual(["__proto__"]);
    expect((read as { a?: number }).a).toBeUndefined();
  });

  for (const [name, text, member] of [
    ["a number beyond double range", "1e400", "json"],
    ["an integer beyond double range", `1${"0".repeat(400)}`, "json"],
    ["a duplicate member inside a list", '[{"a":1,"a":1}]', "duplicate"],
    ["a duplicate written with an escape", '{"a":1,"\\u0061":2}', "duplicate"],
    ["a duplicate __proto__", '{"__proto__":1,"__proto__":2}', "duplicate"],
    ["a lone surrogate in a key", '{"\\udc00":1}', "surrogate"],
    ["a raw lone surrogate", '"\ud800"', "surrogate"],
    ["a reversed pair", '"\\udc00\\ud800"', "surrogate"],
    ["nothing", " ", "json"],
    ["a word that only begins like a literal", "nul", "json"],
    ["a literal with a tail", "nullx", "json"],
    ["a plus sign", "+1", "json"],
    ["a bare point", "1.", "json"],
    ["an upper-case escape", '"\\U0041"', "json"],
    ["three hex digits", '"\\u004"', "json"],
    ["an open string", '"a', "json"],
    ["an open escape", '"\\', "json"],
    ["an open list", "[1", "json"],
    ["a member without a value", '{"a"}', "json"],
    ["a member name without quotes", "{a:1}", "json"],
    ["other white space", "\u00a01", "json"],
  ] as const) {
    it(`refuses ${name}`, () => {
      expect(refusal(text)).toBe(member);
    });
  }

  it("takes DEL and C1 raw, which JSON allows, and no C0", () => {
    expect(readJson('"\u007f\u0080\u009f"')).toBe("\u007f\u0080\u009f");
    for (let code = 0; code < 0x20; code++) expect(refusal(`"${String.fromCharCode(code)}"`)).toBe("json");
  });

  it("reads 512 levels and refuses more, however many, without exhausting the stack", () => {
    const lists = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
    const maps = (depth: number): string => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
    for (const nested of [lists, maps]) {
      expect(refusal(nested(512))).toBe("read");
      expect(refusal(nested(513))).toBe("json");
      expect(refusal(nested(200_000))).toBe("json");
    }
    expect(refusal(`[${Array(600).fill("[]").join(",")}]`)).toBe("read");
  });

  it("freezes what it reads, deeply", () => {
    const read = readJson('[{"a":[1]}]') as readonly { a: readonly number[] }[];
    expect([read, read[0], read[0]?.a].every(Object.isFrozen)).toBe(true);
  });

  it("does not quote values in its messages, which may be secret", () => {
    for (const text of ['{"a":"hunter2"x}', '"hunter2', '"hunter2\\ud800"', '{"a":"hunter2","a":1}']) {
      expect(() => readJson(text)).toThrow(/^(?!.*hunter2)/);
    }
  });
});
