import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readVersions } from "../src/versions.ts";

/** As packing leaves them. */
const PACKED = {
  "@dagstack/logger-core": "^1.2.0",
  "@dagstack/logger": "^1.3.0-beta.1",
  "@dagstack/sink-conformance": "^1.0.1",
  "@types/node": "20.19.43",
  typescript: "7.0.2",
  "@changesets/cli": "2.31.1",
  vitest: "4.1.12",
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "create-sink-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(devDependencies: object): void {
  writeFileSync(join(folder, "package.json"), JSON.stringify({ devDependencies }));
}

test("the versions that packing wrote, exact", () => {
  write(PACKED);
  expect(readVersions(folder)).toEqual({
    "@dagstack/logger-core": "1.2.0",
    "@dagstack/logger": "1.3.0-beta.1",
    "@dagstack/sink-conformance": "1.0.1",
    "@types/node": "20.19.43",
    typescript: "7.0.2",
    "@changesets/cli": "2.31.1",
  });
});

test.each([["workspace:^"], ["catalog:"], [undefined]])("%s is no version: the package was not packed", (range) => {
  write({ ...PACKED, "@dagstack/logger-core": range });
  expect(() => readVersions(folder)).toThrow(/@dagstack\/logger-core has no version in .*package\.json/);
});
