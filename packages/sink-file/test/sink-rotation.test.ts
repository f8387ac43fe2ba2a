import { ManualClock, RecordingContext } from "@dagstack/logger-core/testing";
import { describe, expect, test } from "vitest";
import { FileSink, type FileSinkOptions, type RotationOptions } from "../src/index.ts";
import { FakeFileSystem } from "./fake-file-system.ts";

const HOUR = 3_600_000;
/** 2023-11-14T22:13:20Z, where the manual clock starts. */
const START_MS = 1_700_000_000_000;

function setUp(
  rotation: RotationOptions,
  options: FileSinkOptions = {},
  existing?: { text: string; modifiedMs: number },
) {
  const fs = new FakeFileSystem();
  const clock = new ManualClock();
  const context = new RecordingContext(clock);
  if (existing !== undefined) {
    fs.nowMs = existing.modifiedMs;
    fs.put("/logs/f", existing.text);
  }
  const sink = new FileSink("/logs/f", { ...options, rotation }, { fs, clock });
  sink.attach(context);
  const emit = (...lines: string[]) => {
    for (const line of lines) {
      context.ledger.accept();
      sink.emitLine(9, new TextEncoder().encode(line));
    }
  };
  const files = () => ["/logs/f", "/logs/f.1", "/logs/f.2", "/logs/f.3"].map((path) => fs.text(path));
  return { fs, clock, context, sink, emit, files };
}

describe("rotation by size (§7.2)", () => {
  test("a buffered chunk is split at line ends so that no file passes the size", async () => {
    const { emit, clock, files } = setUp({ size: 8, keep: 3 });
    emit("aaa", "bbb", "cc", "dd", "ee", "f");
    await clock.advance(0);
    expect(files()).toEqual(["ee\nf\n", "cc\ndd\n", "aaa\nbbb\n", undefined]);
  });

  test("a record above the size gets a file of its own and an empty file is never set aside", () => {
    const { emit, files } = setUp({ size: 4, keep: 3 }, { sync: true });
    emit("0123456789", "a", "b");
    expect(files()).toEqual(["a\nb\n", "0123456789\n", undefined, undefined]);
  });

  test("what an existing file holds counts", () => {
    const { emit, files } = setUp({ size: 8, keep: 3 }, { sync: true }, { text: "before\n", modifiedMs: START_MS });
    emit("a");
    expect(files()).toEqual(["a\n", "before\n", undefined, undefined]);
  });

  test("the oldest beyond keep is removed", () => {
    const { fs, emit, files } = setUp({ size: 2, keep: 2 }, { sync: true });
    emit("a", "b", "c", "d");
    expect(files()).toEqual(["d\n", "c\n", "b\n", undefined]);
    expect(fs.count("truncate")).toBe(0);
  });

  test("keep 0, the default, keeps only the live file", () => {
    const { fs, emit, files } = setUp({ size: 4 }, { sync: true });
    emit("a", "b", "c", "d");
    expect(files()).toEqual(["c\nd\n", undefined, undefined, undefined]);
    expect(fs.count("rename")).toBe(0);
  });

  test("keep 0 never empties a file that was moved away", () => {
    const { fs, emit, files } = setUp({ size: 4 }, { sync: true });
    emit("a", "b");
    fs.rename("/logs/f", "/logs/f.1");
    emit("c");
    expect(files()).toEqual(["c\n", "a\nb\n", undefined, undefined]);
  });

  test("a line is never split by a rotation, however short the writes are", async () => {
    const { fs, emit, clock, files } = setUp({ size: 8, keep: 3 });
    fs.fault = (operation) => (operation === "write" ? 1 : undefined);
    emit("aaa", "bbb", "ccc");
    await clock.advance(0);
    expect(files()).toEqual(["ccc\n", "aaa\nbbb\n", undefined, undefined]);
  });

  test.each(["ENOSPC", "EIO"])(
    "a line that must be written whole again counts with its whole length (%s)",
    async (code) => {
      const { fs, sink, emit, clock, files } = setUp({ size: 10, keep: 3 });
      let writes = 0;
      fs.fault = (operation) => (operation === "write" ? (writes++ === 0 ? 4 : code) : undefined);
      emit("bbbbb");
      await clock.advance(0);
      fs.rename("/logs/f", "/logs/away");
      fs.put("/logs/f", "12345\n");
      if (code === "ENOSPC") sink.reopen(); // after EIO the sink opens the path by itself
      fs.heal();
      await clock.advance(1_000);
      expect([fs.text("/logs/away"), ...files()]).toEqual(["", "bbbbb\n", "12345\n", undefined, undefined]);
    },
  );
});

