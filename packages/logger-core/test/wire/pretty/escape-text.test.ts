import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escapeText } from "../../../src/wire/index.ts";
import { text } from "../arbitraries.ts";

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

const unsafe = new Set([
  ...range(0x00, 0x1f),
  ...range(0x7f, 0x9f),
  0x061c,
  ...range(0x200e, 0x200f),
  ...range(0x2028, 0x2029),
  ...range(0x202a, 0x202e),
  ...range(0x2066, 0x2069),
  0xfeff,
]);

describe("§1.8 escaping for text modes", () => {
  it("escapes exactly the listed characters of the basic plane, each to what JSON reads back", () => {
    for (let code = 0; code <= 0xffff; code++) {
      const character = String.fromCharCode(code);
      const escaped = escapeText(character);
      if (!unsafe.has(code)) expect(escaped).toBe(character);
      else {
        expect(escaped).toMatch(/^\\(?:[btnfr]|u[0-9a-f]{4})$/);
        expect(JSON.parse(`"${escaped}"`)).toBe(character);
      }
    }
  });

  it("uses the short escapes where JSON has them", () => {
    expect(escapeText("\b\t\n\f\r\u000b\u001b")).toBe("\\b\\t\\n\\f\\r\\u000b\\u001b");
  });

  it("leaves none of the listed characters in any text, and loses nothing else", () => {
    fc.assert(
      fc.property(text, (string) => {
        const escaped = escapeText(string);
        expect([...escaped].some((character) => unsafe.has(character.codePointAt(0) ?? 0))).toBe(false);
        const kept = [...string].filter((character) => !unsafe.has(character.codePointAt(0) ?? 0)).join("");
        expect(escaped.replace(/\\(?:[btnfr]|u[0-9a-f]{4})/g, "")).toBe(
          kept.replace(/\\(?:[btnfr]|u[0-9a-f]{4})/g, ""),
        );
      }),
      { numRuns: 1_000 },
    );
  });
});
