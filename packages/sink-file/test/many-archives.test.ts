import { ManualClock } from "@dagstack/logger-core/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FileSink } from "../src/index.ts";
import { Archives, Retention } from "../src/rotation/index.ts";
import { FakeFileSystem } from "./fake-file-system.ts";
import { encode, processes, setUp } from "./set-up.ts";

const MANY = 100_000;

/** Archives in the order of their numbers, the newest first. */
function inOrder(fs: FakeFileSystem): string[] {
  const found = [...fs.names.keys()].flatMap((path) => {
    const match = /^\/logs\/f\.(\d+)$/.exec(path);
    return match === null ? [] : [{ number: Number(match[1]), text: fs.text(path) ?? "" }];
  });
  return found.sort((a, b) => a.number - b.number).map(({ text }) => text);
}

function rotate(fs: FakeFileSystem, archives: Archives, text: string): void {
  fs.put("/logs/f", text);
  archives.shift();
}

describe("many archives (issue 11, O)", () => {
  test("what a rotation costs does not grow with them: a few calls for each, though none is ever moved past another", () => {
    const fs = new FakeFileSystem();
    const archives = new Archives({ fs, path: "/logs/f", keep: MANY });
    const costs: number[] = [];
    for (let i = 0; i < 1_500; i++) {
      fs.calls.length = 0;
      rotate(fs, archives, String(i));
      costs.push(fs.calls.length);
    }
    const mean = (from: number, to: number) => costs.slice(from, to).reduce((sum, cost) => sum + cost, 0) / (to - from);
    expect(mean(1_000, 1_500)).toBeLessThan(1.6 * mean(200, 400));
    expect(inOrder(fs)).toEqual(Array.from({ length: 1_500 }, (_, i) => String(1_499 - i)));
  });

  test("a rotation looks at none of the neighbours", () => {
    const { fs, emit } = setUp({ sync: true, rotation: { size: 8, totalBytes: 1_000 } });
    emit("aaaaaa", "bbbbbb", "cccccc");
    expect(fs.count("list")).toBe(0);
  });

  test("a thousand that were numbered without gaps, as earlier versions did, are spread out at the first rotation", () => {
    const fs = new FakeFileSystem();
    for (let number = 1; number <= 1_000; number++) fs.put(`/logs/f.${number}`, String(-number));
    const archives = new Archives({ fs, path: "/logs/f", keep: MANY });
    for (let i = 0; i < 50; i++) rotate(fs, archives, String(i));
    expect(inOrder(fs).map(Number)).toEqual(Array.from({ length: 1_050 }, (_, i) => 49 - i));
  });

  test("killed at any call, any number of times, none is lost, overwritten or out of order, and all are found (seeded)", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(400), { maxLength: 60 }), fc.integer({ min: 0, max: 150 }), (kills, there) => {
        const fs = new FakeFileSystem();
        for (let number = 1; number <= there; number++) fs.put(`/logs/f.${number}`, String(-number));
        let next = 0;
        const end = (kills.length + 1) * 10;
        let wanted = Array.from({ length: there }, (_, i) => -i - 1);
        for (const kill of [...kills, undefined]) {
          let calls = 0;
          fs.fault = () => (kill !== undefined && calls++ >= kill ? "EIO" : undefined);
          const archives = new Archives({ fs, path: "/logs/f", keep: MANY });
          try {
            for (let i = 0; i < 10; i++) {
              if (fs.text("/logs/f") === undefined) fs.put("/logs/f", String(next++));
              archives.shift();
            }
          } catch {
            // expected: the kill
          }
        }
        fs.heal();
        const archives = new Archives({ fs, path: "/logs/f", keep: MANY });
        if (fs.text("/logs/f") !== undefined) archives.shift();
        const found = [...archives.set.places()].filter(({ files }) => files.length > 0);
        wanted = [...Array.from({ length: next }, (_, i) => next - 1 - i), ...wanted];
        expect(next).toBeLessThanOrEqual(end);
        expect(inOrder(fs).map(Number)).toEqual(wanted);
        expect(found).toHaveLength(wanted.length);
      }),
      { seed: 7, numRuns: 60 },
    );
  });

  test("more than keep are removed in the background, the oldest first, whatever numbers they have", async () => {
    const { fs, emit, clock, sink } = setUp({ sync: true, rotation: { size: 2, keep: 150 } });
    for (let i = 0; i < 400; i++) emit(String(i));
    await clock.advance(1_000);
    expect(inOrder(fs).map(Number)).toEqual(Array.from({ length: 150 }, (_, i) => 398 - i));
    const closing = sink.close();
    await clock.advance(1_000);
    await closing;
    expect(clock.pendingTimers).toBe(0);
  });

  test("so are those beyond totalBytes", async () => {
    const { fs, emit, clock } = setUp({ sync: true, rotation: { size: 4, totalBytes: 800 } });
    for (let i = 0; i < 400; i++) emit(String(100 + i));
    await clock.advance(1_000);
    expect(inOrder(fs).map(Number)).toEqual(Array.from({ length: 200 }, (_, i) => 498 - i));
  });

  test("rotations that never pause do not keep them from it", async () => {
    const { fs, emit, clock } = setUp({ sync: true, rotation: { size: 4, totalBytes: 400 } });
    for (let i = 0; i < 500; i++) {
      emit(String(1_000 + i));
      await clock.advance(1);
      if (i > 300) expect(fs.names.size).toBeLessThan(160);
    }
  });

  /** A thousand archives or two without a gap between them, as earlier versions left them. */
  function dense(count: number): FakeFileSystem {
    const fs = new FakeFileSystem();
    for (let number = 1; number <= count; number++) fs.put(`/logs/f.${number}`, String(-number));
    return fs;
  }

  test("where very many must move first, rotation waits for that to be done in pieces, and the file goes on", async () => {
    const fs = dense(2_000);
    const { emit, clock, text } = setUp({ sync: true, rotation: { size: 4, totalBytes: 1_000_000 } }, {}, fs);
    emit("aaa", "bbb");
    expect([text(), fs.count("rename")]).toEqual(["aaa\nbbb\n", 0]);
    let most = 0;
    for (let i = 0; i < 2_000 && fs.text("/logs/f.1") !== undefined; i++) {
      fs.calls.length = 0;
      await clock.advance(1);
      most = Math.max(most, fs.count("rename"));
    }
    expect(most).toBeLessThanOrEqual(32); // what is in the front, and less of what is behind
    emit("ccc");
    expect(inOrder(fs).map(Number.parseFloat)).toEqual([
      Number.NaN,
      ...Array.from({ length: 2_000 }, (_, i) => -i - 1),
    ]);
    expect(inOrder(fs)[0]).toBe("aaa\nbbb\n");
  });

  test("but no longer than five seconds, and not for a file that is much larger by then", async () => {
    const late = setUp({ sync: true, rotation: { size: 4, totalBytes: 1_000_000 } }, {}, dense(1_000));
    late.emit("aaa", "bbb");
    const nowMs = late.clock.monotonicMs.bind(late.clock);
    late.clock.monotonicMs = () => nowMs() + 5_000;
    late.emit("ccc");
    expect(late.fs.text("/logs/f.1")).toBe("aaa\nbbb\n");
    const large = setUp({ sync: true, rotation: { size: 1_000_000, totalBytes: 10_000_000 } }, {}, dense(1_000));
    large.emit("a".repeat(999_990), "b".repeat(1_048_600));
    expect(large.text()?.length).toBe(999_991 + 1_048_601);
    large.emit("c");
    expect(large.text()?.length).toBe(2);
  });

  test("closing waits for none of it", async () => {
    const { sink, emit, clock } = setUp({ sync: true, rotation: { size: 4, totalBytes: 1_000_000 } }, {}, dense(1_000));
    emit("aaa", "bbb");
    await clock.advance(3);
    let isClosed = false;
    sink.close().then(() => (isClosed = true));
    await clock.advance(2);
    expect([isClosed, clock.pendingTimers]).toEqual([true, 0]);
  });

  test("two processes at it at once keep the order (seeded)", async () => {
    const step = fc.record({ who: fc.nat(1), ms: fc.nat(5), lines: fc.nat(3) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 200 }), fc.integer({ min: 0, max: 700 }), async (steps, there) => {
        const fs = dense(there);
        const clock = new ManualClock();
        const sinks = ["p1", "p2"].map((name) => {
          const seams = { fs, clock, processes: processes(name), pause: () => {} };
          return new FileSink("/logs/f", { sync: true, rotation: { size: 2, totalBytes: 1_000_000 } }, seams);
        });
        let next = 0;
        for (const { who, ms, lines } of steps) {
          await clock.advance(ms);
          for (let i = 0; i < lines; i++) sinks[who]?.emitLine(9, encode(String(1_000 * who + next++)));
        }
        await clock.advance(7_000);
        const found = `${inOrder(fs).reverse().join("\n")}\n${fs.text("/logs/f")}`
          .split("\n")
          .filter((line) => line !== "");
        const old = found.map(Number).filter((number) => number < 0);
        expect(old).toEqual(Array.from({ length: there }, (_, i) => i - there));
        // Whose turn it is is the lock's to say: each one's lines are in order.
        for (const who of [0, 1]) {
          const lines = found.map(Number).filter((number) => number >= 0 && Math.floor(number / 1_000) === who);
          expect(lines).toEqual([...lines].sort((a, b) => a - b));
        }
        expect(found).toHaveLength(there + next);
      }),
      { seed: 3, numRuns: 12 },
    );
  });

  test("room made by another process in between, at whatever moment, loses and confuses nothing", () => {
    for (let pieces = 0; pieces < 30; pieces++) {
      const fs = dense(200);
      const [mine, theirs] = [1, 2].map(() => new Archives({ fs, path: "/logs/f", keep: MANY }));
      const making = mine?.makeRoom();
      for (let i = 0; i < pieces; i++) making?.next();
      for (let i = 0; i < 40; i++) if (theirs !== undefined) rotate(fs, theirs, String(i));
      while (making?.next().done === false);
      if (mine !== undefined) rotate(fs, mine, "40");
      expect(inOrder(fs).map(Number), `after ${pieces} pieces`).toEqual(Array.from({ length: 241 }, (_, i) => 40 - i));
    }
  });

  describe("what is beyond totalBytes goes, and nothing else, at whatever moment there is a rotation", () => {
    const rotation = { size: 2, totalBytes: 350 };
    function files(...numbers: number[]): FakeFileSystem {
      const fs = new FakeFileSystem();
      for (const number of numbers) fs.put(`/logs/f.${number}`, `${number}`.padEnd(100));
      return fs;
    }
    const texts = (fs: FakeFileSystem) => inOrder(fs).map((text) => text.trim());
    const twoHundred = Array.from({ length: 200 }, (_, i) => i + 1);

    test.each([
      ["while room is made", twoHundred],
      ["between looking and removing", [1, 2, 3, 4, 5, 64]],
    ])("%s", async (_, numbers) => {
      for (let ms = 0; ms < 40; ms++) {
        const fs = files(...numbers);
        const { emit, clock } = setUp({ sync: true, rotation }, {}, fs);
        emit("a", "b");
        await clock.advance(ms);
        emit("c");
        await clock.advance(1_000);
        expect(texts(fs), `after ${ms} ms`).toEqual(["b", "a", "1", "2", "3"]);
      }
    });

    test("the first one, while room is made at the start", async () => {
      for (let ms = 0; ms < 40; ms++) {
        const fs = files(...twoHundred);
        const { emit, clock } = setUp({ sync: true, rotation }, {}, fs);
        await clock.advance(ms);
        emit("a", "b");
        await clock.advance(1_000);
        expect(texts(fs), `after ${ms} ms`).toEqual(["a", "1", "2", "3"]);
      }
    });
  });

  test("up to a hundred are kept without a gap, and exactly", () => {
    const fs = new FakeFileSystem();
    const archives = new Archives({ fs, path: "/logs/f", keep: 100 });
    for (let i = 0; i < 130; i++) rotate(fs, archives, String(i));
    expect(Array.from({ length: 101 }, (_, i) => fs.text(`/logs/f.${i + 1}`))).toEqual([
      ...Array.from({ length: 100 }, (_, i) => String(129 - i)),
      undefined,
    ]);
  });
});

