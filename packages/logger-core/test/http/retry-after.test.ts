import { describe, expect, it } from "vitest";
import { retryAfterMs } from "../../src/http/retry-after.ts";

const NOW = Date.UTC(1994, 10, 6, 8, 49, 7);

describe("retryAfterMs (RFC 9110 §10.2.3)", () => {
  it.each([
    ["30", 30_000],
    [" 30 ", 30_000],
    ["Sun, 06 Nov 1994 08:49:37 GMT", 30_000],
    ["Sunday, 06-Nov-94 08:49:37 GMT", 30_000],
    ["Sun Nov  6 08:49:37 1994", 30_000],
  ])("%j is %i ms", (header, ms) => {
    expect(retryAfterMs(header, NOW)).toBe(ms);
  });

  it.each([
    undefined,
    "",
    "0",
    "-1",
    "+5",
    "1.5",
    "1e3",
    "0x10",
    "thirty",
    "30 s",
    "5 apples",
    "1994-11-06T08:49:37Z",
    "Sun, 06 Nov 1994 08:49:07 GMT",
    "Sat, 05 Nov 1994 08:49:37 GMT",
    "Sun, 99 Nov 1994 99:99:99 GMT",
  ])("%j asks for nothing", (header) => {
    expect(retryAfterMs(header, NOW)).toBeUndefined();
  });
});
