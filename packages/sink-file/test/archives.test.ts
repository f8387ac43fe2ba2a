import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Archives } from "../src/archives.ts";
import { FakeFileSystem } from "./fake-file-system.ts";

describe("shift (§7.2): f → f.1 → … → f.<keep>, the oldest removed", () => {
  function files(...texts: (string | undefined)[]): FakeFileSystem {
    const fs = new FakeFileSystem();
    texts.forEach((text, number) => {
      if (text !== undefined) fs.put(number === 0 ? "/logs/f" : `/logs/f.${number}`, text);
    });
    return fs;
  }
  const archives = (fs: FakeFileSystem, keep: number) => new Archives({ fs, path: "/logs/f", keep, totalBytes: 0 });
  const texts = (fs: FakeFileSystem) =>
    ["/logs/f", "/logs/f.1", "/logs/f.2", "/logs/f.3", "/logs/f.4"].map((path) => fs.text(path));

  test("the first rotation makes f.1", () => {
    const fs = files("live");
    archives(fs, 3).shift();
    expect(texts(fs)).toEqual([undefined, "live", undefined, undefined, undefined]);
  });

  test("with all names taken the oldest goes and none is made beyond keep", () => {
    const fs = files("live", "a", "b", "c");
    archives(fs, 3).shift();
    expect(texts(fs)).toEqual([undefined, "live", "a", "b", undefined]);
  });

  test("keep 1 replaces f.1", () => {
    const fs = files("live", "a");
    archives(fs, 1).shift();
    expect(texts(fs)).toEqual([undefined, "live", undefined, undefined, undefined]);
  });

  test("a gap is filled before anything is removed", () => {
    const fs = files("live", undefined, "b", "c");
    archives(fs, 3).shift();
    expect(texts(fs)).toEqual([undefined, "live", "b", "c", undefined]);
  });

  test("a live file that somebody else moved away is no failure", () => {
    const fs = files(undefined, "a");
    expect(() => archives(fs, 3).shift()).not.toThrow();
  });

  test("failing at any step, any number of times, never loses a file that is to be kept (seeded)", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 6 }), (failures) => {
        const fs = files("live", "a", "b", "c");
        for (const failAt of failures) {
          let renames = 0;
          fs.fault = (operation) => (operation === "rename" && renames++ === failAt ? "EACCES" : undefined);
          try {
            archives(fs, 3).shift();
            break;
          } catch {
            // expected: the step that the schedule fails
          }
        }
        if (fs.text("/logs/f") !== undefined) {
          expect(fs.text("/logs/f")).toBe("live");
          fs.heal();
          archives(fs, 3).shift();
        }
        expect(texts(fs)).toEqual([undefined, "live", "a", "b", undefined]);
      }),
      { seed: 11, numRuns: 200 },
    );
  });
});
