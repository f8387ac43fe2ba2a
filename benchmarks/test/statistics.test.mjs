import { expect, test } from "vitest";
import { median, ratioOf, rotated } from "../src/statistics.mjs";

test("the median is the middle value, whatever the order", () => {
  expect(median([10, 2, 9])).toBe(9);
});

test("the median of an even number of values is the mean of the two in the middle", () => {
  expect(median([1, 100, 3, 5])).toBe(4);
});

test("nothing has no median", () => {
  expect(median([])).toBeUndefined();
});

test("the values that a median was asked of stay in their order", () => {
  const values = [3, 1, 2];
  median(values);
  expect(values).toEqual([3, 1, 2]);
});

test("ratios are taken within a round: a slow round that hits both rows changes nothing", () => {
  const base = [{ ns: 10 }, { ns: 1_000 }, { ns: 10 }];
  const row = [{ ns: 5 }, { ns: 500 }, { ns: 6 }];
  expect(ratioOf(row, base, "ns")).toEqual({ ratio: 0.5, low: 0.5, high: 0.6 });
});

test("a round that one of the two rows lacks is left out", () => {
  expect(ratioOf([undefined, { ns: 4 }, { ns: 9 }], [{ ns: 1 }, { ns: 2 }], "ns")).toEqual({
    ratio: 2,
    low: 2,
    high: 2,
  });
});

test("no common round, no ratio", () => {
  expect(ratioOf([{ ns: 4 }], [], "ns")).toBeUndefined();
});

test("each round begins with another row, and each row runs once in it", () => {
  expect([0, 1, 2, 3].map((round) => rotated(["a", "b", "c"], round).join(""))).toEqual(["abc", "bca", "cab", "abc"]);
});
