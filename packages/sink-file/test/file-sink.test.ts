import { FLUSH_SUCCEEDED, missingSinkMembers } from "@dagstack/logger-core";
import { ManualClock, RecordingContext, testRecord } from "@dagstack/logger-core/testing";
import { toDagstackJsonl, toOtlpJson } from "@dagstack/logger-core/wire";
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

describe("emit (§7.1)", () => {
  test("S1: a record is one dagstack JSON line with its observed time (S11, D-14), at the next turn of the event loop", async () => {
    const { sink, clock, text } = setUp();
    const record = testRecord({ body: "héllo" });
    sink.emit(record);
    expect(text()).toBe("");
    await clock.advance(0);
    expect(text()).toBe(`${toDagstackJsonl({ ...record, observedTimeUnixNano: clock.now() })}\n`);
  });

  test("S10: the shared record is not changed", async () => {
    const { sink } = setUp({ sync: true });
    const record = testRecord();
    sink.emit(record);
    expect(record.observedTimeUnixNano).toBeNull();
  });

  test("an observed time that is there already stays (D-14)", () => {
    const { sink, text } = setUp({ sync: true });
    sink.emit(testRecord({ observedTimeUnixNano: 5n }));
    expect(text()).toContain('"observed_time_unix_nano":5,');
  });

  test("format otlp_json writes one envelope per line (D-11)", () => {
    const { sink, text } = setUp({ sync: true, format: "otlp_json" });
    const record = testRecord({ observedTimeUnixNano: 5n });
    sink.emit(record);
    sink.emit(record);
    expect(text()).toBe(`${toOtlpJson([record])}\n${toOtlpJson([record])}\n`);
    expect(sink.lineFormat).toBe("otlp_json");
  });

  test("both lanes write the same bytes (design §3)", () => {
    const record = testRecord({ observedTimeUnixNano: 5n, attributes: { "user.name": "Zoë 😀", n: 1 } });
    const records = setUp({ sync: true });
    records.sink.emit(record);
    const lines = setUp({ sync: true });
    lines.emit(toDagstackJsonl(record));
    expect(lines.text()).toBe(records.text());
  });

  test("S2: below minSeverity nothing at all happens (D-58)", async () => {
    const { fs, sink, clock, context } = setUp({ minSeverity: "warn" });
    const calls = fs.calls.length;
    sink.emit(testRecord({ severityNumber: 12 }));
    sink.emitLine(12, encode("x"));
    await clock.advance(1_000);
    expect([fs.calls.length, clock.pendingTimers, context.ledger.snapshot().dropped]).toEqual([calls, 0, {}]);
    expect([sink.supportsSeverity(12), sink.supportsSeverity(13)]).toEqual([false, true]);
  });

  test("minSeverity itself is taken", () => {
    const { sink, text } = setUp({ minSeverity: "warn", sync: true });
    sink.emitLine(13, encode("x"));
    sink.emit(testRecord({ severityNumber: 13 }));
    expect(text()?.split("\n")).toHaveLength(3);
  });

  test("a record that cannot be encoded is counted as sink_error and reported, and nothing is thrown (§3.6)", async () => {
    const { sink, context, text } = setUp({ sync: true });
    context.ledger.accept();
    sink.emit(testRecord({ body: Number.NaN }));
    expect(context.ledger.snapshot()).toEqual({ accepted: 1, delivered: 0, pending: 0, dropped: { sink_error: 1 } });
    expect(context.errors).toHaveLength(1);
    expect(text()).toBe("");
    expect((await sink.flush()).failedSinks).toEqual([{ sinkId: sink.id, error: "1 record dropped: sink_error" }]);
  });

  test("a line that there is no memory for is counted as sink_error and reported, and the next one is written", () => {
    const { sink, context, emit, text } = setUp({ sync: true });
    context.ledger.accept();
    sink.emitLine(9, { length: 2 ** 60 } as unknown as Uint8Array);
    expect(context.ledger.snapshot()).toEqual({ accepted: 1, delivered: 0, pending: 0, dropped: { sink_error: 1 } });
    expect(context.errors.map((error) => error.type)).toEqual(["RangeError"]);
    emit("next");
    expect(text()).toBe("next\n");
  });

  test("S12: a record that reaches the sink while it takes one in is dropped as sink_error and reported once (D-63)", () => {
    const { context, emit, text } = setUp({ sync: true });
    const inner = context.onDelivered.bind(context);
    context.onDelivered = (count) => {
      inner(count);
      emit("caused by it", "and another");
    };
    emit("first");
    expect(text()).toBe("first\n");
    expect(context.ledger.snapshot()).toEqual({ accepted: 3, delivered: 1, pending: 0, dropped: { sink_error: 2 } });
    expect(context.errors.map((error) => error.type)).toEqual(["reentrancy"]);
  });

  test("so it is on the record lane", () => {
    const { sink, context, emit, text } = setUp({ sync: true });
    const inner = context.onDelivered.bind(context);
    context.onDelivered = (count) => {
      inner(count);
      emit("caused by it");
    };
    context.ledger.accept();
    sink.emit(testRecord());
    expect(text()?.split("\n")).toHaveLength(2);
    expect(context.ledger.dropped("sink_error")).toBe(1);
  });

  test("a context that throws does not reach the caller", () => {
    const { sink, context, text } = setUp({ sync: true });
    context.onDelivered = () => {
      throw new Error("broken");
    };
    expect(() => sink.emitLine(9, encode("x"))).not.toThrow();
    expect(text()).toBe("x\n");
  });
});