describe("rotation by time (D-65)", () => {
  test("at each UTC multiple, by the clock at the time of writing", async () => {
    const { emit, clock, files } = setUp({ interval: "1h", keep: 3 }, { sync: true });
    emit("22:13");
    await clock.advance(HOUR);
    emit("23:13");
    await clock.advance(46 * 60_000 + 39_999);
    emit("23:59");
    await clock.advance(1);
    emit("00:00");
    expect(files()).toEqual(["00:00\n", "23:13\n23:59\n", "22:13\n", undefined]);
  });

  test("an existing file belongs to the interval of its last change", () => {
    const before = setUp({ interval: "1h", keep: 3 }, { sync: true }, { text: "old\n", modifiedMs: START_MS - HOUR });
    before.emit("new");
    expect(before.files()).toEqual(["new\n", "old\n", undefined, undefined]);
    const same = setUp({ interval: "1h", keep: 3 }, { sync: true }, { text: "old\n", modifiedMs: START_MS - 60_000 });
    same.emit("new");
    expect(same.files()).toEqual(["old\nnew\n", undefined, undefined, undefined]);
  });

  test("with keep 0 once per boundary", async () => {
    const { emit, clock, files } = setUp({ interval: "1h" }, { sync: true });
    emit("a");
    await clock.advance(HOUR);
    emit("b", "c");
    expect(files()).toEqual(["b\nc\n", undefined, undefined, undefined]);
  });
});

describe("a failed rotation is a sink error and the sink recovers on the next write (§7.2)", () => {
  test("rename fails: the live file goes on, nothing is overwritten", () => {
    const { fs, emit, files, context } = setUp({ size: 2, keep: 2 }, { sync: true });
    emit("a", "b", "c");
    fs.fault = (operation, detail) => (operation === "rename" && detail === "/logs/f /logs/f.1" ? "EACCES" : undefined);
    emit("d", "e");
    expect(files()).toEqual(["c\nd\ne\n", undefined, "b\n", undefined]);
    expect(context.errors.map((error) => error.type)).toEqual(["EACCES"]);
    fs.heal();
    emit("f");
    expect(files()).toEqual(["f\n", "c\nd\ne\n", "b\n", undefined]);
    expect(context.ledger.snapshot()).toEqual({ accepted: 6, delivered: 6, pending: 0, dropped: {} });
  });

  test("one try per run of writes, not one per line", async () => {
    const { fs, emit, clock } = setUp({ size: 2, keep: 2 });
    fs.fail("EACCES", "rename");
    emit("a", "b", "c", "d");
    await clock.advance(0);
    expect([fs.count("rename"), fs.count("write")]).toEqual([1, 2]);
  });

  test("nor one per short write", async () => {
    const { fs, emit, clock, files } = setUp({ size: 2, keep: 2 });
    fs.fault = (operation) => (operation === "write" ? 2 : operation === "rename" ? "EACCES" : undefined);
    emit("a", "b", "c", "d");
    await clock.advance(0);
    expect([fs.count("rename"), files()[0]]).toEqual([1, "a\nb\nc\nd\n"]);
  });

  test("open fails after the rename: the live file gets its name back and goes on until a new one can be opened", () => {
    const { fs, emit, files } = setUp({ size: 2, keep: 3 }, { sync: true });
    emit("a");
    fs.fail("EMFILE", "open");
    emit("b", "c");
    expect(files()).toEqual(["a\nb\nc\n", undefined, undefined, undefined]);
    fs.heal();
    emit("d");
    expect(files()).toEqual(["d\n", "a\nb\nc\n", undefined, undefined]);
    expect(fs.openCount).toBe(1);
  });

  test("truncation fails with keep 0: the live file goes on", () => {
    const { fs, emit, files, context } = setUp({ size: 2 }, { sync: true });
    emit("a");
    fs.fail("EIO", "truncate");
    emit("b");
    expect(files()[0]).toBe("a\nb\n");
    expect(context.errors.map((error) => error.type)).toEqual(["EIO"]);
    fs.heal();
    emit("c");
    expect(files()[0]).toBe("c\n");
  });

  test("keep 0 with a path that cannot be opened: nothing is emptied", () => {
    const { fs, emit, files } = setUp({ size: 2 }, { sync: true });
    emit("a");
    fs.fail("EMFILE", "open");
    emit("b");
    expect(files()[0]).toBe("a\nb\n");
  });
});
