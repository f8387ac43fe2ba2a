import { ConfigError, type Sink } from "@dagstack/logger-core";
import { testRecord } from "@dagstack/logger-core/testing";
import { formatPretty, toDagstackJsonl, toOtlpJson } from "@dagstack/logger-core/wire";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConsoleSink, type ConsoleSinkOptions } from "../src/index.ts";
import { attached, nodeStream } from "./set-up.ts";

/** What one record becomes on a stream. */
function written(
  options: ConsoleSinkOptions,
  isTTY: boolean,
  record = testRecord({ observedTimeUnixNano: 1n }),
): string {
  const { stream, text } = nodeStream({ isTTY });
  const { sink } = attached({ ...options, stream });
  sink.emit(record);
  sink.flushSync();
  return text();
}

const record = testRecord({ observedTimeUnixNano: 1n, severityNumber: 17, attributes: { a: 1 } });

describe("ConsoleSink: mode and format (§1.10, D-10)", () => {
  it.each<[ConsoleSinkOptions, boolean, string]>([
    [{}, false, toDagstackJsonl(record)],
    [{}, true, formatPretty(record, { color: true, width: 80, nameWidth: 12 })],
    [{ mode: "json" }, true, toDagstackJsonl(record)],
    [{ mode: "pretty" }, false, formatPretty(record, { date: true, nameWidth: 12 })],
    [{ format: "otlp_json" }, false, toOtlpJson([record])],
    [{ format: "otlp_json" }, true, formatPretty(record, { color: true, width: 80, nameWidth: 12 })],
    [{ format: "otlp_json", mode: "json" }, true, toOtlpJson([record])],
  ])("%o, terminal %s", (options, isTTY, expected) => {
    expect(written(options, isTTY, record)).toBe(`${expected}\n`);
  });

  it.each<[ConsoleSinkOptions, boolean, string | undefined]>([
    [{}, false, "dagstack"],
    [{ mode: "json" }, false, "dagstack"],
    [{ format: "otlp_json" }, false, "otlp_json"],
    [{ mode: "pretty" }, false, undefined],
    [{}, true, undefined],
    [{ mode: "json" }, true, undefined],
  ])("lineFormat for %o, terminal %s, is %s", (options, isTTY, expected) => {
    const { stream } = nodeStream({ isTTY });
    expect(new ConsoleSink({ ...options, stream }).lineFormat).toBe(expected);
  });

  it("writes to stderr of the process by default, to stdout when asked", () => {
    const [stderr, stdout] = [nodeStream(), nodeStream()];
    const process = { stderr: stderr.stream, stdout: stdout.stream };
    for (const options of [{}, { stream: "stdout" as const, id: "out" }]) {
      const { sink, emit } = attached(options, { process });
      emit(sink.id);
      sink.flushSync();
    }
    expect([stderr.bodies(), stdout.bodies()]).toEqual([["console:auto"], ["out"]]);
  });

  it.each(["dagstack", "otlp_json"] as const)("emitLine and emit give the same bytes (%s)", (format) => {
    const [lines, records] = [nodeStream(), nodeStream()];
    const bySink = attached({ format, stream: records.stream }).sink;
    const byLine = attached({ format, stream: lines.stream }).sink;
    bySink.emit(record);
    byLine.emitLine(
      17,
      new TextEncoder().encode(format === "dagstack" ? toDagstackJsonl(record) : toOtlpJson([record])),
    );
    for (const sink of [bySink, byLine]) sink.flushSync();
    expect(lines.text()).toBe(records.text());
  });

  it("copies the bytes of emitLine, which are the caller's again after the call", () => {
    const { stream, text } = nodeStream();
    const { sink } = attached({ stream });
    const line = new TextEncoder().encode('{"a":1}');
    sink.emitLine(9, line);
    line.fill(0);
    sink.flushSync();
    expect(text()).toBe('{"a":1}\n');
  });

  it("a line given to a sink that wants records comes out, made safe", () => {
    const { stream, text } = nodeStream({ isTTY: true });
    attached({ mode: "json", stream }).sink.emitLine(9, new TextEncoder().encode('{"a":"\u009b"}'));
    expect(text()).toBe('{"a":"\\u009b"}\n');
  });
});

