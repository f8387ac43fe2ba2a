import { expect, test } from "vitest";
import { chart, ticksFor } from "../src/chart.mjs";

const contests = [
  {
    name: "W2",
    title: "a < b",
    rows: [
      { name: "ours", cpu: { ratio: 0.25 } },
      { name: "theirs", cpu: { ratio: 1 } },
    ],
  },
  {
    name: "W4",
    title: "two",
    rows: [
      { name: "ours", cpu: { ratio: 0.5 } },
      { name: "theirs", unsupported: true },
    ],
  },
];
const marks = (svg) => [...svg.matchAll(/<title>(.*?)<\/title>/g)].map(([, label]) => label);

test("ticks reach from the one below the smallest ratio to the one above the largest, with 1 among them", () => {
  expect(ticksFor([0.25, 0.4])).toEqual([0.2, 0.5, 1]);
  expect(ticksFor([3])).toEqual([1, 2, 5]);
});

test("each figure is one mark; a peer that lacks a workload has none there", () => {
  expect(marks(chart(contests, ["ours", "theirs"], ""))).toEqual(["theirs: × 1.00", "ours: × 0.25", "ours: × 0.50"]);
});

test("the scale is logarithmic: equal ratios are equally far apart", () => {
  const rows = [0.2, 0.5, 1].map((ratio, n) => ({ name: `p${n}`, cpu: { ratio } }));
  const svg = chart(
    [
      { name: "W", title: "t", rows },
      { name: "V", title: "t", rows: [{ name: "p0", cpu: { ratio: 5 } }] },
    ],
    ["p0"],
    "",
  );
  const [low, high] = [...svg.matchAll(/translate\(([\d.]+) \d+\)[^>]*><title>/g)].map(([, x]) => Number(x));
  const at = (tick) => Number(new RegExp(`x="([\\d.]+)" y="\\d+" text-anchor="middle">× ${tick}<`).exec(svg)?.[1]);
  expect(at(1) - low).toBeCloseTo(high - at(1), 0);
});

test("text from outside cannot break the document", () => {
  const svg = chart(contests, ["ours"], "<script>");
  expect(svg).toContain("a &lt; b");
  expect(svg).not.toContain("<script>");
});