describe("buffering (design §5)", () => {
  test("one write per turn of the event loop", async () => {
    const { fs, emit, clock, text } = setUp();
    emit("a", "b", "c");
    expect(fs.count("write")).toBe(0);
    await clock.advance(0);
    expect([fs.count("write"), text()]).toEqual([1, "a\nb\nc\n"]);
  });

  test("a full buffer is written at once", () => {
    const { fs, emit, text } = setUp({ bufferBytes: 8 });
    emit("aaa", "bbb");
    expect(fs.count("write")).toBe(0);
    emit("ccc");
    expect(text()).toBe("aaa\nbbb\n");
  });

  test("a line larger than the buffer goes straight through, behind the buffered ones", () => {
    const { emit, text } = setUp({ bufferBytes: 8 });
    emit("aaa", "0123456789", "exactly8");
    expect(text()).toBe("aaa\n0123456789\nexactly8\n");
  });

  test("the buffer takes part again after a large line", async () => {
    const { fs, emit, clock, text } = setUp({ bufferBytes: 8 });
    emit("0123456789", "b", "c");
    await clock.advance(0);
    expect([fs.count("write"), text()]).toEqual([2, "0123456789\nb\nc\n"]);
  });

  test("a line larger than maxBufferBytes is not lost while the file can be written", () => {
    const { emit, text, context } = setUp({ bufferBytes: 8, maxBufferBytes: 8 });
    emit("0123456789");
    expect([text(), context.ledger.pending]).toEqual(["0123456789\n", 0]);
  });

  test("sync: each record is written before emit returns", () => {
    const { fs, emit, text, clock } = setUp({ sync: true });
    emit("a");
    expect(text()).toBe("a\n");
    emit("b");
    expect([text(), fs.count("write"), clock.pendingTimers]).toEqual(["a\nb\n", 2, 0]);
  });

  test("short writes are continued", async () => {
    const { fs, emit, clock, text, context } = setUp();
    fs.fault = (operation) => (operation === "write" ? 3 : undefined);
    emit("hello", "world");
    await clock.advance(0);
    expect([text(), context.ledger.delivered, fs.count("write")]).toEqual(["hello\nworld\n", 2, 4]);
  });

  test("delivered is reported when a line's last byte is written", async () => {
    const { fs, emit, clock, context } = setUp();
    let writes = 0;
    fs.fault = (operation) => (operation === "write" ? (writes++ === 0 ? 5 : "EAGAIN") : undefined);
    emit("aa", "bb");
    await clock.advance(0);
    expect([context.ledger.delivered, context.ledger.pending]).toEqual([1, 1]);
  });

  test("S13: an idle sink has no timer", async () => {
    const { emit, clock } = setUp();
    emit("a");
    await clock.advance(0);
    expect(clock.pendingTimers).toBe(0);
  });

  test("an injected clock wins over the context's", async () => {
    const own = new ManualClock();
    const other = new ManualClock();
    const fs = new FakeFileSystem();
    const sink = new FileSink("/logs/f", {}, { fs, clock: own });
    sink.attach(new RecordingContext(other));
    sink.emitLine(9, encode("x"));
    expect([own.pendingTimers, other.pendingTimers]).toEqual([1, 0]);
  });
});

