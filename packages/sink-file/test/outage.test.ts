import { FLUSH_SUCCEEDED } from "@dagstack/logger-core";
import { ManualClock, RecordingContext, testRecord } from "@dagstack/logger-core/testing";
import { describe, expect, test } from "vitest";
import { FileSink, type FileSinkOptions } from "../src/index.ts";
import { FakeFileSystem } from "./fake-file-system.ts";

const encode = (text: string) => new TextEncoder().encode(text);

function setUp(options: FileSinkOptions = {}) {
  const fs = new FakeFileSystem();
  const clock = new ManualClock();
  const context = new RecordingContext(clock);
  const sink = new FileSink("/logs/f", options, { fs });
  sink.attach(context);
  const emit = (...lines: string[]) => {
    for (const line of lines) {
      context.ledger.accept();
      sink.emitLine(9, encode(line));
    }
  };
  return { fs, clock, context, sink, emit, text: () => fs.text("/logs/f") };
}

/** Writes `first` bytes of the next write, then refuses with `code`. */
function refuseAfter(fs: FakeFileSystem, first: number, code: string): void {
  let writes = 0;
  fs.fault = (operation) => (operation === "write" ? (writes++ === 0 ? first : code) : undefined);
}

describe("while the destination refuses (design §5)", () => {
  test.each(["EAGAIN", "ENOSPC", "EIO", "EMFILE", "EDQUOT"])(
    "%s: lines wait and arrive in order once it is over",
    async (code) => {
      const { fs, emit, clock, text, context } = setUp();
      fs.fail(code, "write");
      emit("a", "b");
      await clock.advance(1_000);
      emit("c");
      expect([text(), context.ledger.pending]).toEqual(["", 3]);
      fs.heal();
      await clock.advance(1_000);
      expect([text(), context.ledger.delivered]).toEqual(["a\nb\nc\n", 3]);
    },
  );

  test("it is tried again after 50 ms, doubling, and at least every 800 ms", async () => {
    const { fs, emit, clock } = setUp();
    fs.fail("ENOSPC", "write");
    emit("a");
    const at: number[] = [];
    for (let ms = 0, seen = 0; ms <= 3_500; ms += 10) {
      await clock.advance(ms === 0 ? 0 : 10);
      if (fs.count("write") > seen) at.push(ms);
      seen = fs.count("write");
    }
    expect(at).toEqual([0, 50, 150, 350, 750, 1_550, 2_350, 3_150]);
  });

  test("after an outage the waiting time starts from the beginning", async () => {
    const { fs, emit, clock, text } = setUp();
    fs.fail("ENOSPC", "write");
    emit("a");
    await clock.advance(3_000);
    fs.heal();
    await clock.advance(800);
    fs.fail("ENOSPC", "write");
    emit("b");
    await clock.advance(0);
    fs.heal();
    await clock.advance(50);
    expect(text()).toBe("a\nb\n");
  });

  test("so it does when some bytes went through", async () => {
    const { fs, emit, clock, text } = setUp();
    fs.fail("ENOSPC", "write");
    emit("abc");
    await clock.advance(1_600);
    refuseAfter(fs, 1, "ENOSPC");
    await clock.advance(750);
    expect(text()).toBe("a");
    const writes = fs.count("write");
    await clock.advance(50);
    expect(fs.count("write")).toBe(writes + 1);
  });

  test("emit makes no attempts of its own while a retry is due", async () => {
    const { fs, emit, clock } = setUp({ bufferBytes: 4 });
    fs.fail("ENOSPC", "write");
    emit("aaa");
    await clock.advance(0);
    const writes = fs.count("write");
    emit("bbb", "ccc", "ddd");
    expect(fs.count("write")).toBe(writes);
  });

  test("sync tries at every record", () => {
    const { fs, emit, text } = setUp({ sync: true });
    fs.fail("ENOSPC", "write");
    emit("a", "b");
    expect(fs.count("write")).toBe(2);
    fs.heal();
    emit("c");
    expect(text()).toBe("a\nb\nc\n");
  });

  test("a write that takes nothing counts as a refusal, not as a reason to spin", async () => {
    const { fs, emit, clock, context } = setUp();
    fs.fault = (operation) => (operation === "write" ? 0 : undefined);
    emit("a");
    await clock.advance(0);
    expect([fs.count("write"), context.errors.map((error) => error.type)]).toEqual([1, ["EAGAIN"]]);
  });

  test("a line that was begun is finished, not written twice", async () => {
    const { fs, emit, clock, text } = setUp();
    refuseAfter(fs, 2, "ENOSPC");
    emit("hello", "world");
    await clock.advance(0);
    expect(text()).toBe("he");
    fs.heal();
    await clock.advance(50);
    expect(text()).toBe("hello\nworld\n");
  });

  test.each(["EBADF", "ESTALE", "EIO"])("after %s the path is opened again before the next try", async (code) => {
    const { fs, emit, clock, text } = setUp();
    refuseAfter(fs, 2, code);
    emit("hello");
    await clock.advance(0);
    fs.heal();
    await clock.advance(50);
    expect([text(), fs.count("open"), fs.openCount]).toEqual(["hello\n", 2, 1]);
  });

  test("after ENOSPC the descriptor is kept", async () => {
    const { fs, emit, clock } = setUp();
    fs.fail("ENOSPC", "write");
    emit("a");
    await clock.advance(1_000);
    expect(fs.count("open")).toBe(1);
  });
});

