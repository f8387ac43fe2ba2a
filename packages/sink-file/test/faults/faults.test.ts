import { describe, expect, test } from "vitest";
import { isBuilt, scenarios } from "./scenarios.ts";

describe.skipIf(!isBuilt)("faults on real file systems, with the built package (design §8)", () => {
  for (const { id, row, promised, run } of scenarios) {
    test(`row ${row}, ${id}: ${promised}`, { timeout: 120_000 }, async ({ skip }) => {
      const { holds, skipped, seen } = await run("fast");
      if (skipped === true) skip(seen);
      expect(holds, seen).toBe(true);
    });
  }
});