describe("flush (§7.1, D-51 to D-53)", () => {
  test("writes what is waiting and succeeds", async () => {
    const { sink, emit, text } = setUp();
    emit("a", "b");
    expect(await sink.flush()).toEqual(FLUSH_SUCCEEDED);
    expect(text()).toBe("a\nb\n");
  });

  test("fsync is for flush: never does not, flush does once per flush, always after each write", async () => {
    for (const [fsync, expected] of [
      ["never", 0],
      ["flush", 1],
      ["always", 2],
    ] as const) {
      const { fs, sink, emit } = setUp({ fsync, sync: true });
      emit("a", "b");
      await sink.flush();
      await sink.flush();
      expect(fs.count("fsync")).toBe(expected);
    }
  });

  test.each(["flush", "always"] as const)(
    "an fsync failure makes that flush fail, not the next one (%s)",
    async (fsync) => {
      const { fs, sink, emit, context } = setUp({ fsync, sync: true });
      fs.fail("EIO", "fsync");
      emit("a");
      expect(await sink.flush()).toEqual({
        success: false,
        partial: true,
        failedSinks: [{ sinkId: sink.id, error: "fsync failed: EIO" }],
        droppedCount: 0,
      });
      expect(context.errors.map((error) => error.type)).toEqual(["EIO"]);
      fs.heal();
      expect(await sink.flush()).toEqual(FLUSH_SUCCEEDED);
    },
  );

  test("a file that is set aside is forced to the disk first", async () => {
    const { fs, emit } = setUp({ fsync: "flush", sync: true, rotation: { size: 2, keep: 1 } });
    emit("a", "b");
    const aside = fs.calls.slice(fs.calls.indexOf("rename /logs/f /logs/f.1"));
    expect(aside.indexOf("fsync")).toBeGreaterThan(0);
    expect(aside.indexOf("fsync")).toBeLessThan(aside.findIndex((call) => call.startsWith("close")));
  });

  test("flushSync writes and syncs before it returns", () => {
    const { fs, sink, emit, text } = setUp({ fsync: "flush" });
    emit("a");
    sink.flushSync();
    expect([text(), fs.count("fsync")]).toEqual(["a\n", 1]);
  });

  test("counts are kept without a context", async () => {
    const fs = new FakeFileSystem();
    const sink = new FileSink("/logs/f", {}, { fs, clock: new ManualClock() });
    sink.emitLine(9, encode("x"));
    await sink.close();
    sink.emitLine(9, encode("y"));
    expect((await sink.flush()).failedSinks[0]?.error).toBe("1 record dropped: closed");
  });

  test("a context hears nothing of the records from before it was attached", async () => {
    const fs = new FakeFileSystem();
    const sink = new FileSink("/logs/f", {}, { fs, clock: new ManualClock() });
    sink.emitLine(9, encode("before"));
    const context = new RecordingContext();
    sink.attach(context);
    context.ledger.accept();
    sink.emitLine(9, encode("after"));
    await sink.flush();
    expect(context.ledger.snapshot()).toEqual({ accepted: 1, delivered: 1, pending: 0, dropped: {} });
  });
});

describe("close (§7.1)", () => {
  test("S8: accepted records are written, then the descriptor is released", async () => {
    const { fs, sink, emit, text } = setUp();
    emit("a");
    await sink.close();
    expect([text(), fs.openCount]).toEqual(["a\n", 0]);
  });

  test("with a file that can be written it is over before close returns: the process may end right after", () => {
    const { fs, sink, emit, text } = setUp();
    emit("a");
    void sink.close();
    expect([text(), fs.openCount]).toEqual(["a\n", 0]);
  });

  test("S3: later calls return the first promise and do nothing", async () => {
    const { fs, sink } = setUp();
    const first = sink.close();
    expect(sink.close(1)).toBe(first);
    await first;
    expect(sink.close()).toBe(first);
    expect(fs.count("close")).toBe(1);
  });

  test("S4: emit after close writes nothing and is counted as closed", async () => {
    const { fs, sink, emit, context, clock } = setUp({ sync: true });
    await sink.close();
    const calls = fs.calls.length;
    emit("a");
    context.ledger.accept();
    sink.emit(testRecord());
    sink.reopen();
    sink.flushSync();
    await clock.advance(10_000);
    expect(fs.calls.length).toBe(calls);
    expect(context.ledger.snapshot()).toEqual({ accepted: 2, delivered: 0, pending: 0, dropped: { closed: 2 } });
  });

  test("fsync is done on close when it is not never", async () => {
    const { fs, sink, emit } = setUp({ fsync: "flush" });
    emit("a");
    await sink.close();
    expect(fs.calls.slice(-2)).toEqual(["fsync", "close 1"]);
  });

  test("S13: a closed sink has no timer", async () => {
    const { sink, emit, clock } = setUp();
    emit("a");
    await sink.close();
    expect(clock.pendingTimers).toBe(0);
  });
});

describe("identity (S6, D-50)", () => {
  test("it is a sink", () => {
    expect(missingSinkMembers(setUp().sink)).toEqual([]);
  });

  test("the id is the file URL of the absolute path", () => {
    const fs = new FakeFileSystem();
    const sink = new FileSink("/logs/x/../a b.jsonl", {}, { fs });
    expect([sink.id, sink.path]).toEqual(["file:///logs/a%20b.jsonl", "/logs/a b.jsonl"]);
  });

  test("configuration may set it", () => {
    expect(setUp({ id: "audit" }).sink.id).toBe("audit");
  });
});
