import { describe, expect, test } from "vitest";
import { isBuilt, scenarios } from "../faults/scenarios.ts";

describe.skipIf(!isBuilt)("campaigns of faults, with the built package (design §8)", () => {
  for (const { id, row, promised, run } of scenarios) {
    test(`row ${row}, ${id}: ${promised}`, { timeout: 600_000 }, async ({ skip }) => {
      const { holds, skipped, seen } = await run("campaign");
      if (skipped === true) skip(seen);
      expect(holds, seen).toBe(true);
    });
  }
});
