import { expect, test } from "vitest";
import { changeText, guardReport } from "../src/guard/comparison.mjs";

test("a change is marked from the noticeable size on, in its direction", () => {
  expect(changeText(1_000, 1_019, 0.02)).toBe("+1.9 %");
  expect(changeText(1_000, 1_020, 0.02)).toBe("+2.0 % ▲");
  expect(changeText(1_000, 900, 0.02)).toBe("-10.0 % ▼");
});

test("from nothing there is no percentage", () => {
  expect(changeText(0, 3, 0.02)).toBe("from 0 ▲");
  expect(changeText(0, 0, 0.02)).toBe("±0");
});

test("a figure that one side lacks is not compared", () => {
  expect(changeText(undefined, 3, 0.02)).toBeUndefined();
  expect(changeText(3, undefined, 0.02)).toBeUndefined();
});

test("a row shows both counts and the change, and the CPU ratio with its range and without a mark", () => {
  const row = {
    name: "W2",
    previous: { bytesAllocated: 2_000, collections: 100, instructions: 10_000 },
    current: { bytesAllocated: 1_000, collections: 104, instructions: 10_300 },
    cpu: { ratio: 2, low: 1.9, high: 2.1 },
  };
  expect(guardReport([row], "1.0.0", []).split("\n")[4]).toBe(
    "| W2 | 2,000 → 1,000 (-50.0 % ▼) | 100 → 104 (+4.0 %) | 10,000 → 10,300 (+3.0 % ▲) | × 2.00 (1.90 – 2.10) |",
  );
});

test("without a previous release the counts stand alone, and the notes say why", () => {
  const text = guardReport([{ name: "W2", current: { bytesAllocated: 1_000, collections: 5 } }], undefined, [
    "No release yet.",
  ]);
  expect(text).toContain("## Cost of a record\n");
  expect(text).toContain("| W2 | 1,000 | 5 | — | — |");
  expect(text).toContain("No release yet.");
});
