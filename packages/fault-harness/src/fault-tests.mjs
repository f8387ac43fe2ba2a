// The scenarios of a package as tests of vitest.
import { describe, expect, test } from "vitest";
import { loadScenarios } from "./scenarios.mjs";

/** A busy machine takes its time; a scenario that hangs fails all the same. */
const TIMEOUT_MS = 180_000;

/**
 * One test for each scenario of the folder, played once and small. Most of their time is waiting, so as many run side by side as
 * vitest's `maxConcurrency` allows; those that want to be alone come after them, one by one.
 *
 * @param {URL} folder with a slash at its end
 */
export async function faultTests(folder) {
  const scenarios = await loadScenarios(folder);
  const together = scenarios.filter(({ alone }) => alone !== true);
  const alone = scenarios.filter((scenario) => scenario.alone === true);
  describe("faults (design §8)", () => {
    for (const scenario of [...together, ...alone]) {
      const { id, row, promised, run } = scenario;
      const options = { timeout: TIMEOUT_MS, concurrent: scenario.alone !== true };
      test(`${id} (row ${row}): ${promised}`, options, async ({ skip }) => {
        const { holds, skipped, seen } = await run("fast");
        if (skipped === true) skip(seen);
        expect(holds, seen).toBe(true);
      });
    }
  });
}
