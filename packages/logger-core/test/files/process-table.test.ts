import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { systemProcesses } from "../../src/files/process-table.ts";

const { self, isGone } = systemProcesses();
const [, start, place] = self.split("-");

test("this process is not gone, and each table has a name of its own", () => {
  expect(isGone(`${self}-7`)).toBe(false);
  expect(systemProcesses().self).not.toBe(self);
});

test("one that has ended is gone", () => {
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  expect(isGone(`${pid}-${start}-${place}`)).toBe(true);
});

test.skipIf(process.platform !== "linux")("so is one whose number another process has by now", () => {
  expect(isGone(`${process.pid}-1-${place}`)).toBe(true);
});

test.each(["1-1-elsewhere", "", "garbage", `0-1-${place}`, `x-1-${place}`])(
  "one on another host, or nobody's (%j), is not known to be gone",
  (owner) => {
    expect(isGone(owner)).toBe(false);
  },
);
