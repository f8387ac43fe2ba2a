import { describe, expect, test } from "vitest";
import { FakeFileSystem, failure } from "./fake-file-system.ts";
import { setUp } from "./set-up.ts";

/** A file system in which whatever was open at a moment fails from then on, as after a file server came back. */
function stale(fs: FakeFileSystem, error: object, ...operations: ("write" | "fsync" | "status")[]): void {
  const opens = fs.count("open");
  for (const operation of operations) {
    const real = fs[operation].bind(fs) as (...args: never[]) => unknown;
    Object.assign(fs, {
      [operation]: (...args: never[]) => {
        if (fs.count("open") === opens) throw Object.assign(failure("UNKNOWN"), error);
        return real(...args);
      },
    });
  }
}

describe("an error of the descriptor that lasts leads to a reopen (issue 11, M)", () => {
  test.each([{}, { rotation: { size: 1_000, keep: 3 } }])(
    "a stale handle, whose code Node does not know: with the next try (%j)",
    async (options) => {
      const { fs, emit, clock, text } = setUp({ ...options, sync: true });
      emit("a");
      stale(fs, { errno: -116 }, "write", "status", "fsync");
      emit("b");
      await clock.advance(100);
      expect([text(), fs.count("open")]).toEqual(["a\nb\n", 2]);
    },
  );

  test.each(["ENXIO", "EHOSTDOWN", "EACCES", "EINVAL", "ETIMEDOUT", ""])("so does %j", async (code) => {
    const { fs, emit, clock, text } = setUp({ sync: true });
    emit("a");
    stale(fs, { code }, "write");
    emit("b");
    await clock.advance(100);
    expect(text()).toBe("a\nb\n");
  });

  test("a full disk that is in truth a lost mount: after eight tries, of which the first seven go to the same file", async () => {
    const { fs, emit, clock, text } = setUp({ sync: true });
    emit("a");
    stale(fs, { code: "ENOSPC" }, "write");
    emit("b");
    await clock.advance(2_000);
    expect([text(), fs.count("open")]).toEqual(["a\n", 1]);
    await clock.advance(5_000);
    expect([text(), fs.count("open")]).toEqual(["a\nb\n", 2]);
  });

  test("one write that is taken in between begins the count anew", async () => {
    const { fs, emit, clock } = setUp({ sync: true });
    let writes = 0;
    fs.fault = (operation) => (operation === "write" && writes++ % 5 < 4 ? "ENOSPC" : undefined);
    for (let i = 0; i < 20; i++) {
      emit(String(i));
      await clock.advance(800);
    }
    expect(fs.count("open")).toBe(1);
  });

  test("an fsync that fails has the file opened again before the next line", async () => {
    const { fs, sink, emit, clock, text } = setUp({ fsync: "flush" });
    emit("a");
    await clock.advance(1);
    stale(fs, { code: "EIO" }, "fsync");
    expect((await sink.flush()).failedSinks[0]?.error).toBe("fsync failed: EIO");
    emit("b");
    await clock.advance(1);
    expect([text(), fs.count("open")]).toEqual(["a\nb\n", 2]);
    expect((await sink.flush()).success).toBe(true);
  });

  test("a pipe is not opened again for a reader that is slow: what was begun goes on", async () => {
    const fs = new FakeFileSystem();
    fs.put("/logs/f", "", false);
    const { emit, clock } = setUp({ sync: true }, {}, fs);
    fs.fail("EAGAIN", "write");
    emit("a");
    await clock.advance(20_000);
    expect(fs.count("open")).toBe(1);
  });
});

test("a line that a pipe has taken half of is finished, however long its reader takes", async () => {
  const fs = new FakeFileSystem();
  fs.put("/logs/f", "", false);
  const { emit, clock, text } = setUp({ sync: true }, {}, fs);
  let writes = 0;
  fs.fault = (operation) => (operation !== "write" ? undefined : writes++ === 0 ? 3 : "EAGAIN");
  emit("abcdef");
  await clock.advance(3_000);
  fs.heal();
  await clock.advance(1_000);
  expect(text()).toBe("abcdef\n");
});

test("what is no ordinary file is followed too: a file in the place of a pipe is written to within a second", async () => {
  const fs = new FakeFileSystem();
  fs.put("/logs/f", "", false);
  const { emit, clock, text } = setUp({ sync: true }, {}, fs);
  emit("a");
  fs.put("/logs/f", "");
  await clock.advance(1_000);
  emit("b");
  expect(text()).toBe("b\n");
});

test("a lock that was taken over while the process was stopped is not rotated with", async () => {
  const { fs, emit, clock, text } = setUp({ sync: false, rotation: { size: 4, keep: 3 } });
  emit("aaa");
  await clock.advance(20);
  const nowMs = clock.monotonicMs.bind(clock);
  // Stopped between taking the lock and rotating: the length of the file is asked for in between.
  const statusOf = fs.statusOf.bind(fs);
  let isStopped = false;
  fs.statusOf = (path) => {
    if (!isStopped && path === "/logs/f" && fs.locks.size > 0) {
      isStopped = true;
      fs.locks.set("/logs/f.lock", "p2");
      clock.monotonicMs = () => nowMs() + 2_000;
    }
    return statusOf(path);
  };
  emit("bbb");
  await clock.advance(1);
  expect([isStopped, fs.count("rename"), text(), fs.locks.get("/logs/f.lock")]).toEqual([true, 0, "aaa\n", "p2"]);
});
