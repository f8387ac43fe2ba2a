import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RotationSchedule, shiftFiles } from "../src/rotation.ts";
import { FakeFileSystem } from "./fake-file-system.ts";

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

describe("shiftFiles (§7.2): f → f.1 → … → f.<keep>, the oldest removed", () => {
  function files(...texts: (string | undefined)[]): FakeFileSystem {
    const fs = new FakeFileSystem();
    texts.forEach((text, number) => {
      if (text !== undefined) fs.put(number === 0 ? "/logs/f" : `/logs/f.${number}`, text);
    });
    return fs;
  }
  const texts = (fs: FakeFileSystem) =>
    ["/logs/f", "/logs/f.1", "/logs/f.2", "/logs/f.3", "/logs/f.4"].map((path) => fs.text(path));

  test("the first rotation makes f.1", () => {
    const fs = files("live");
    shiftFiles(fs, "/logs/f", 3);
    expect(texts(fs)).toEqual([undefined, "live", undefined, undefined, undefined]);
  });

  test("with all names taken the oldest goes and none is made beyond keep", () => {
    const fs = files("live", "a", "b", "c");
    shiftFiles(fs, "/logs/f", 3);
    expect(texts(fs)).toEqual([undefined, "live", "a", "b", undefined]);
  });

  test("keep 1 replaces f.1", () => {
    const fs = files("live", "a");
    shiftFiles(fs, "/logs/f", 1);
    expect(texts(fs)).toEqual([undefined, "live", undefined, undefined, undefined]);
  });

  test("a gap is filled before anything is removed", () => {
    const fs = files("live", undefined, "b", "c");
    shiftFiles(fs, "/logs/f", 3);
    expect(texts(fs)).toEqual([undefined, "live", "b", "c", undefined]);
  });

  test("a live file that somebody else moved away is no failure", () => {
    const fs = files(undefined, "a");
    expect(() => shiftFiles(fs, "/logs/f", 3)).not.toThrow();
  });

  test("failing at any step, any number of times, never loses a file that is to be kept (seeded)", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 6 }), (failures) => {
        const fs = files("live", "a", "b", "c");
        for (const failAt of failures) {
          let renames = 0;
          fs.fault = (operation) => (operation === "rename" && renames++ === failAt ? "EACCES" : undefined);
          try {
            shiftFiles(fs, "/logs/f", 3);
            break;
          } catch {
            // expected: the step that the schedule fails
          }
        }
        if (fs.text("/logs/f") !== undefined) {
          expect(fs.text("/logs/f")).toBe("live");
          fs.heal();
          shiftFiles(fs, "/logs/f", 3);
        }
        expect(texts(fs)).toEqual([undefined, "live", "a", "b", undefined]);
      }),
      { seed: 11, numRuns: 200 },
    );
  });
});