describe("overflow (§7.1, S5): beyond maxBufferBytes the oldest lines go, each counted", () => {
  test("exactly the oldest, in order", async () => {
    const { fs, emit, clock, text, context } = setUp({ bufferBytes: 4, maxBufferBytes: 12 });
    fs.fail("ENOSPC", "write");
    emit("aaa", "bbb", "ccc", "ddd", "eee");
    expect(context.ledger.snapshot()).toEqual({
      accepted: 5,
      delivered: 0,
      pending: 3,
      dropped: { buffer_overflow: 2 },
    });
    fs.heal();
    await clock.advance(1_000);
    expect(text()).toBe("ccc\nddd\neee\n");
  });

  test("a full buffer is no overflow until one more line comes", () => {
    const { fs, emit, context } = setUp({ bufferBytes: 4, maxBufferBytes: 12 });
    fs.fail("ENOSPC", "write");
    emit("aaa", "bbb", "ccc");
    expect(context.ledger.droppedTotal).toBe(0);
  });

  test("never the line that was begun", async () => {
    const { fs, emit, clock, text, context } = setUp({ bufferBytes: 4, maxBufferBytes: 12 });
    refuseAfter(fs, 1, "ENOSPC");
    emit("aaa", "bbb", "ccc", "ddd", "eee");
    fs.heal();
    await clock.advance(1_000);
    expect(text()).toBe("aaa\nddd\neee\n");
    expect(context.ledger.snapshot()).toEqual({
      accepted: 5,
      delivered: 3,
      pending: 0,
      dropped: { buffer_overflow: 2 },
    });
  });

  test("a line that could never fit is dropped itself and pushes nothing out", async () => {
    const { fs, emit, clock, text } = setUp({ bufferBytes: 4, maxBufferBytes: 12 });
    fs.fail("ENOSPC", "write");
    emit("aaa", "bbb", "0123456789abc");
    fs.heal();
    await clock.advance(1_000);
    expect(text()).toBe("aaa\nbbb\n");
  });

  test("a line of just maxBufferBytes waits", async () => {
    const { fs, emit, clock, text } = setUp({ bufferBytes: 4, maxBufferBytes: 12 });
    fs.fail("ENOSPC", "write");
    emit("aaa", "01234567890");
    fs.heal();
    await clock.advance(1_000);
    expect(text()).toBe("01234567890\n");
  });

  test("a line above maxBufferBytes that is refused as the first is dropped, unless it was begun", async () => {
    const { fs, emit, clock, context } = setUp({ bufferBytes: 4, maxBufferBytes: 12 });
    fs.fail("ENOSPC", "write");
    emit("0123456789abc");
    expect(context.ledger.snapshot()).toEqual({
      accepted: 1,
      delivered: 0,
      pending: 0,
      dropped: { buffer_overflow: 1 },
    });
    await clock.advance(50);
    refuseAfter(fs, 1, "ENOSPC");
    emit("0123456789abc");
    expect(context.ledger.pending).toBe(1);
  });

  test("before a line is dropped the destination is asked once more, at most every 10 ms", async () => {
    const { fs, emit, clock, text, context } = setUp({ bufferBytes: 4, maxBufferBytes: 12 });
    fs.fail("ENOSPC", "write");
    emit("aaa", "bbb", "ccc");
    await clock.advance(20);
    const writes = fs.count("write");
    emit("ddd", "eee");
    expect(fs.count("write")).toBe(writes + 1);
    fs.heal();
    await clock.advance(15);
    emit("fff");
    expect(text()).toBe("ccc\nddd\neee\n");
    expect(context.ledger.dropped("buffer_overflow")).toBe(2);
  });
});

