import { describe, expect, test } from "vitest";
import { RotationSchedule } from "../src/rotation/rotation-schedule.ts";

const MINUTE = 60_000;

describe("size (§7.2): rotate when the next write would pass it and the file is not empty", () => {
  const schedule = new RotationSchedule(100, 0);

  test.each([
    [60, 40, false],
    [60, 41, true],
    [0, 101, false],
    [100, 1, true],
  ])("file of %d bytes, line of %d: %s", (fileBytes, lineBytes, due) => {
    expect(schedule.isDue(fileBytes, lineBytes, 0)).toBe(due);
  });

  test("room is what is left, never below zero", () => {
    expect([schedule.room(0), schedule.room(60), schedule.room(130)]).toEqual([100, 40, 0]);
  });

  test("0 disables rotation by size", () => {
    const off = new RotationSchedule(0, 0);
    expect([off.isOff, off.room(1e12), off.isDue(1e12, 1e12, 0)]).toEqual([true, Number.POSITIVE_INFINITY, false]);
  });
});

describe("time (D-65): rotate at each UTC multiple of the interval", () => {
  test("due from the boundary on, not before", () => {
    const schedule = new RotationSchedule(0, MINUTE);
    schedule.opened(0, 0, 5 * MINUTE + 30_000);
    expect(schedule.isDue(10, 1, 6 * MINUTE - 1)).toBe(false);
    expect(schedule.isDue(10, 1, 6 * MINUTE)).toBe(true);
  });

  test("an existing file belongs to the interval of its last change", () => {
    const schedule = new RotationSchedule(0, MINUTE);
    schedule.opened(10, 5 * MINUTE + 59_999, 6 * MINUTE);
    expect(schedule.isDue(10, 1, 6 * MINUTE)).toBe(true);
  });

  test("a last change that lies ahead of the clock counts as now", () => {
    const schedule = new RotationSchedule(0, MINUTE);
    schedule.opened(10, 500 * MINUTE, 5 * MINUTE);
    expect(schedule.isDue(10, 1, 6 * MINUTE)).toBe(true);
  });

  test("an empty file is not set aside and takes the interval of its first line", () => {
    const schedule = new RotationSchedule(0, MINUTE);
    schedule.opened(0, 0, 5 * MINUTE);
    expect(schedule.isDue(0, 1, 8 * MINUTE)).toBe(false);
    expect(schedule.isDue(10, 1, 8 * MINUTE + 1)).toBe(false);
  });

  test("a clock set back does not rotate", () => {
    const schedule = new RotationSchedule(0, MINUTE);
    schedule.opened(0, 0, 8 * MINUTE);
    expect(schedule.isDue(10, 1, 2 * MINUTE)).toBe(false);
  });
});