describe("ConsoleSink: text that could drive the terminal or forge lines (§1.8, design §8 row 13)", () => {
  const hostile = "\u007f\u0085\u009b31m\u202e\u2066\u2028\u2029\u061c\ufeff";

  it("is escaped in JSON on a terminal, and the value stays the same", () => {
    const text = written({ mode: "json" }, true, testRecord({ body: hostile, observedTimeUnixNano: 1n }));
    expect(text).toMatch(/^[\x20-\x7e]+\n$/);
    expect(JSON.parse(text)).toMatchObject({ body: hostile });
  });

  it("is left as it is in JSON for programs", () => {
    expect(written({ mode: "json" }, false, testRecord({ body: hostile }))).toContain(hostile);
  });

  it("never reaches a terminal raw, whatever the text", () => {
    const any = fc.string({ unit: "binary" }).filter((text) => text.isWellFormed());
    fc.assert(
      fc.property(any, fc.constantFrom("pretty" as const, "json" as const), (body, mode) => {
        const text = written({ mode, color: "never" }, true, testRecord({ body, attributes: { [body]: body } }));
        const [, ...below] = text.slice(0, -1).split("\n");
        expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u2028\u2029\ufeff]/u);
        expect(below.filter((line) => !line.startsWith("    "))).toEqual([]);
        expect(text.endsWith("\n")).toBe(true);
      }),
    );
  });
});

describe("ConsoleSink.emit", () => {
  it("S2 ignores records below minSeverity without any side effect, after close and as lines too", async () => {
    const { stream, text } = nodeStream();
    const { sink, context, clock } = attached({ stream, minSeverity: "error" });
    sink.emit(testRecord({ severityNumber: 16 }));
    sink.emitLine(16, new Uint8Array(3));
    expect(clock.pendingTimers).toBe(0);
    await sink.close();
    sink.emit(testRecord({ severityNumber: 16 }));
    sink.emitLine(16, new Uint8Array(3));
    expect(text()).toBe("");
    expect(context.ledger.snapshot()).toEqual({ accepted: 0, delivered: 0, pending: 0, dropped: {} });
    expect(sink.supportsSeverity(16)).toBe(false);
  });

  it("S2 takes records at minSeverity", () => {
    const { stream, text } = nodeStream();
    const { sink } = attached({ stream, minSeverity: "error" });
    sink.emit(testRecord({ severityNumber: 17 }));
    sink.emitLine(17, new Uint8Array());
    sink.flushSync();
    expect(text().split("\n")).toHaveLength(3);
    expect(sink.supportsSeverity(17)).toBe(true);
  });

  it("S10 and S11 writes the time at which emit took the record and leaves the record alone (D-14)", async () => {
    const { stream, text } = nodeStream();
    const { sink, clock } = attached({ stream });
    const shared = testRecord();
    const observed = clock.now();
    sink.emit(shared);
    await clock.advance(10);
    expect(text()).toContain(`"observed_time_unix_nano":${observed},`);
    expect(shared.observedTimeUnixNano).toBeNull();
  });

  it("does not throw for a record that cannot be written; it counts a sink error", () => {
    const { stream, text } = nodeStream();
    const { sink, context, emit } = attached({ stream });
    emit(Symbol("no value"));
    context.ledger.accept();
    sink.emit(null as never);
    sink.flushSync();
    expect(context.ledger.snapshot()).toMatchObject({ pending: 0, dropped: { sink_error: 2 } });
    expect(context.errors).toHaveLength(2);
    expect(text()).toBe("");
  });

  it("passes masked attributes through unchanged (§10)", () => {
    expect(written({}, false, testRecord({ attributes: { api_key: "***" } }))).toContain('"api_key":"***"');
  });
});

describe("ConsoleSink: configuration", () => {
  it.each(["auto", "json", "pretty"] as const)("S6 is called console:%s (D-50)", (mode) => {
    expect(new ConsoleSink({ mode }).id).toBe(`console:${mode}`);
  });

  it("S6 takes an id", () => {
    const sink: Sink = new ConsoleSink({ id: "mine" });
    expect(sink.id).toBe("mine");
  });

  it.each([
    { mode: "xml" },
    { stream: "file" },
    { stream: 2 },
    { stream: null },
    { stream: {} },
    { format: "dagstack_jsonl" },
    { color: true },
    { maxBufferBytes: 0 },
    { maxBufferBytes: 1.5 },
    { minSeverity: "loud" },
    { id: "" },
    { colour: "never" },
    "options",
  ])("refuses %j (D-69)", (options) => {
    expect(() => new ConsoleSink(options as ConsoleSinkOptions)).toThrow(ConfigError);
  });

  it("refuses a stream whose write cannot be read", () => {
    const stream = {
      get write(): never {
        throw new Error("getter");
      },
    };
    expect(() => new ConsoleSink({ stream })).toThrow(ConfigError);
  });

  it("takes any object with a write method, and any Node stream", () => {
    const object: ConsoleSinkOptions["stream"] = { write: (_text: string): void => {} };
    for (const stream of [object, process.stderr, nodeStream().stream]) {
      expect(() => new ConsoleSink({ stream })).not.toThrow();
    }
  });
});