describe("a context that comes while records wait hears nothing of them, and of each later one what became of it", () => {
  function attachedLate(options: FileSinkOptions) {
    const fs = new FakeFileSystem();
    const clock = new ManualClock();
    const context = new RecordingContext(clock);
    const sink = new FileSink("/logs/f", options, { fs, clock });
    const emitCounted = (line: string) => {
      context.ledger.accept();
      sink.emitLine(9, encode(line));
    };
    return { fs, clock, context, sink, emitCounted };
  }

  test("one refused by a sink that is closing", async () => {
    const { fs, clock, context, sink, emitCounted } = attachedLate({});
    fs.fail("ENOSPC", "write");
    sink.emitLine(9, encode("before"));
    sink.attach(context);
    const closing = sink.close(100);
    emitCounted("after");
    fs.heal();
    await clock.advance(100);
    await closing;
    expect(context.ledger.snapshot()).toEqual({ accepted: 1, delivered: 0, pending: 0, dropped: { closed: 1 } });
  });

  test("one that has no room behind a line that was begun", async () => {
    const { fs, clock, context, sink, emitCounted } = attachedLate({ bufferBytes: 4, maxBufferBytes: 8 });
    refuseAfter(fs, 1, "ENOSPC");
    sink.emitLine(9, encode("aaa"));
    await clock.advance(0);
    sink.attach(context);
    emitCounted("bbbbbb");
    fs.heal();
    await clock.advance(100);
    expect(fs.text("/logs/f")).toBe("aaa\n");
    expect(context.ledger.snapshot()).toEqual({
      accepted: 1,
      delivered: 0,
      pending: 0,
      dropped: { buffer_overflow: 1 },
    });
  });
});

describe("diagnostics (design §8.8)", () => {
  test("one per outage", async () => {
    const { fs, emit, clock, context } = setUp();
    fs.fail("ENOSPC", "write");
    emit("a");
    await clock.advance(30_000);
    expect(context.errors.map((error) => error.type)).toEqual(["ENOSPC"]);
  });

  test("at most one a second; a second outage that lasts is still reported", async () => {
    const { fs, emit, clock, context } = setUp();
    for (let outage = 0; outage < 4; outage++) {
      fs.fail("ENOSPC", "write");
      emit("a");
      await clock.advance(50);
      fs.heal();
      await clock.advance(200);
    }
    expect(context.errors).toHaveLength(1);
    fs.fail("ENOSPC", "write");
    emit("a");
    await clock.advance(800);
    expect(context.errors).toHaveLength(2);
  });
});

