import { describe, expect, test } from "vitest";
import { parseDuration, parseSize } from "../src/rotation/size-and-duration.ts";

describe("sizes (§9.1, D-64): KB, MB, GB are powers of 1000, KiB, MiB, GiB of 1024", () => {
  test.each([
    [0, 0],
    [4096, 4096],
    ["4096", 4096],
    ["7B", 7],
    ["1KB", 1_000],
    ["100MB", 100_000_000],
    ["2GB", 2_000_000_000],
    ["1KiB", 1_024],
    ["64MiB", 67_108_864],
    ["1GiB", 1_073_741_824],
    ["1.5 KiB", 1_536],
    ["98.9KB", 98_900],
    ["9007199254740991", Number.MAX_SAFE_INTEGER],
    ["0.0001KB", 0],
  ])("%j is %d bytes", (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  test.each([
    -1,
    1.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    "",
    "MB",
    "100 mb",
    "-1KB",
    "1e3",
    "1TB",
    " 1KB",
    "99999999999999999GB",
    "9007199254740992",
    "1constructor",
    "1.KB",
    "1KB2",
    null,
    {},
    ["1KB"],
  ])("%j is no size", (value) => {
    expect(parseSize(value)).toBeUndefined();
  });
});

describe("durations (§9.1): integers are milliseconds", () => {
  test.each([
    [1, 1],
    ["500ms", 500],
    ["5s", 5_000],
    ["9s", 9_000],
    ["19s", 19_000],
    ["1m", 60_000],
    ["1h", 3_600_000],
    ["1d", 86_400_000],
  ])("%j is %d ms", (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each([
    0,
    -1,
    1.5,
    Number.NaN,
    "",
    "1",
    "0s",
    "1.5h",
    "1 d",
    "1w",
    "1D",
    "99999999999999999d",
    "1s2",
    "1toString",
    null,
    {},
    ["1s"],
  ])("%j is no duration", (value) => {
    expect(parseDuration(value)).toBeUndefined();
  });
});
