import { ManualClock, RecordingContext } from "@dagstack/logger-core/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FileSink, type FileSinkOptions } from "../src/index.ts";
import { FakeFileSystem, failure } from "./fake-file-system.ts";
import { encode, processes, setUp } from "./set-up.ts";
import { linesOf, play, schedule } from "./shared-file.ts";

const ROTATED: FileSinkOptions = { sync: true, rotation: { size: 20, keep: 1_000 } };

describe("several processes on one rotated file (design §8.9)", () => {
  test("each sees what the others wrote and rotated: nothing lost, nothing twice, no file above the size (seeded)", async () => {
    await fc.assert(
      fc.asyncProperty(schedule, fc.boolean(), async (steps, sync) => {
        const fs = new FakeFileSystem();
        const { written, clock } = await play(steps, { ...ROTATED, sync }, () => fs);
        expect(linesOf(fs).sort()).toEqual(written.sort());
        for (const [path] of fs.names) expect(fs.text(path)?.length).toBeLessThanOrEqual(20);
        expect([fs.locks.size, clock.pendingTimers]).toEqual([0, 0]);
      }),
      { seed: 5, numRuns: 300 },
    );
  });

  test("a line that comes while another process holds the lock waits for some milliseconds and follows", async () => {
    const { fs, emit, clock, text, context } = setUp({ ...ROTATED, sync: false });
    await clock.advance(20); // the lease of the sink that healed the file
    fs.locks.set("/logs/f.lock", "p2");
    emit("a");
    await clock.advance(0);
    expect([text(), context.ledger.pending]).toEqual(["", 1]);
    fs.locks.clear();
    await clock.advance(5);
    expect([text(), context.errors]).toEqual(["a\n", []]);
  });

  test("a full buffer waits for the other process instead of dropping", async () => {
    let pauses = 0;
    const fs = new FakeFileSystem();
    const pause = () => {
      if (++pauses === 100) fs.locks.clear();
    };
    const options = { rotation: { size: 1_000, keep: 1 }, bufferBytes: 4, maxBufferBytes: 8 };
    const { emit, clock, context, text } = setUp(options, { pause }, fs);
    await clock.advance(20);
    fs.locks.set("/logs/f.lock", "p2");
    emit("aaa", "bbb");
    await clock.advance(3);
    emit("ccc", "ddd");
    expect([text(), context.ledger.droppedTotal]).toEqual(["aaa\nbbb\nccc\n", 0]);
  });

  test("the lock of a process that has ended is taken over at once, also when it died taking one over", () => {
    const fs = new FakeFileSystem();
    fs.locks.set("/logs/f.lock", "dead-1");
    fs.locks.set("/logs/f.lock-takeover", "dead-2");
    const { emit, text } = setUp(ROTATED, { processes: processes("me", "dead") }, fs);
    emit("a");
    expect([text(), fs.locks.get("/logs/f.lock"), fs.locks.size]).toEqual(["a\n", expect.stringMatching(/^me-/), 1]);
  });

  test("that of a process that cannot be asked when it has not changed hands for a second, with one report", async () => {
    const { fs, emit, clock, text, context } = setUp({ ...ROTATED, sync: false });
    await clock.advance(20); // the lease of the sink that healed the file
    fs.locks.set("/logs/f.lock", "elsewhere");
    emit("a");
    await clock.advance(990);
    expect([text(), context.errors]).toEqual(["", []]);
    await clock.advance(20);
    expect(text()).toBe("a\n");
  });

  test("a lock that keeps changing hands is respected, and after a second reported once", async () => {
    const { fs, emit, clock, text, context } = setUp({ ...ROTATED, sync: false });
    await clock.advance(20); // the lease of the sink that healed the file
    emit("a");
    for (let i = 0; i < 600; i++) {
      fs.locks.set("/logs/f.lock", `p${i}`);
      await clock.advance(5);
    }
    expect([text(), context.errors.map(({ type }) => type), context.ledger.pending]).toEqual(["", ["EBUSY"], 1]);
  });

  test("one that was taken over meanwhile is not given back", async () => {
    const { fs, sink, emit, clock } = setUp(ROTATED);
    emit("a");
    fs.locks.set("/logs/f.lock", "p2");
    const release = clock.monotonicMs;
    clock.monotonicMs = () => release.call(clock) + 2_000;
    await sink.close();
    expect(fs.locks.get("/logs/f.lock")).toBe("p2");
  });

  test("nothing is written to what another process made an archive, though no new file can be opened", async () => {
    const { fs, emit, clock, text, context } = setUp(ROTATED);
    emit("a");
    await clock.advance(20);
    fs.rename("/logs/f", "/logs/f.1");
    fs.fail("EMFILE", "open");
    emit("b");
    expect([text("/logs/f.1"), context.ledger.pending, context.errors.map(({ type }) => type)]).toEqual([
      "a\n",
      1,
      ["EMFILE"],
    ]);
    fs.heal();
    await clock.advance(1_000);
    expect([text("/logs/f.1"), text()]).toEqual(["a\n", "b\n"]);
  });

  test("with keep 0 a file that another process has emptied at the boundary is not emptied again", async () => {
    const options = { sync: true, rotation: { interval: "1h" } };
    const { fs, emit, clock, text } = setUp(options);
    emit("a");
    await clock.advance(3_600_000);
    fs.nowMs += 3_600_000;
    const inode = fs.names.get("/logs/f");
    inode?.bytes.splice(0, 2, ...encode("of the new hour\n"));
    if (inode !== undefined) inode.modifiedMs = fs.nowMs;
    emit("b");
    expect(text()).toBe("of the new hour\nb\n");
  });

  test("a dead lock that a third process has taken over meanwhile is left to it", () => {
    const fs = new FakeFileSystem();
    fs.locks.set("/logs/f.lock", "dead-1");
    fs.fault = (operation, path) => {
      if (operation === "lock" && path.endsWith("-takeover")) fs.locks.set("/logs/f.lock", "third");
      return undefined;
    };
    const { emit } = setUp(ROTATED, { processes: processes("me", "dead") }, fs);
    emit("a");
    expect(fs.locks.get("/logs/f.lock")).toBe("third");
  });

  test("alone it is kept for some milliseconds, among others it is given back after each run of writes", async () => {
    const { fs, emit, clock } = setUp(ROTATED);
    await clock.advance(20);
    emit("a", "b");
    expect(fs.locks.size).toBe(1);
    await clock.advance(20);
    fs.names.get("/logs/f")?.bytes.push(...encode("other\n"));
    emit("c");
    expect(fs.locks.size).toBe(0);
  });

  test("kept no longer than that though no timer can run", async () => {
    const { fs, emit, clock } = setUp(ROTATED);
    await clock.advance(20);
    const locks = fs.count("lock ");
    const nowMs = clock.monotonicMs.bind(clock);
    emit("a");
    clock.monotonicMs = () => nowMs() + 9;
    emit("b");
    expect(fs.count("lock ")).toBe(locks + 1);
    clock.monotonicMs = () => nowMs() + 10;
    emit("c");
    expect(fs.count("lock ")).toBe(locks + 2);
  });

  test("close gives it back", async () => {
    const { fs, sink, emit } = setUp(ROTATED);
    emit("a");
    await sink.close();
    expect(fs.locks.size).toBe(0);
  });
});