describe("a context that logs into this very sink while it is written to", () => {
  test("its lines follow, once each, and nothing is written from within a write", async () => {
    const { fs, emit, clock, context } = setUp({ bufferBytes: 4, rotation: { size: 4, keep: 2 } });
    emit("aaa");
    const inner = context.onError.bind(context);
    context.onError = (error) => {
      inner(error);
      emit("ddd", "eee", "fff");
    };
    await clock.advance(0);
    fs.fail("EACCES", "rename");
    emit("bbb");
    await clock.advance(0);
    expect(fs.text("/logs/f")).toBe("aaa\nbbb\nddd\neee\nfff\n");
    expect([context.errors.length, fs.count("rename"), context.ledger.pending]).toEqual([1, 1, 0]);
  });

  test("a flush from there waits for the write under way", async () => {
    const { sink, emit, clock, context, text } = setUp({ bufferBytes: 4 });
    const inner = context.onDelivered.bind(context);
    let flushing: Promise<unknown> | undefined;
    let textAtFlush: string | undefined;
    context.onDelivered = (count) => {
      inner(count);
      if (flushing !== undefined) return;
      emit("bbb");
      flushing = sink.flush().then((result) => {
        textAtFlush = text();
        return result;
      });
    };
    emit("aaa");
    await clock.advance(0);
    expect(await flushing).toEqual(FLUSH_SUCCEEDED);
    expect(textAtFlush).toBe("aaa\nbbb\n");
  });
});

