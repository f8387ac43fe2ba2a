import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { inFolder } from "../src/folder.mjs";
import { loadScenarios } from "../src/scenarios.mjs";

it("loads the scenarios of a folder by name", async () => {
  const scenarios = await loadScenarios(new URL("nested/scenarios/", import.meta.url));
  expect(scenarios.map(({ id, row, alone }) => ({ id, row, alone }))).toEqual([
    { id: "alone", row: 3, alone: true },
    { id: "first", row: 1, alone: false },
    { id: "second", row: 2, alone: false },
    { id: "third", row: 2, alone: false },
  ]);
});

it("refuses a folder without scenarios, which would test nothing", async () => {
  await inFolder((folder) => expect(loadScenarios(pathToFileURL(`${folder}/`))).rejects.toThrow("no scenario in"));
});

it("refuses a scenario that is not named after its file, by which nobody would find it", async () => {
  await inFolder((folder) => {
    writeFileSync(join(folder, "one.mjs"), 'export const id = "other";');
    return expect(loadScenarios(pathToFileURL(`${folder}/`))).rejects.toThrow("the scenario one calls itself other");
  });
});
