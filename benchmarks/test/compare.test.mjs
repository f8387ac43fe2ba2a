import { expect, test } from "vitest";
import { summarise } from "../src/compare.mjs";

const contest = { name: "W2", title: "three attributes", base: "theirs", goals: { ours: 0.5 } };

test("a row holds medians, the ratios against the base, its goal, and losses added up over the rounds", () => {
  const { rows } = summarise(contest, {
    theirs: {
      rounds: [
        { cpuNs: 100, callNs: 80 },
        { cpuNs: 300, callNs: 80 },
      ],
    },
    ours: {
      rounds: [
        { cpuNs: 50, callNs: 20, lost: 2, reported: 2, bytesPerLine: 400, faults: ["late"] },
        { cpuNs: 90, callNs: 20, lost: 3, bytesPerLine: 400, faults: ["late"] },
      ],
    },
  });
  expect(rows[1]).toEqual({
    name: "ours",
    cpu: { ratio: 0.4, low: 0.3, high: 0.5 },
    caller: { ratio: 0.25, low: 0.25, high: 0.25 },
    cpuNs: 70,
    callNs: 20,
    bytesPerLine: 400,
    lost: 5,
    reported: 2,
    faults: ["late"],
    goal: 0.5,
  });
});

test("a row that lacks what the workload needs, or failed, says so and has no figures", () => {
  const { rows } = summarise(contest, {
    theirs: { rounds: [], unsupported: true },
    ours: { rounds: [], error: "exit 1" },
  });
  expect(rows).toEqual([
    { name: "theirs", unsupported: true },
    { name: "ours", error: "exit 1" },
  ]);
});

test("without the base row there are times and no ratios", () => {
  const { rows } = summarise(contest, { ours: { rounds: [{ cpuNs: 50, callNs: 20 }] } });
  expect(rows[0]).toMatchObject({ cpu: undefined, cpuNs: 50 });
});