describe("flush and close during an outage", () => {
  test("flush tries at once, without waiting for the backoff", async () => {
    const { fs, sink, emit, clock, text } = setUp();
    fs.fail("ENOSPC", "write");
    emit("a");
    await clock.advance(3_000);
    fs.heal();
    expect(await sink.flush()).toEqual(FLUSH_SUCCEEDED);
    expect(text()).toBe("a\n");
  });

  test("flushes do not move the retries", async () => {
    const { fs, sink, emit, clock } = setUp();
    fs.fail("ENOSPC", "write");
    emit("a");
    await clock.advance(0);
    for (let i = 0; i < 4; i++) {
      void sink.flush(0);
      await clock.advance(10);
    }
    const writes = fs.count("write");
    await clock.advance(9);
    expect(fs.count("write")).toBe(writes);
    await clock.advance(1);
    expect(fs.count("write")).toBe(writes + 1);
    await clock.advance(99);
    expect(fs.count("write")).toBe(writes + 1);
  });

  test("S7, D-52: out of time it resolves, says so, and the records stay", async () => {
    const { fs, sink, emit, clock, text } = setUp();
    fs.fail("ENOSPC", "write");
    emit("a", "b", "c");
    const flushing = sink.flush(70);
    await clock.advance(70);
    expect(await flushing).toEqual({
      success: false,
      partial: false,
      failedSinks: [{ sinkId: sink.id, error: "timeout: 3 records still waiting; cannot write: ENOSPC" }],
      droppedCount: 0,
    });
    fs.heal();
    await clock.advance(1_000);
    expect(text()).toBe("a\nb\nc\n");
  });

  test("a flush out of time names the loss, the refusal and the fsync that failed", async () => {
    const { fs, sink, emit, clock } = setUp({ fsync: "flush", bufferBytes: 4, maxBufferBytes: 8 });
    emit("aaa");
    await clock.advance(0);
    fs.fault = (operation) => (operation === "write" ? "ENOSPC" : operation === "fsync" ? "EIO" : undefined);
    emit("bbb", "ccc", "ddd");
    sink.emit(testRecord({ body: Number.NaN }));
    const flushing = sink.flush(0);
    await clock.advance(0);
    expect((await flushing).failedSinks[0]?.error).toBe(
      "timeout: 2 records still waiting; 2 records dropped: 1 buffer_overflow, 1 sink_error; " +
        "cannot write: ENOSPC; fsync failed: EIO",
    );
  });

  test("a flush out of time with one record says so, though the file system gives no code", async () => {
    const { fs, sink, emit, clock } = setUp();
    fs.fault = (operation) => {
      if (operation === "write") throw new Error("no code");
      return undefined;
    };
    emit("a");
    const flushing = sink.flush(0);
    await clock.advance(0);
    expect((await flushing).failedSinks[0]?.error).toBe("timeout: 1 record still waiting; cannot write: unknown error");
  });

  test("a flush waits only for what was accepted before it", async () => {
    const { fs, sink, emit, clock } = setUp();
    fs.fail("ENOSPC", "write");
    emit("a");
    const flushing = sink.flush(5_000);
    let writes = 0;
    fs.fault = (operation) => (operation === "write" ? (writes++ === 0 ? 2 : "ENOSPC") : undefined);
    emit("b");
    await clock.advance(50);
    expect(await flushing).toEqual(FLUSH_SUCCEEDED);
  });

  test("concurrent flushes all wait, each for its own time", async () => {
    const { fs, sink, emit, clock } = setUp();
    fs.fail("ENOSPC", "write");
    emit("a");
    const flushes = [sink.flush(60), sink.flush(5_000), sink.flush(5_000)];
    await clock.advance(60);
    fs.heal();
    await clock.advance(100);
    expect((await Promise.all(flushes)).map((result) => result.success)).toEqual([false, true, true]);
    expect(clock.pendingTimers).toBe(0);
  });

  test("losses are told once, with count, reason and partial (D-53)", async () => {
    const { fs, sink, emit } = setUp({ bufferBytes: 4, maxBufferBytes: 8 });
    fs.fail("ENOSPC", "write");
    emit("aaa", "bbb", "ccc", "ddd");
    fs.heal();
    expect(await sink.flush()).toEqual({
      success: false,
      partial: true,
      failedSinks: [{ sinkId: sink.id, error: "2 records dropped: buffer_overflow" }],
      droppedCount: 2,
    });
    expect(await sink.flush()).toEqual(FLUSH_SUCCEEDED);
  });

  test("partial is about what was accepted since the last flush (D-53)", async () => {
    const { fs, sink, emit, clock } = setUp({ bufferBytes: 4, maxBufferBytes: 8 });
    refuseAfter(fs, 1, "ENOSPC");
    emit("aaa");
    const timedOut = sink.flush(0);
    await clock.advance(0);
    expect((await timedOut).success).toBe(false);
    emit("bbbbbb");
    fs.heal();
    expect(await sink.flush()).toMatchObject({ success: false, partial: false, droppedCount: 1 });
  });

  test("close keeps trying until its deadline, counts the rest as closed and removes the torn line", async () => {
    const { fs, sink, emit, clock, text, context } = setUp();
    refuseAfter(fs, 5, "ENOSPC");
    emit("aa", "bb", "cc");
    const closing = sink.close(100);
    await clock.advance(99);
    expect(fs.openCount).toBe(1);
    await clock.advance(1);
    await closing;
    expect(context.ledger.snapshot()).toEqual({ accepted: 3, delivered: 1, pending: 0, dropped: { closed: 2 } });
    expect([text(), fs.openCount, clock.pendingTimers]).toEqual(["aa\n", 0, 0]);
  });

  test("bytes that another writer put behind the torn line are left alone", async () => {
    const { fs, sink, emit, clock, text } = setUp();
    refuseAfter(fs, 1, "ENOSPC");
    emit("aa");
    const closing = sink.close(100);
    await clock.advance(0);
    fs.names.get("/logs/f")?.bytes.push(33);
    await clock.advance(100);
    await closing;
    expect(text()).toBe("a!");
  });

  test("a torn line that cannot be cut off is reported", async () => {
    const { fs, sink, emit, context } = setUp();
    let writes = 0;
    fs.fault = (operation) => {
      if (operation === "truncate") return "EPERM";
      return operation === "write" ? (writes++ === 0 ? 1 : "ENOSPC") : undefined;
    };
    emit("aa");
    const closing = sink.close(2_000);
    await (context.clock as ManualClock).advance(2_000);
    await closing;
    expect(context.errors.map((error) => error.type)).toEqual(["ENOSPC", "EPERM"]);
  });

  test("close within its deadline loses nothing", async () => {
    const { fs, sink, emit, clock, context } = setUp();
    fs.fail("ENOSPC", "write");
    emit("a");
    const closing = sink.close();
    await clock.advance(4_000);
    fs.heal();
    await clock.advance(1_000);
    await closing;
    expect(context.ledger.snapshot()).toEqual({ accepted: 1, delivered: 1, pending: 0, dropped: {} });
  });

  test("close resolves a flush that still waits, which then reports the loss", async () => {
    const { fs, sink, emit, clock } = setUp();
    fs.fail("ENOSPC", "write");
    emit("a");
    const flushing = sink.flush(60_000);
    const closing = sink.close(100);
    await clock.advance(100);
    await closing;
    expect(await flushing).toMatchObject({ success: false, partial: false, droppedCount: 1 });
  });

  test("a failing close of the descriptor is reported, not thrown", async () => {
    const { fs, sink, context } = setUp();
    fs.fail("EIO", "close");
    await expect(sink.close()).resolves.toBeUndefined();
    expect(context.errors.map((error) => error.type)).toEqual(["EIO"]);
  });
});

