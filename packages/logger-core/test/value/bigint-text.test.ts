import { describe, expect, it } from "vitest";
import { bigintText } from "../../src/value/bigint-text.ts";

describe("§1.4: a bigint as text, in bounded time", () => {
  it("has all its digits as long as these are few", () => {
    for (const value of [0n, -1n, 2n ** 64n, -(10n ** 1_000n) + 1n]) {
      expect(bigintText(value, 1_024)).toBe(String(value));
    }
  });

  it.each([
    [10n ** 1_000_000n, "1.0000e+1000000"],
    [-(123_456n * 10n ** 200_000n), "-1.2346e+200005"],
    [10n ** 2_000n - 1n, /^(1\.0000e\+2000|9\.9999e\+1999|10\.0000e\+1999)$/],
    [1n << 4_000n, "1.3182e+1204"],
  ])("is told by its magnitude above", (value, expected) => {
    expect(bigintText(value, 1_024)).toMatch(expected);
  });
});