describe("files of others with similar names (issue 11, M)", () => {
  const FOREIGN = ["f.20240101", "f.2024", "f.20240101.gz", "f.2024-01-01", "f.01", "f.1.bak", "f.x.gz-tmp", "f.500"];

  test.each([
    ["totalBytes", { size: 8, totalBytes: 30 }],
    ["keep and compress", { size: 8, keep: 3, compress: true }],
    ["all of it", { size: 8, keep: 1_000, totalBytes: 30, compress: true }],
  ])("%s: they are neither deleted, renamed nor compressed", async (_, rotation) => {
    const fs = new FakeFileSystem();
    fs.nowMs = 0; // as old as can be
    for (const name of FOREIGN) fs.put(`/logs/${name}`, "t".repeat(100));
    const isName = (text: string) => text === "me";
    const { sink, emit, clock } = setUp(
      { sync: true, rotation },
      { processes: { self: "me", isGone: () => true, isName } },
      fs,
    );
    for (let i = 0; i < 200; i++) emit(`aaaa${i}`);
    await clock.advance(1_000);
    const closing = sink.close();
    await clock.advance(1_000);
    await closing;
    for (const name of FOREIGN) expect([name, fs.text(`/logs/${name}`)?.length]).toEqual([name, 100]);
    expect(
      fs.calls.filter(
        (call) => /^(remove|rename|gzip)/.test(call) && FOREIGN.some((name) => call.endsWith(`/${name}`)),
      ),
    ).toEqual([]);
  });

  test("archives are counted for totalBytes though foreign files stand between them", () => {
    const fs = new FakeFileSystem();
    fs.put("/logs/f.1", "aaaa");
    fs.put("/logs/f.2", "bbbb");
    fs.put("/logs/f.20240101", "t".repeat(100));
    const retention = new Retention(new Archives({ fs, path: "/logs/f", keep: MANY }).set, MANY, 5);
    expect(retention.apply()).toBe(true);
    expect([...fs.names.keys()]).toEqual(["/logs/f.1", "/logs/f.20240101"]);
  });
});