describe("opening (design §13)", () => {
  const open = (code: string, options: FileSinkOptions = {}) => {
    const fs = new FakeFileSystem();
    fs.fail(code, "open");
    return () => new FileSink("/logs/f", options, { fs });
  };

  test.each([
    ["ENOENT", "create the directory /logs or set mkdir: true"],
    ["EISDIR", "for example /logs/f/app.jsonl"],
    ["EACCES", "permission"],
    ["EROFS", "permission"],
    ["ENXIO", "named pipe"],
    ["EMFILE", "choose another path"],
  ])("%s throws ConfigError with path, value and fix", (code, fix) => {
    expect(open(code)).toThrow(
      expect.objectContaining({ name: "ConfigError", path: "path", reason: "validation_failed" }),
    );
    expect(open(code)).toThrow(new RegExp(`"/logs/f".*${code}.*allowed: .*fix: .*${fix}`));
  });

  test("a descriptor whose status cannot be read is not leaked", () => {
    const fs = new FakeFileSystem();
    fs.fail("EIO", "status");
    expect(() => new FileSink("/logs/f", {}, { fs })).toThrow("EIO");
    expect(fs.openCount).toBe(0);
  });

  test("rotation of a device is refused and its descriptor released", () => {
    const fs = new FakeFileSystem();
    fs.put("/logs/null", "", false);
    expect(() => new FileSink("/logs/null", { rotation: { size: 10 } }, { fs })).toThrow(
      expect.objectContaining({ name: "ConfigError", path: "rotation" }),
    );
    expect(fs.openCount).toBe(0);
  });

  test('onOpenError "retry" starts, keeps the records, reports once and writes when the file can be opened', async () => {
    const fs = new FakeFileSystem();
    fs.fail("EACCES", "open");
    const clock = new ManualClock();
    const context = new RecordingContext(clock);
    const sink = new FileSink("/logs/f", { onOpenError: "retry", rotation: { size: 100, keep: 1 } }, { fs });
    sink.attach(context);
    context.ledger.accept();
    sink.emitLine(9, encode("a"));
    await clock.advance(2_000);
    expect([context.errors.map((error) => error.type), context.ledger.pending]).toEqual([["EACCES"], 1]);
    fs.heal();
    await clock.advance(800);
    expect([fs.text("/logs/f"), context.ledger.delivered]).toEqual(["a\n", 1]);
  });

  test("a sink that never could open closes without complaint, counting its records", async () => {
    const fs = new FakeFileSystem();
    fs.fail("EACCES", "open");
    const clock = new ManualClock();
    const context = new RecordingContext(clock);
    const sink = new FileSink("/logs/f", { onOpenError: "retry" }, { fs });
    sink.attach(context);
    sink.emitLine(9, encode("a"));
    const closing = sink.close(2_000);
    await clock.advance(2_000);
    await closing;
    expect(context.errors.map((error) => error.type)).toEqual(["EACCES"]);
    expect((await sink.flush()).failedSinks[0]?.error).toBe("1 record dropped: closed");
  });

  test("mkdir makes the parents, again when they vanish", async () => {
    const fs = new FakeFileSystem();
    const sink = new FileSink("/new/deep/f", { mkdir: true, sync: true }, { fs });
    fs.directories.delete("/new/deep");
    fs.names.clear();
    sink.reopen();
    sink.emitLine(9, encode("a"));
    expect([fs.text("/new/deep/f"), fs.count("makeDirectory /new/deep")]).toEqual(["a\n", 2]);
  });
});

