/** Each fault scenario once, small: `node test/faults/run.mjs <id> campaign` runs one alone, and more of it. */
import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";

interface Scenario {
  readonly id: string;
  readonly row: number;
  readonly promised: string;
  run(
    scale: "fast" | "campaign",
  ): Promise<{ readonly holds: boolean; readonly skipped?: boolean; readonly seen: string }>;
}

const folder = new URL("faults/scenarios/", import.meta.url);
const scenarios: Scenario[] = await Promise.all(
  readdirSync(folder).map((name) => import(new URL(name, folder).href) as Promise<Scenario>),
);

describe("faults (design §8)", () => {
  it.each(scenarios.map((scenario) => [scenario.id, scenario.row, scenario.promised, scenario] as const))(
    "%s (row %i): %s",
    { timeout: 180_000 },
    async (_id, _row, _promised, { run }) => {
      const { holds, skipped, seen } = await run("fast");
      expect(holds || skipped === true, seen).toBe(true);
    },
  );
});
