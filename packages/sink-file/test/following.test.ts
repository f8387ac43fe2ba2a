import { describe, expect, test } from "vitest";
import { setUp } from "./set-up.ts";

/** Time after which the next write must see what happened to the path (design §8.10). */
const SECOND = 1_000;

describe("changes from outside, seen without a signal within a second (design §8.10)", () => {
  test.each([{}, { rotation: { size: 1_000, keep: 3 } }])(
    "renamed: new lines go to a new live file (%j)",
    async (options) => {
      const { fs, emit, clock, text, context } = setUp({ ...options, sync: true });
      emit("a");
      fs.rename("/logs/f", "/logs/away");
      await clock.advance(SECOND);
      emit("b");
      expect([text("/logs/away"), text(), fs.openCount, context.errors]).toEqual(["a\n", "b\n", 1, []]);
    },
  );

  test("renamed and created anew, as logrotate does with `create`", async () => {
    const { fs, emit, clock, text } = setUp({ sync: true });
    emit("a");
    fs.rename("/logs/f", "/logs/f.1");
    fs.put("/logs/f", "");
    await clock.advance(SECOND);
    emit("b");
    expect([text("/logs/f.1"), text()]).toEqual(["a\n", "b\n"]);
  });

  test("removed", async () => {
    const { fs, emit, clock, text } = setUp({ sync: true });
    emit("a");
    fs.names.delete("/logs/f");
    await clock.advance(SECOND);
    emit("b");
    expect(text()).toBe("b\n");
  });

  test("emptied, as logrotate does with `copytruncate`: the counted size follows", async () => {
    const { fs, emit, clock, text } = setUp({ sync: true, rotation: { size: 8, keep: 1 } });
    emit("aaa", "bb");
    fs.names.get("/logs/f")?.bytes.splice(0);
    await clock.advance(SECOND);
    emit("ccc", "ddd");
    expect([text(), text("/logs/f.1")]).toEqual(["ccc\nddd\n", undefined]);
  });

  test("cut in the middle of a line: that line gets its end", async () => {
    const { fs, emit, clock, text } = setUp({ sync: true });
    emit("hello");
    fs.names.get("/logs/f")?.bytes.splice(2);
    await clock.advance(SECOND);
    emit("b");
    expect(text()).toBe("he\nb\n");
  });

  test("emptied while a line is begun: the line is written whole", async () => {
    const { fs, emit, clock, text } = setUp();
    let writes = 0;
    fs.fault = (operation) => (operation === "write" ? (writes++ === 0 ? 2 : "ENOSPC") : undefined);
    emit("hello");
    await clock.advance(0);
    fs.names.get("/logs/f")?.bytes.splice(0);
    await clock.advance(SECOND);
    fs.fault = (operation) => (operation === "write" ? 2 : undefined); // once, however short the writes are
    await clock.advance(SECOND);
    expect(text()).toBe("hello\n");
  });

  test("written to by somebody else while a line is begun: the line is written whole", async () => {
    const { fs, emit, clock, text } = setUp();
    let writes = 0;
    fs.fault = (operation) => (operation === "write" ? (writes++ === 0 ? 2 : "ENOSPC") : undefined);
    emit("hello");
    await clock.advance(0);
    fs.names.get("/logs/f")?.bytes.push(...new TextEncoder().encode("other"));
    await clock.advance(SECOND);
    fs.heal();
    await clock.advance(SECOND);
    expect(text()).toBe("heother\nhello\n");
  });

  test("removed with its directory: lines wait instead of going nowhere, and follow when the directory is back", async () => {
    const { fs, emit, clock, text, context } = setUp();
    emit("a");
    await clock.advance(SECOND);
    fs.names.delete("/logs/f");
    fs.directories.delete("/logs");
    emit("b");
    await clock.advance(SECOND);
    expect([context.ledger.pending, context.errors.map(({ type }) => type)]).toEqual([1, ["ENOENT"]]);
    fs.directories.add("/logs");
    await clock.advance(SECOND);
    expect([text(), context.ledger.pending]).toEqual(["b\n", 0]);
  });

  test("at once on reopen()", () => {
    const { fs, sink, emit, text } = setUp({ sync: true, rotation: { size: 1_000, keep: 3 } });
    emit("a");
    fs.rename("/logs/f", "/logs/away");
    sink.reopen();
    emit("b");
    expect([text("/logs/away"), text()]).toEqual(["a\n", "b\n"]);
  });

  test("a path that cannot be looked at is no reason to stop", async () => {
    const { fs, emit, clock, text, context } = setUp({ sync: true });
    fs.fail("EACCES", "statusOf");
    await clock.advance(SECOND);
    emit("a");
    expect([text(), context.errors]).toEqual(["a\n", []]);
  });
});

describe("what following the path costs", () => {
  test.each([{}, { rotation: { size: "1MB", keep: 3 } }])(
    "10 000 records within half a second: one look at most, and one lock (%j)",
    (options) => {
      const { fs, emit } = setUp({ ...options, sync: true });
      const looks = fs.count("statusOf");
      for (let i = 0; i < 10_000; i++) emit("x");
      expect(fs.count("statusOf") - looks).toBeLessThanOrEqual(1);
      expect(fs.count("lock ")).toBeLessThanOrEqual(1);
    },
  );

  test("no timer is left by it", async () => {
    const { emit, clock } = setUp({ sync: true, rotation: { size: "1MB", keep: 3 } });
    emit("x");
    await clock.advance(20);
    expect(clock.pendingTimers).toBe(0);
  });
});