describe("reopen, for logrotate", () => {
  test("what was accepted before goes to the old file, the rest to the new one", async () => {
    const { fs, sink, emit, clock, text } = setUp();
    emit("before");
    fs.rename("/logs/f", "/logs/f.1");
    sink.reopen();
    emit("after");
    await clock.advance(0);
    expect([fs.text("/logs/f.1"), text(), fs.openCount]).toEqual(["before\n", "after\n", 1]);
  });

  test("a failure is reported, and the old file is used until the path can be opened", async () => {
    const { fs, sink, emit, text, context } = setUp({ sync: true });
    fs.rename("/logs/f", "/logs/f.1");
    fs.fail("EMFILE", "open");
    sink.reopen();
    emit("a");
    expect([fs.text("/logs/f.1"), context.errors.map((error) => error.type)]).toEqual(["a\n", ["EMFILE"]]);
    fs.heal();
    emit("b");
    expect([fs.text("/logs/f.1"), text(), fs.openCount]).toEqual(["a\n", "b\n", 1]);
  });

  test("a line begun in a file that was moved is cut off there and written whole in the new one", async () => {
    const { fs, sink, emit, clock, text } = setUp();
    refuseAfter(fs, 4, "ENOSPC");
    emit("aa", "bb");
    await clock.advance(0);
    fs.rename("/logs/f", "/logs/f.1");
    sink.reopen();
    fs.heal();
    await clock.advance(1_000);
    expect([fs.text("/logs/f.1"), text()]).toEqual(["aa\n", "bb\n"]);
  });

  test("a line begun in a file that was moved is finished there while the path cannot be opened", async () => {
    const { fs, sink, emit, clock, text } = setUp();
    refuseAfter(fs, 4, "ENOSPC");
    emit("aa", "bb");
    await clock.advance(0);
    fs.rename("/logs/f", "/logs/f.1");
    fs.fail("EMFILE", "open");
    sink.reopen();
    emit("cc");
    expect(fs.text("/logs/f.1")).toBe("aa\nbb\n");
    fs.heal();
    await clock.advance(1_000);
    expect(text()).toBe("cc\n");
  });

  test("a line begun in a file that is still the live one goes on", async () => {
    const { fs, sink, emit, clock, text } = setUp();
    refuseAfter(fs, 4, "ENOSPC");
    emit("aa", "bb");
    await clock.advance(0);
    sink.reopen();
    fs.heal();
    await clock.advance(1_000);
    expect(text()).toBe("aa\nbb\n");
  });

  test("lines that wait are tried at once", async () => {
    const { fs, sink, emit, clock, text } = setUp();
    fs.fail("ENOSPC", "write");
    emit("a");
    await clock.advance(0);
    fs.fault = (operation) =>
      operation === "write" && text() !== undefined && fs.count("open") === 1 ? "ENOSPC" : undefined;
    sink.reopen();
    expect(text()).toBe("a\n");
  });

  test("asked for from within a write it happens right after", () => {
    const { fs, sink, emit, context, text } = setUp({ sync: true });
    const inner = context.onDelivered.bind(context);
    context.onDelivered = (count) => {
      inner(count);
      if (fs.text("/logs/f.1") !== undefined) return;
      fs.rename("/logs/f", "/logs/f.1");
      sink.reopen();
    };
    emit("a", "b");
    expect([fs.text("/logs/f.1"), text()]).toEqual(["a\n", "b\n"]);
    expect([fs.count("open"), context.errors]).toEqual([2, []]);
  });

  test("a sink without a file and without records recovers after a failed reopen", async () => {
    const fs = new FakeFileSystem();
    fs.fail("EACCES", "open");
    const clock = new ManualClock();
    const context = new RecordingContext(clock);
    const sink = new FileSink("/logs/f", { onOpenError: "retry" }, { fs });
    sink.attach(context);
    sink.reopen();
    expect(context.errors.map((error) => error.type)).toEqual(["EACCES"]);
    await clock.advance(5_000);
    fs.heal();
    sink.emitLine(9, encode("a"));
    await clock.advance(1_000);
    expect(fs.text("/logs/f")).toBe("a\n");
  });
});