describe("a process killed at any step of a rotation (design §8.9)", () => {
  /** Passes calls on until the process dies: from then on nothing of it happens. */
  function mortal(fs: FakeFileSystem, diesAt: number) {
    let calls = 0;
    const dead = () => ++calls > diesAt;
    const view = new Proxy(fs, {
      get(target, name) {
        const member = Reflect.get(target, name, target);
        if (typeof member !== "function") return member;
        return (...args: unknown[]) => {
          if (dead()) throw failure("EIO");
          return Reflect.apply(member, target, args);
        };
      },
    });
    return { view, isDead: () => calls > diesAt };
  }

  test("loses no line that was written, and the next start goes on and heals", () => {
    let deaths = 0;
    for (let diesAt = 0; diesAt < 200; diesAt++) {
      const fs = new FakeFileSystem();
      const { view, isDead } = mortal(fs, diesAt);
      const delivered: string[] = [];
      const context = new RecordingContext(new ManualClock());
      let current = "";
      context.onDelivered = () => void delivered.push(current);
      const first = (): void => {
        const seams = { fs: view, clock: context.clock, processes: processes("p1"), pause: () => {} };
        const sink = new FileSink("/logs/f", { sync: true, rotation: { size: 8, keep: 20 } }, seams);
        sink.attach(context);
        for (let i = 0; i < 12 && !isDead(); i++) {
          current = `line ${i}`;
          sink.emitLine(9, encode(current));
        }
      };
      try {
        first();
      } catch (error) {
        expect(error).toMatchObject({ name: "ConfigError" }); // died while it opened
      }
      if (isDead()) deaths++;
      const next = setUp({ sync: true, rotation: { size: 8, keep: 20 } }, { processes: processes("p2", "p1") }, fs);
      next.emit("after", "that");
      const found = linesOf(fs);
      expect(found.filter((line) => delivered.includes(line)).sort(), `died at call ${diesAt}`).toEqual(
        delivered.sort(),
      );
      expect(found).toEqual(expect.arrayContaining(["after", "that"]));
      expect(next.context.errors).toEqual([]);
    }
    expect(deaths).toBeGreaterThan(60);
  });
});
