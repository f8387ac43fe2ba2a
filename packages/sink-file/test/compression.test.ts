import { describe, expect, test } from "vitest";
import { FakeFileSystem } from "./fake-file-system.ts";
import { processes, setUp } from "./set-up.ts";

const COMPRESSED = { sync: true, rotation: { size: 8, keep: 5, compress: true } };

function names(fs: FakeFileSystem): string[] {
  return [...fs.names.keys()].map((path) => path.slice(6)).sort();
}

describe("compress: true (issue 6, point 2)", () => {
  test("archives are compressed in the background, not within the write that rotates", async () => {
    const { fs, emit, clock, text } = setUp(COMPRESSED);
    emit("aaaaaaa", "b");
    expect([names(fs), fs.count("gzip")]).toEqual([["f", "f.1"], 0]);
    await clock.advance(100);
    expect([names(fs), text("/logs/f.1.gz"), text()]).toEqual([["f", "f.1.gz"], "gzip:aaaaaaa\n", "b\n"]);
    expect(clock.pendingTimers).toBe(0);
  });

  test("a rotation while a copy is made moves the numbers, and the copy follows", async () => {
    const { fs, emit, clock, text } = setUp(COMPRESSED);
    emit("aa\naaaa", "b");
    await clock.advance(2);
    expect(names(fs)).toContainEqual(expect.stringContaining("gz-tmp"));
    emit("bbbbbbb", "c");
    await clock.advance(100);
    expect(["/logs/f.1.gz", "/logs/f.2.gz", "/logs/f.3.gz"].map((path) => text(path))).toEqual([
      "gzip:bbbbbbb\n",
      "gzip:b\n",
      "gzip:aa\naaaa\n",
    ]);
  });

  test("archives that an earlier process left are compressed at start, its temporary files removed", async () => {
    const fs = new FakeFileSystem();
    fs.put("/logs/f.1", "old\n");
    fs.put("/logs/f.dead-1.gz-tmp", "half");
    fs.put("/logs/f.alive-1.gz-tmp", "half");
    fs.put("/logs/g.dead-1.gz-tmp", "half");
    const { clock } = setUp(COMPRESSED, { processes: processes("me", "dead") }, fs);
    await clock.advance(100);
    expect(names(fs)).toEqual(["f", "f.1.gz", "f.alive-1.gz-tmp", "g.dead-1.gz-tmp"]);
  });

  test("a temporary file whose maker cannot be asked is removed when it has not changed for an hour", async () => {
    const fs = new FakeFileSystem();
    fs.nowMs = 1_700_000_000_000 - 3_600_000;
    fs.put("/logs/f.elsewhere-1.gz-tmp", "half");
    setUp(COMPRESSED, {}, fs);
    expect(names(fs)).toEqual(["f"]);
  });

  test("a failure leaves the archive as it was, is reported, and does not begin again with each rotation", async () => {
    const { fs, emit, clock, context } = setUp(COMPRESSED);
    fs.fail("ENOSPC", "gzip");
    emit("aaaaaaa", "b");
    await clock.advance(100);
    expect([names(fs), context.errors.map(({ type }) => type)]).toEqual([["f", "f.1"], ["ENOSPC"]]);
    fs.heal();
    emit("bbbbbbb", "c");
    await clock.advance(100);
    expect([names(fs), fs.count("gzip /logs/f.3")]).toEqual([["f", "f.1.gz", "f.2.gz", "f.3"], 0]);
  });

  test("close waits for it within its time", async () => {
    const { fs, sink, emit, clock } = setUp(COMPRESSED);
    emit("a\na\na\na", "b");
    const closing = sink.close(1_000);
    await clock.advance(20);
    await closing;
    expect([names(fs), clock.pendingTimers, fs.locks.size]).toEqual([["f", "f.1.gz"], 0, 0]);
  });

  test("and no longer: the half copy is removed, the archive stays as it was", async () => {
    const { fs, sink, emit, clock, context } = setUp(COMPRESSED);
    emit("a\na\na\na", "b");
    const closing = sink.close(3);
    await clock.advance(3);
    await closing;
    await clock.advance(100);
    expect([names(fs), clock.pendingTimers, context.errors]).toEqual([["f", "f.1"], 0, []]);
  });

  test("an archive that was deleted before its turn is no error", async () => {
    const { fs, emit, clock, context } = setUp(COMPRESSED);
    emit("aaaaaaa", "b");
    fs.fault = (operation) => (operation === "gzip" ? "ENOENT" : undefined);
    await clock.advance(100);
    expect(context.errors).toEqual([]);
  });

  test("an archive that gets another number before its turn is compressed under that one (issue 11, O)", async () => {
    const { fs, emit, clock, text } = setUp(COMPRESSED);
    emit("aaaaaaa", "b");
    let isFirst = true;
    fs.fault = (operation) => {
      if (operation === "gzip" && isFirst) {
        isFirst = false;
        fs.names.set("/logs/f.2", fs.names.get("/logs/f.1") as never);
        fs.names.delete("/logs/f.1");
      }
      return undefined;
    };
    await clock.advance(100);
    expect([names(fs), text("/logs/f.2.gz")]).toEqual([["f", "f.2.gz"], "gzip:aaaaaaa\n"]);
  });

  test("close tries again what failed before: no archive stays plain (issue 11, O)", async () => {
    const { fs, sink, emit, clock } = setUp(COMPRESSED);
    fs.fail("ENOSPC", "gzip");
    emit("aaaaaaa", "bbbbbbb", "c");
    await clock.advance(100);
    fs.heal();
    const closing = sink.close(1_000);
    await clock.advance(100);
    await closing;
    expect(names(fs)).toEqual(["f", "f.1.gz", "f.2.gz"]);
  });

  test("one that cannot be compressed keeps none of the others from it", async () => {
    const fs = new FakeFileSystem();
    for (const number of [1, 2, 3]) fs.put(`/logs/f.${number}`, `${number}\n`);
    fs.fault = (operation, detail) => (operation === "gzip" && detail.startsWith("/logs/f.3 ") ? "EACCES" : undefined);
    const { clock, context } = setUp(COMPRESSED, {}, fs);
    await clock.advance(100);
    expect([names(fs), context.errors.map(({ type }) => type)]).toEqual([["f", "f.1.gz", "f.2.gz", "f.3"], ["EACCES"]]);
  });

  test("a timer that never comes does not stop it: the next rotation goes on (issue 11, B)", async () => {
    const { fs, emit, clock } = setUp(COMPRESSED);
    await clock.advance(10); // nothing to do at the start
    const schedule = clock.schedule.bind(clock);
    clock.schedule = () => ({ cancel: () => {} });
    emit("aaaaaaa", "bbbbbbb");
    clock.schedule = schedule;
    await clock.advance(100);
    expect(names(fs)).toEqual(["f", "f.1"]);
    emit("ccccccc");
    await clock.advance(100);
    expect(names(fs)).toEqual(["f", "f.1.gz", "f.2.gz"]);
  });

  test("where it is not the archives' fault it gives up after three", async () => {
    const fs = new FakeFileSystem();
    for (let number = 1; number <= 9; number++) fs.put(`/logs/f.${number}`, `${number}\n`);
    fs.fail("ENOSPC", "gzip");
    const { clock } = setUp(COMPRESSED, {}, fs);
    await clock.advance(3_000);
    expect([fs.count("gzip"), clock.pendingTimers]).toEqual([3, 0]);
  });

  test("a rotation while the last look is under way is not forgotten", async () => {
    const { fs, emit, clock } = setUp(COMPRESSED);
    for (let i = 0; i < 40; i++) {
      emit("aaaaaaa");
      await clock.advance(i % 3);
    }
    await clock.advance(100);
    expect(names(fs).filter((name) => /^f\.\d$/.test(name))).toEqual([]);
  });

  test("while another process rotates, the copy waits for its place", async () => {
    const { fs, emit, clock } = setUp({ sync: true, rotation: { size: 80, keep: 5, compress: true } });
    emit("a\n".repeat(39), "b");
    await clock.advance(25); // the lease is over, the copy under way
    for (let i = 0; i < 20; i++) {
      fs.locks.set("/logs/f.lock", `p${i}`);
      await clock.advance(10);
    }
    expect(names(fs)).toContain("f.1");
    fs.locks.clear();
    await clock.advance(40);
    expect(names(fs)).toEqual(["f", "f.1.gz"]);
  });
});

describe("totalBytes (issue 6, point 2)", () => {
  test("the oldest archives go after each rotation, with no limit on their number", async () => {
    const { fs, emit, text } = setUp({ sync: true, rotation: { size: 4, totalBytes: 12 } });
    emit("aaa", "bbb", "ccc", "ddd", "eee");
    expect(names(fs)).toEqual(["f", "f.1", "f.2", "f.3"]);
    expect(text("/logs/f.3")).toBe("bbb\n");
  });
});
