import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@dagstack/logger-core";
import { RecordingContext } from "@dagstack/logger-core/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FileSink, type RotationOptions } from "../src/index.ts";
import { FakeFileSystem } from "./fake-file-system.ts";
import { encode, setUp } from "./set-up.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "not-ours-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});
const at = (name: string) => join(folder, name);
const text = (name: string) => readFileSync(at(name), "utf8");
const posix = process.platform !== "win32";

async function logThree(path: string, rotation: RotationOptions = { size: 8, keep: 3 }) {
  const sink = new FileSink(path, { sync: true, rotation });
  const context = new RecordingContext(systemClock);
  sink.attach(context);
  for (const line of ["aaaaaa", "bbbbbb", "cccccc"]) sink.emitLine(9, encode(line));
  await sink.close();
  return context;
}

describe.runIf(posix)("rotation never moves what is the system's (issue 11, H): a ConfigError", () => {
  const rotations = [{ size: 8, keep: 3 }, { size: 8 }, { interval: "1d" }];
  const open = (path: string, rotation: RotationOptions, onOpenError: "throw" | "retry" = "throw") =>
    new FileSink(path, { rotation, onOpenError });

  test.each(["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "/dev/null", "/dev/not-there", "/tmp/../dev/stderr"])(
    "for %s, whatever it leads to and whether it can be opened",
    (path) => {
      for (const rotation of rotations) {
        for (const onOpenError of ["throw", "retry"] as const) {
          expect(() => open(path, rotation, onOpenError)).toThrow(/leads to \/(dev|proc)/);
        }
      }
    },
  );

  test("for a link there, a link to such a link, and a link to the folder", () => {
    symlinkSync("/dev/stdout", at("a"));
    symlinkSync("a", at("b"));
    symlinkSync("/dev", at("folder"));
    for (const path of [at("a"), at("b"), at("folder/stdout")]) {
      expect(() => open(path, { size: 8, keep: 3 })).toThrow(/leads to \/dev/);
    }
    expect(readlinkSync(at("a"))).toBe("/dev/stdout");
  });

  test("without rotation it is written to", async () => {
    const sink = new FileSink("/dev/null");
    sink.emitLine(9, encode("a"));
    expect((await sink.flush()).success).toBe(true);
    await sink.close();
  });

  test("files in shared memory are ordinary ones", () => {
    const fs = new FakeFileSystem();
    fs.directories.add("/dev/shm");
    expect(() => new FileSink("/dev/shm/f", { rotation: { size: 8 } }, { fs }).close()).not.toThrow();
  });

  test("a link to it that is put there later is not rotated, which is told once a second", async () => {
    const fs = new FakeFileSystem();
    const { emit, context, clock } = setUp({ sync: true, rotation: { size: 8, keep: 3 } }, {}, fs);
    emit("aaaaaa");
    fs.links.set("/logs/f", "/dev/stdout");
    emit("bbbbbb", "cccccc");
    await clock.advance(100);
    expect([fs.count("rename"), context.ledger.delivered]).toEqual([0, 3]);
    expect(context.errors.map(({ error }) => (error as Error).message)).toEqual(["not rotated: it leads to /dev"]);
  });
});

describe.runIf(posix)("a path that is a link to somebody else's file (issue 11, H and O)", () => {
  test("rotation moves the link; the file keeps its name and all it held", async () => {
    writeFileSync(at("theirs"), "theirs\n");
    symlinkSync("theirs", at("f"));
    const { errors } = await logThree(at("f"), { size: 14, keep: 3 });
    expect([text("theirs"), text("f"), readlinkSync(at("f.1")), errors]).toEqual([
      "theirs\naaaaaa\n",
      "bbbbbb\ncccccc\n",
      "theirs",
      [],
    ]);
  });

  test("the link is not compressed, nor does what it leads to count for totalBytes or go", async () => {
    writeFileSync(at("theirs"), "t".repeat(1_000));
    symlinkSync("theirs", at("f"));
    await logThree(at("f"), { size: 8, totalBytes: 100, compress: true });
    expect([text("theirs").length > 1_000, existsSync(at("f.1.gz")), existsSync(at("f.3.gz"))]).toEqual([
      true,
      true,
      false,
    ]);
    expect(lstatSync(at("f.3")).isSymbolicLink()).toBe(true);
  });

  test("with keep 0 the link is replaced, and the file keeps what it held", async () => {
    writeFileSync(at("theirs"), "theirs\n");
    symlinkSync("theirs", at("f"));
    await logThree(at("f"), { size: 14 });
    expect([text("theirs"), text("f"), lstatSync(at("f")).isSymbolicLink()]).toEqual([
      "theirs\naaaaaa\n",
      "bbbbbb\ncccccc\n",
      false,
    ]);
  });

  test("nor is a file emptied that has a second name", async () => {
    writeFileSync(at("theirs"), "theirs\n");
    linkSync(at("theirs"), at("f"));
    await logThree(at("f"), { size: 14 });
    expect([text("theirs"), text("f")]).toEqual(["theirs\naaaaaa\n", "bbbbbb\ncccccc\n"]);
  });
});

describe("a file mounted alone (issue 11, O)", () => {
  test.each(["EBUSY", "EXDEV", "EPERM"])(
    "a rename refused with %s loses nothing and moves nothing else",
    async (code) => {
      const fs = new FakeFileSystem();
      fs.put("/logs/f.1", "old\n");
      fs.fault = (operation, detail) => (operation === "rename" && detail.startsWith("/logs/f ") ? code : undefined);
      const { emit, context, clock, text } = setUp({ sync: true, rotation: { size: 8, keep: 3 } }, {}, fs);
      emit("aaaaaa", "bbbbbb", "cccccc");
      await clock.advance(1_000);
      expect([text(), context.ledger.delivered, context.ledger.droppedTotal]).toEqual([
        "aaaaaa\nbbbbbb\ncccccc\n",
        3,
        0,
      ]);
      expect([...fs.names.values()].some((inode) => fs.text("/logs/f.2") === "old\n" && inode.bytes.length === 4)).toBe(
        true,
      );
      expect(context.errors.every(({ type }) => type === code)).toBe(true);
    },
  );

  test("with keep 0 it is emptied in place", async () => {
    const fs = new FakeFileSystem();
    fs.fail("EBUSY", "rename");
    const { emit, text } = setUp({ sync: true, rotation: { size: 8 } }, {}, fs);
    emit("aaaaaa", "bbbbbb");
    expect(text()).toBe("bbbbbb\n");
  });
});

test("a directory in an archive's place is left alone", async () => {
  mkdirSync(at("f.1"));
  const { errors } = await logThree(at("f"));
  expect([lstatSync(at("f.1")).isDirectory(), text("f.3"), text("f.2"), text("f"), errors]).toEqual([
    true,
    "aaaaaa\n",
    "bbbbbb\n",
    "cccccc\n",
    [],
  ]);
});
