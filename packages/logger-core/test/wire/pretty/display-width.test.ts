import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { displayWidth, fittingLength, isRightToLeft } from "../../../src/wire/pretty/display-width.ts";

describe("columns of a terminal", () => {
  it.each([
    ["", 0],
    ["abc", 3],
    ["é", 1],
    ["e\u0301", 1],
    ["日本", 4],
    ["ｶﾅ", 2],
    ["ＡＢ", 4],
    ["한글", 4],
    ["🎉", 2],
    ["a\u200bb", 2],
    ["שלום", 4],
    ["☕", 2],
    ["│…", 2],
    ["\u{20000}", 2],
  ])("%j takes %i", (text, columns) => {
    expect(displayWidth(text)).toBe(columns);
  });

  it("what fits is the longest beginning that is no wider, and never splits a character", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), fc.integer({ min: 2, max: 30 }), (text, columns) => {
        const length = fittingLength(text, columns);
        expect(displayWidth(text.slice(0, length))).toBeLessThanOrEqual(columns);
        expect(text.slice(0, length).isWellFormed()).toBe(text.isWellFormed());
        const next = String.fromCodePoint(text.codePointAt(length) ?? 0x41);
        if (length < text.length) expect(displayWidth(text.slice(0, length) + next)).toBeGreaterThan(columns);
      }),
    );
  });

  it("one character always fits, so that breaking a text into lines ends", () => {
    expect(fittingLength("日本", 1)).toBe(1);
    expect(fittingLength("ab", 0)).toBe(1);
  });

  it.each([
    ["שלום", true],
    ["مرحبا", true],
    ["abc 日本 é", false],
  ])("%s is written from right to left: %s", (text, is) => {
    expect(isRightToLeft(text)).toBe(is);
  });
});
