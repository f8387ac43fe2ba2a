import { ManualClock, RecordingContext } from "@dagstack/logger-core/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FileSink, type FileSinkOptions } from "../src/index.ts";
import { FakeFileSystem } from "./fake-file-system.ts";
import { encode, processes, setUp } from "./set-up.ts";
import { linesOf, play, schedule } from "./shared-file.ts";

const ROTATED: FileSinkOptions = { sync: true, rotation: { size: 20, keep: 1_000 } };
const LOCK = "/logs/f.lock";

/** What a sink does that logs five lines, of which each fills a file, in ten seconds. */
async function logFive(fs: FakeFileSystem, options: FileSinkOptions = ROTATED, gone: string[] = []) {
  const rig = setUp(options, { processes: processes("me", ...gone) }, fs);
  for (let i = 0; i < 5; i++) {
    rig.emit(`0123456789 ${i}`);
    await rig.clock.advance(2_000);
  }
  const reports = rig.context.errors.map(({ type, error }) => `${type}: ${(error as Error).message}`);
  return { ...rig, reports };
}

describe("where no lock can be made (issue 11, G)", () => {
  test.each(
    "EACCES EPERM EROFS ENOSPC EDQUOT ENOTSUP EOPNOTSUPP ENOSYS ENOLCK EIO EMFILE ELOOP ENAMETOOLONG ENOENT UNKNOWN".split(
      " ",
    ),
  )("%s is reported once, nothing is rotated and nothing is lost", async (code) => {
    const fs = new FakeFileSystem();
    fs.fail(code, "lock");
    const { reports, context, text } = await logFive(fs);
    expect(reports).toEqual([`${code}: no lock can be made, so the file is not rotated: ${code}: as the test asked`]);
    expect([text()?.split("\n").length, context.ledger.delivered, fs.count("rename")]).toEqual([6, 5, 0]);
  });

  test.each([
    ["a directory", (fs: FakeFileSystem) => fs.directories.add(LOCK)],
    ["a file of somebody else", (fs: FakeFileSystem) => fs.put(LOCK, "not ours")],
    ["a link of somebody else", (fs: FakeFileSystem) => fs.locks.set(LOCK, "/somewhere/else")],
  ])("nor where %s has its name, which stays", async (_, put) => {
    const fs = new FakeFileSystem();
    put(fs);
    const before = [fs.text(LOCK), fs.locks.get(LOCK), fs.directories.has(LOCK)];
    const isName = (text: string) => text.startsWith("me");
    const rig = setUp(ROTATED, { processes: { ...processes("me"), isName } }, fs);
    for (let i = 0; i < 5; i++) {
      rig.emit(`0123456789 ${i}`);
      await rig.clock.advance(2_000);
    }
    expect(rig.text()?.split("\n")).toHaveLength(6);
    expect(rig.context.errors.map(({ type, error }) => [type, (error as Error).message])).toEqual([
      [
        "EEXIST",
        `no lock can be made, so the file is not rotated: ${LOCK} is something else than a lock of this package: remove it or write to another file`,
      ],
    ]);
    expect([fs.text(LOCK), fs.locks.get(LOCK), fs.directories.has(LOCK)]).toEqual(before);
    expect(fs.count("remove")).toBe(0);
  });

  test("the first line is written at once", () => {
    const fs = new FakeFileSystem();
    fs.directories.add(LOCK);
    const { emit, text } = setUp(ROTATED, {}, fs);
    emit("a");
    expect(text()).toBe("a\n");
  });

  test.each([
    ["cannot be removed", "remove", "EPERM"],
    ["cannot be read", "lockOwner", "EACCES"],
  ] as const)("a dead process's lock that %s is such a reason", async (_, operation, code) => {
    const fs = new FakeFileSystem();
    fs.locks.set(LOCK, "dead-1");
    fs.fault = (called, path) => (called === operation && path === LOCK ? code : undefined);
    const { reports, context, text } = await logFive(fs, ROTATED, ["dead"]);
    expect([reports.length, reports[0]?.slice(0, code.length)]).toEqual([1, code]);
    expect([text()?.split("\n").length, context.ledger.delivered]).toEqual([6, 5]);
  });

  test("something else in the place of the lock for taking over is such a reason, and stays", async () => {
    const fs = new FakeFileSystem();
    fs.locks.set(LOCK, "dead-1");
    fs.put(`${LOCK}-takeover`, "not ours");
    const { reports, context } = await logFive(fs, ROTATED, ["dead"]);
    expect([reports.length, fs.text(`${LOCK}-takeover`), context.ledger.delivered]).toEqual([1, "not ours", 5]);
  });

  test("when it can be made again, within a second, the file is rotated again; the next reason is reported again", async () => {
    const fs = new FakeFileSystem();
    fs.fail("ENOSPC", "lock");
    const { emit, clock, context } = setUp(ROTATED, {}, fs);
    emit("0123456789", "0123456789");
    fs.heal();
    await clock.advance(1_000);
    emit("0123456789");
    expect([fs.text("/logs/f"), fs.text("/logs/f.1")]).toEqual(["0123456789\n", "0123456789\n0123456789\n"]);
    fs.fail("ENOSPC", "lock");
    await clock.advance(1_000);
    emit("0123456789");
    expect(context.errors.map(({ type }) => type)).toEqual(["ENOSPC", "ENOSPC"]);
  });

  test("a reason found before there is a context is told to it", () => {
    const fs = new FakeFileSystem();
    fs.fail("EROFS", "lock");
    const sink = new FileSink("/logs/f", ROTATED, { fs, clock: new ManualClock(), processes: processes("me") });
    sink.emitLine(9, encode("a"));
    const context = new RecordingContext();
    sink.attach(context);
    expect(context.errors.map(({ type }) => type)).toEqual(["EROFS"]);
  });

  test("a directory that is removed, and made again with the file, is no reason", async () => {
    const { fs, emit, clock, context, text } = setUp({ ...ROTATED, mkdir: true });
    emit("0123456789 0");
    await clock.advance(2_000);
    fs.names.clear();
    fs.directories.delete("/logs");
    for (let i = 1; i < 4; i++) {
      emit(`0123456789 ${i}`);
      await clock.advance(2_000);
    }
    expect([context.errors, text(), text("/logs/f.1")]).toEqual([[], "0123456789 3\n", "0123456789 2\n"]);
  });

  test("with keep 0 the file is not emptied either", async () => {
    const fs = new FakeFileSystem();
    fs.fail("EACCES", "lock");
    const { text } = await logFive(fs, { sync: true, rotation: { size: 20 } });
    expect([text()?.split("\n").length, fs.count("truncate")]).toEqual([6, 0]);
  });

  test("archives are not compressed, since another process may be at them", async () => {
    const fs = new FakeFileSystem();
    fs.put("/logs/f.1", "old\n");
    fs.fail("EACCES", "lock");
    const { sink, clock } = await logFive(fs, { sync: true, rotation: { size: 20, keep: 3, compress: true } });
    expect(fs.text("/logs/f.1")).toBe("old\n");
    await sink.close();
    expect(clock.pendingTimers).toBe(0);
  });

  test("a half written line is not cut off, behind which others may have written", async () => {
    const fs = new FakeFileSystem();
    fs.fail("EACCES", "lock");
    const { emit, clock, text } = setUp(ROTATED, {}, fs);
    let writes = 0;
    fs.fault = (operation) =>
      operation === "lock"
        ? "EACCES"
        : operation === "write" && writes++ === 0
          ? 2
          : writes === 2
            ? "ENOSPC"
            : undefined;
    emit("abcdef");
    fs.names.get("/logs/f")?.bytes.push(...encode("\nother\n"));
    fs.fail("EACCES", "lock");
    await clock.advance(1_000);
    expect([text(), fs.count("truncate")]).toEqual(["ab\nother\nabcdef\n", 0]);
  });

  test("processes with and without a lock share a file and lose nothing (seeded)", async () => {
    await fc.assert(
      fc.asyncProperty(schedule, fc.boolean(), fc.nat(3), async (steps, sync, without) => {
        const fs = new FakeFileSystem();
        let current = 0;
        fs.fault = (operation) => (operation === "lock" && current < without ? "EACCES" : undefined);
        const viewOf = (process: number) =>
          new Proxy(fs, {
            get(target, member) {
              const value = Reflect.get(target, member, target);
              if (typeof value !== "function") return value;
              return (...args: unknown[]) => {
                current = process;
                return Reflect.apply(value, target, args);
              };
            },
          });
        const { written } = await play(steps, { ...ROTATED, sync }, viewOf);
        expect(linesOf(fs).sort()).toEqual(written.sort());
      }),
      { seed: 5, numRuns: 150 },
    );
  });
});
