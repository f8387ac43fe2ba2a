import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FileSink, type FileSinkOptions } from "../src/index.ts";
import { encode } from "./set-up.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fake-timers-"));
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

/** Waits, by the real clock, until the file holds so many lines; two seconds at most. */
async function linesIn(path: string, wanted: number): Promise<string[]> {
  let lines: string[] = [];
  for (let i = 0; i < 200 && lines.length < wanted; i++) {
    await sleep(10);
    lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
  }
  return lines;
}

describe("a test's fake timers (issue 11, B)", () => {
  test.each<FileSinkOptions>([{}, { rotation: { size: 1_000, keep: 2, compress: true } }])(
    "stop nothing: what was logged under them and after them is in the file, without a flush (%j)",
    async (options) => {
      const path = join(folder, "f");
      const sink = new FileSink(path, options);
      vi.useFakeTimers();
      sink.emitLine(9, encode("a"));
      vi.useRealTimers();
      sink.emitLine(9, encode("b"));
      expect(await linesIn(path, 2)).toEqual(["a", "b"]);
      await sink.close();
    },
  );

  test("nor do they when flush and close are awaited under them", async () => {
    const path = join(folder, "f");
    vi.useFakeTimers();
    const sink = new FileSink(path, { rotation: { size: 10, keep: 2, compress: true } });
    for (const line of ["aaaaaa", "bbbbbb", "cccccc"]) sink.emitLine(9, encode(line));
    expect((await sink.flush(1_000)).success).toBe(true);
    await sink.close(5_000);
    expect(readFileSync(path, "utf8")).toBe("cccccc\n");
  });
});
