import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Archives, Retention } from "../src/rotation/index.ts";
import { FakeFileSystem } from "./fake-file-system.ts";

describe("shift (§7.2): f → f.1 → … → f.<keep>, the oldest removed", () => {
  function files(...texts: (string | undefined)[]): FakeFileSystem {
    const fs = new FakeFileSystem();
    texts.forEach((text, number) => {
      if (text !== undefined) fs.put(number === 0 ? "/logs/f" : `/logs/f.${number}`, text);
    });
    return fs;
  }
  const archives = (fs: FakeFileSystem, keep: number) => new Archives({ fs, path: "/logs/f", keep });
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

describe("compressed archives (§7.2)", () => {
  function setUp(files: Record<string, string>, options: { keep?: number; totalBytes?: number } = {}) {
    const fs = new FakeFileSystem();
    for (const [name, text] of Object.entries(files)) fs.put(`/logs/${name}`, text);
    const { keep = 3, totalBytes = 0 } = options;
    const archives = new Archives({ fs, path: "/logs/f", keep });
    const retention = new Retention(archives.set, keep, totalBytes);
    const found = () => Object.fromEntries([...fs.names.keys()].map((path) => [path.slice(6), fs.text(path)]));
    return { fs, archives, retention, found };
  }
  /** What the end of a gzip file says of a source of so many bytes. */
  const gzipOf = (bytes: number) => `gz${String.fromCharCode(bytes, 0, 0, 0)}`;

  test("are shifted like the others", () => {
    const { archives, found } = setUp({ f: "live", "f.1": "b", "f.2.gz": "a" });
    archives.shift();
    expect(found()).toEqual({ "f.1": "live", "f.2": "b", "f.3.gz": "a" });
  });

  test("the oldest is removed whatever its name ends in", () => {
    const { archives, found } = setUp({ f: "live", "f.1.gz": "c", "f.2": "b", "f.3.gz": "a" });
    archives.shift();
    expect(found()).toEqual({ "f.1": "live", "f.2.gz": "c", "f.3": "b" });
  });

  test("a copy takes its original's place under the number that it has by now", () => {
    const { fs, archives, found } = setUp({ f: "live", "f.1": "old", copy: "compressed" });
    const original = { identity: fs.statusOf("/logs/f.1")?.identity ?? "", sizeBytes: 3 };
    archives.shift();
    expect(archives.replace("/logs/copy", original)).toBe(true);
    expect(found()).toEqual({ "f.1": "live", "f.2.gz": "compressed" });
  });

  test.each([
    ["was written to meanwhile", 2, {}],
    ["has a compressed file beside it", 3, { "f.1.gz": "other" }],
  ])("not when the original %s", (_, sizeBytes, more) => {
    const files = { "f.1": "old", copy: "compressed", ...more };
    const { fs, archives, found } = setUp(files);
    const identity = fs.statusOf("/logs/f.1")?.identity ?? "";
    expect(archives.replace("/logs/copy", { identity, sizeBytes })).toBe(false);
    expect(found()).toEqual(files);
  });

  test("not when the original is gone", () => {
    const { archives } = setUp({ "f.1": "old", copy: "compressed" });
    expect(archives.replace("/logs/copy", { identity: "none", sizeBytes: 3 })).toBe(false);
  });

  test("of an archive and its complete copy, as a kill between two steps leaves them, the copy stays", () => {
    const { archives, found } = setUp({ f: "live", "f.1": "old", "f.1.gz": gzipOf(3) });
    archives.shift();
    expect(found()).toEqual({ "f.1": "live", "f.2.gz": gzipOf(3) });
  });

  test("a compressed file of something else beside an archive costs neither of them", () => {
    const { archives, found } = setUp({ f: "live", "f.1": "old", "f.1.gz": gzipOf(4) });
    archives.shift();
    expect(found()).toEqual({ "f.1": "live", "f.2": "old", "f.2.gz": gzipOf(4) });
  });

  test("unshift without a file that was set aside moves none: an older archive is not the live file", () => {
    const { archives, found } = setUp({ "f.1": "old" });
    archives.shift(); // of nothing: somebody else moved the live file
    archives.unshift();
    expect(found()).toEqual({ "f.2": "old" });
  });

  test("totalBytes: the oldest are removed until all together fit, those exactly fitting stay", () => {
    const files = { f: "live", "f.1": "1234", "f.2.gz": "12", "f.3": "123" };
    const exact = setUp(files, { totalBytes: 9 });
    expect(exact.retention.apply()).toBe(true);
    expect(exact.found()).toEqual(files);
    const over = setUp(files, { totalBytes: 8 });
    over.retention.apply();
    expect(over.found()).toEqual({ f: "live", "f.1": "1234", "f.2.gz": "12" });
    const none = setUp(files, { totalBytes: 0 });
    none.retention.apply();
    expect(none.found()).toEqual(files);
  });

  test("totalBytes removes no archive because of its number: those beyond a smaller keep of today stay", () => {
    const { retention, found } = setUp({ "f.1": "a", "f.2": "b", "f.3": "c" }, { keep: 2, totalBytes: 100 });
    retention.apply();
    expect(Object.keys(found())).toEqual(["f.1", "f.2", "f.3"]);
  });

  test("unshift gives the live file its name back unless there is a new one", () => {
    const back = setUp({ f: "live" });
    back.archives.shift();
    back.archives.unshift();
    expect(back.found()).toEqual({ f: "live" });
    const taken = setUp({ f: "live" });
    taken.archives.shift();
    taken.fs.put("/logs/f", "new");
    taken.archives.unshift();
    expect(taken.found()).toEqual({ f: "new", "f.1": "live" });
  });
});
