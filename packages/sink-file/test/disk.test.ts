import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ManualClock } from "@dagstack/logger-core/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FileSink } from "../src/index.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "sink-file-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const encode = (text: string) => new TextEncoder().encode(text);
const read = (path: string) => readFileSync(path, "utf8");

const NOBODY = 65_534;

/** Root may write everything: as root, takes another user's rights for the length of `fn`. */
function asNobodySpecial(fn: () => void): void {
  const isRoot = process.getuid?.() === 0;
  if (isRoot) process.seteuid?.(NOBODY);
  try {
    fn();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

describe("on a real disk", () => {
  test("appends to what is there", async () => {
    const path = join(directory, "f");
    writeFileSync(path, "before\n");
    const sink = new FileSink(path);
    sink.emitLine(9, encode("after"));
    await sink.close();
    expect(read(path)).toBe("before\nafter\n");
  });

  test("the file is written at the next turn of the event loop without any flush", async () => {
    const path = join(directory, "f");
    const sink = new FileSink(path);
    sink.emitLine(9, encode("a"));
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    expect(read(path)).toBe("a\n");
    await sink.close();
  });

  test("20 000 records through rotation: none lost, none twice, in order, no file above the size", async () => {
    const path = join(directory, "f");
    const sink = new FileSink(path, { rotation: { size: "100KB", keep: 100 } });
    for (let i = 0; i < 20_000; i++) sink.emitLine(9, encode(`${i}:${"x".repeat(i % 200)}`));
    expect((await sink.flush()).success).toBe(true);
    await sink.close();
    const rotated = readdirSync(directory)
      .filter((name) => name !== "f")
      .sort((a, b) => Number(b.slice(2)) - Number(a.slice(2)));
    expect(rotated.length).toBeGreaterThan(15);
    const content = [...rotated, "f"].map((name) => read(join(directory, name))).join("");
    const numbers = content
      .trimEnd()
      .split("\n")
      .map((line) => Number.parseInt(line, 10));
    expect(numbers).toEqual(Array.from({ length: 20_000 }, (_, i) => i));
    for (const name of [...rotated, "f"]) expect(statSync(join(directory, name)).size).toBeLessThanOrEqual(100_000);
  });

  test("keep 0 empties the live file", async () => {
    const path = join(directory, "f");
    const sink = new FileSink(path, { sync: true, rotation: { size: 4 } });
    for (const line of ["a", "b", "c"]) sink.emitLine(9, encode(line));
    await sink.close();
    expect([readdirSync(directory), read(path)]).toEqual([["f"], "c\n"]);
  });

  test("reopen after an external rename", async () => {
    const path = join(directory, "f");
    const sink = new FileSink(path);
    sink.emitLine(9, encode("a"));
    renameSync(path, `${path}.1`);
    sink.reopen();
    sink.emitLine(9, encode("b"));
    await sink.close();
    expect([read(`${path}.1`), read(path)]).toEqual(["a\n", "b\n"]);
  });

  test("a directory is refused with the fix", () => {
    expect(() => new FileSink(directory)).toThrow(/EISDIR.*allowed: a file, not a directory; fix: name a file in it/);
  });

  test("a missing directory is refused, and made with mkdir", async () => {
    const path = join(directory, "a", "b", "f");
    expect(() => new FileSink(path)).toThrow(/ENOENT.*set mkdir: true/);
    const sink = new FileSink(path, { mkdir: true, sync: true });
    sink.emitLine(9, encode("x"));
    await sink.close();
    expect(read(path)).toBe("x\n");
  });

  test("a file without permission is refused", () => {
    const path = join(directory, "f");
    writeFileSync(path, "");
    chmodSync(path, 0o400);
    chmodSync(directory, 0o755);
    asNobodySpecial(() => expect(() => new FileSink(path)).toThrow(/EACCES.*permission/));
  });

  test.skipIf(process.platform === "win32")(
    "a named pipe without a reader is refused instead of stopping the process",
    () => {
      const path = join(directory, "pipe");
      execFileSync("mkfifo", [path]);
      expect(() => new FileSink(path)).toThrow(/ENXIO.*named pipe/);
    },
  );

  test("files get fileMode, rotated successors too", async () => {
    const path = join(directory, "f");
    const sink = new FileSink(path, { fileMode: 0o600, sync: true, rotation: { size: 2, keep: 1 } });
    for (const line of ["a", "b"]) sink.emitLine(9, encode(line));
    await sink.close();
    expect([statSync(path).mode & 0o777, statSync(`${path}.1`).mode & 0o777]).toEqual([0o600, 0o600]);
  });

  test("links are followed (§7.2)", async () => {
    mkdirSync(join(directory, "real"));
    symlinkSync(join(directory, "real", "target"), join(directory, "link"));
    const sink = new FileSink(join(directory, "link"));
    sink.emitLine(9, encode("x"));
    await sink.close();
    expect(read(join(directory, "real", "target"))).toBe("x\n");
  });

  test.skipIf(!existsSync("/dev/full"))(
    "a full device: flush tells, close ends in time, nothing is thrown",
    async () => {
      const clock = new ManualClock();
      const sink = new FileSink("/dev/full", {}, { clock });
      sink.emitLine(9, encode("x"));
      const flushing = sink.flush(100);
      await clock.advance(100);
      expect((await flushing).failedSinks[0]?.error).toBe("timeout: 1 record still waiting; cannot write: ENOSPC");
      const closing = sink.close(100);
      await clock.advance(100);
      await expect(closing).resolves.toBeUndefined();
    },
  );
});
