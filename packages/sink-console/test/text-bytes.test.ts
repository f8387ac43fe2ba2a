import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TextBytes } from "../src/text-bytes.ts";

describe("TextBytes", () => {
  it("gives the UTF-8 of any text, whatever came before", () => {
    const bytes = new TextBytes();
    const long = fc.string({ unit: "binary" }).chain((text) => fc.nat(40_000).map((n) => text.padEnd(n, "€")));
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), long), (text) => {
        expect(Buffer.compare(bytes.of(text), Buffer.from(text))).toBe(0);
      }),
      { numRuns: 200 },
    );
  });

  it("uses one block again for texts that fit into it", () => {
    const bytes = new TextBytes();
    expect(bytes.of("a").buffer).toBe(bytes.of("b".repeat(1000)).buffer);
  });
});
