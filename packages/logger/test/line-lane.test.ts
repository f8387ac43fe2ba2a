import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LineFormat, LogRecord } from "@dagstack/logger-core";
import { ManualClock } from "@dagstack/logger-core/testing";
import { toDagstackJsonl, toOtlpJson } from "@dagstack/logger-core/wire";
import { ConsoleSink } from "@dagstack/sink-console";
import { FileSink } from "@dagstack/sink-file";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { configure, Logger, type Sink } from "../src/index.ts";
import { configureWithDiagnostics, LineProbe, ProbeSink, resetAfterEach } from "./probe-sinks.ts";

/** Keeps what is written. */
class TextStream {
  text = "";

  write(chunk: Uint8Array | string, callback?: () => void): boolean {
    this.text += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8");
    callback?.();
    return true;
  }
}

/** The same sink as the logger sees it when it takes records only. */
function recordsOnly(sink: Sink): Sink {
  return {
    id: `${sink.id} by record`,
    emit: (record) => sink.emit(record),
    flush: (timeoutMs) => sink.flush(timeoutMs),
    close: () => sink.close(),
    supportsSeverity: (severity) => sink.supportsSeverity(severity),
    ...(sink.attach === undefined ? {} : { attach: (context) => sink.attach?.(context) }),
  };
}

/** Values that fight back; made anew for each use, since some change when they are read. */
const hostileValues: readonly (() => unknown)[] = [
  () => Number.NaN,
  () => -0,
  () => 2 ** 64,
  () => 10n ** 30n,
  () => "\ud800 lone \udfff",
  () => '\u2028\u202e\u0000\u001b[31m"\\/',
  () => Symbol("s"),
  () => () => undefined,
  () => new Error("boom", { cause: new TypeError("inner") }),
  () => new Date(Number.NaN),
  () =>
    new Map<unknown, unknown>([
      [{}, 1],
      ["api_key", "s3cret"],
    ]),
  () => new Set([1, new Set([2])]),
  () => new Uint8Array([0, 255]),
  () => ({
    get bad(): never {
      throw new Error("getter");
    },
  }),
  () => ({
    toJSON(): never {
      throw new Error("toJSON");
    },
  }),
  () => {
    const cycle: Record<string, unknown> = { n: 1 };
    cycle.self = cycle;
    return cycle;
  },
  () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  },
  () => JSON.parse('{"__proto__":{"x":1},"constructor":2}') as unknown,
  () => Object.create(null, { user_password: { value: "s3cret", enumerable: true } }) as unknown,
];

const anyValue = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .anything({
        withBigInt: true,
        withDate: true,
        withMap: true,
        withSet: true,
        withTypedArray: true,
        withNullPrototype: true,
        withSparseArray: true,
        withBoxedValues: true,
      })
      .map((value) => () => value),
  },
  { weight: 2, arbitrary: fc.constantFrom(...hostileValues) },
  { weight: 1, arbitrary: fc.string({ unit: "binary" }).map((text) => () => text) },
);
const anyKey = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("api_key", "a.b", "__proto__", "\ud800"));
const anyAttributes = fc.array(fc.tuple(anyKey, anyValue), { maxLength: 6 });

function attributesOf(entries: readonly (readonly [string, () => unknown])[]): object {
  const attributes = {};
  for (const [key, value] of entries) {
    Object.defineProperty(attributes, key, { value: value(), enumerable: true, configurable: true, writable: true });
  }
  return attributes;
}

const encoders: { readonly [F in LineFormat]: (record: LogRecord) => string } = {
  dagstack: toDagstackJsonl,
  otlp_json: (record) => toOtlpJson([record]),
};

describe.each(["dagstack", "otlp_json"] as const)("line lane, %s", (format) => {
  resetAfterEach();

  it("design §3: any value gives the bytes that the same sink writes from the record", () => {
    fc.assert(
      fc.property(
        anyValue,
        anyAttributes,
        anyAttributes,
        fc.integer({ min: 1, max: 24 }),
        (body, bound, call, severity) => {
          const byLine = new TextStream();
          const byRecord = new TextStream();
          const lineSink = new ConsoleSink({ id: "line", mode: "json", format, stream: byLine });
          const recordSink = new ConsoleSink({ id: "record", mode: "json", format, stream: byRecord });
          const probe = new LineProbe("probe", format);
          const records = new ProbeSink("records");
          configureWithDiagnostics({
            level: 1,
            redaction: { preset: "strict" },
            clock: new ManualClock(),
            sinks: [records, lineSink, recordsOnly(recordSink), probe],
          });
          Logger.get("lane", "1.0", { scope: true })
            .with(attributesOf(bound))
            .log(severity, body(), attributesOf(call));
          lineSink.flushSync();
          recordSink.flushSync();
          const [record] = records.records;
          const expected = encoders[format]({
            ...(record as LogRecord),
            observedTimeUnixNano: new ManualClock().now(),
          });
          expect(probe.lines).toEqual([expected]);
          expect(byLine.text).toBe(`${expected}\n`);
          expect(byRecord.text).toBe(`${expected}\n`);
          expect(() => JSON.parse(expected)).not.toThrow();
          expect(expected).not.toContain("s3cret");
          Logger.reset();
        },
      ),
      { numRuns: 250 },
    );
  });

  it("FileSink writes the same bytes through either lane", async () => {
    const directory = mkdtempSync(join(tmpdir(), "line-lane-"));
    try {
      const [line, record] = ["line", "record"].map((name) => new FileSink(join(directory, name), { format }));
      configureWithDiagnostics({
        clock: new ManualClock(),
        sinks: [line as FileSink, recordsOnly(record as FileSink)],
      });
      for (const value of hostileValues) Logger.get("lane").info(value(), { value: value() });
      for (const sink of [line, record]) sink?.flushSync();
      const [lineText, recordText] = ["line", "record"].map((name) => readFileSync(join(directory, name), "utf8"));
      expect(lineText).toBe(recordText);
      expect(lineText?.split("\n")).toHaveLength(hostileValues.length + 1);
      await Promise.all([line?.close(0), record?.close(0)]);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it("D-14: the line has its observed time set, from the logger's clock", async () => {
    const clock = new ManualClock();
    const sink = new LineProbe("probe", format);
    configure({ sinks: [sink], clock });
    await clock.advance(5);
    Logger.get("a").info("x");
    expect(sink.lines[0]).toContain(String(clock.now()));
    expect(sink.lines[0]).toMatch(/observed_?time_?unix_?nano/i);
  });
});

describe("line lane", () => {
  resetAfterEach();

  it("each format is encoded once per record, however many sinks take it", () => {
    const seen: Uint8Array[] = [];
    const take = (id: string, format: LineFormat): LineProbe => {
      const sink = new LineProbe(id, format);
      sink.emitLine = (_severity, line) => seen.push(line);
      return sink;
    };
    configure({
      sinks: [take("1", "dagstack"), take("2", "otlp_json"), take("3", "dagstack"), take("4", "otlp_json")],
    });
    Logger.get("a").info("x");
    expect(new Set(seen).size).toBe(2);
    expect([seen[0] === seen[2], seen[1] === seen[3]]).toEqual([true, true]);
  });

  it("a sink with a line format gets lines only, with the severity of the record", () => {
    const sink = new LineProbe();
    const severities: number[] = [];
    const take = sink.emitLine.bind(sink);
    sink.emitLine = (severity, line) => {
      severities.push(severity);
      take(severity, line);
    };
    configure({ sinks: [sink] });
    Logger.get("a").log(14, "x");
    expect([sink.calls, severities]).toEqual([["emitLine"], [14]]);
  });

  it.each([
    ["an unknown format", "msgpack"],
    ["no format", null],
  ])("a sink with %s gets records", (_, lineFormat) => {
    const sink = new LineProbe("probe", lineFormat as unknown as LineFormat);
    configure({ sinks: [sink] });
    Logger.get("a").info("x");
    expect(sink.calls).toEqual(["emit"]);
  });

  it("a sink with a line format but without emitLine gets records", () => {
    const sink = Object.assign(new ProbeSink(), { lineFormat: "dagstack" as const });
    configure({ sinks: [sink] });
    Logger.get("a").info("x");
    expect(sink.bodies).toEqual(["x"]);
  });

  it("§12: lines are accounted for like records", () => {
    const sink = new LineProbe();
    configure({ sinks: [sink] });
    Logger.get("a").info("x");
    expect(Logger.metrics.ledger("lines")).toEqual({ accepted: 1, delivered: 1, pending: 0, dropped: {} });
  });

  it("D-63: a getter and a sink that log while a line is encoded or handed over get lines of their own", () => {
    const first = new LineProbe("first");
    const second = new LineProbe("second");
    const other = new LineProbe("other");
    configure({ sinks: [first, second], loggers: { other: { sinks: [other] } } });
    const take = first.emitLine.bind(first);
    first.emitLine = (severity, line) => {
      Logger.get("other").info("from the sink", { deep: { list: [1, 2, 3] }, long: "y".repeat(100) });
      take(severity, line);
    };
    const attributes = {
      get a(): string {
        Logger.get("other").info("from the getter", { b: 1, c: { d: 2 } });
        return "read";
      },
      z: { last: true },
    };
    for (let count = 0; count < 3; count++) Logger.get("a").info("outer", attributes);
    const bodies = (probe: LineProbe): unknown[] =>
      probe.lines.map((line) => {
        const { body, attributes: parsed } = JSON.parse(line) as { body: string; attributes: unknown };
        return [body, parsed];
      });
    const outer = ["outer", { a: "read", z: { last: true } }];
    expect(bodies(first)).toEqual([outer, outer, outer]);
    expect(bodies(second)).toEqual([outer, outer, outer]);
    const caused = [
      ["from the getter", { b: 1, c: { d: 2 } }],
      ["from the sink", { deep: { list: [1, 2, 3] }, long: "y".repeat(100) }],
    ];
    expect(bodies(other)).toEqual([...caused, ...caused, ...caused]);
  });

  it("§1.4: a getter runs once, whichever lanes the sinks of a call are on", () => {
    let reads = 0;
    const attributes = {
      get a(): number {
        reads += 1;
        return reads;
      },
    };
    const record = new ProbeSink("record");
    const line = new LineProbe("line");
    const scoped = new LineProbe("scoped");
    for (const [sinks, expected] of [
      [[line, new LineProbe("otlp", "otlp_json")], 1],
      [[line, record], 2],
      [[line], 3],
    ] as const) {
      configure({ sinks });
      Logger.get("a").appendSinks([scoped]).info("x", attributes);
      expect(reads).toBe(expected);
      expect(scoped.lines.at(-1)).toContain(`"attributes":{"a":${expected}}`);
    }
    expect(record.attributes).toEqual({ a: 2 });
  });

  it("a line that cannot be made is counted, and the next one is made", () => {
    const sink = new LineProbe();
    configure({ sinks: [sink], resource: { "service.name": "a" } });
    const broken = { now: 0 };
    const clock = new ManualClock();
    configureWithDiagnostics({
      sinks: [sink],
      clock: Object.assign(Object.create(clock) as ManualClock, {
        now: () => {
          broken.now += 1;
          if (broken.now === 2) throw new Error("no time");
          return clock.now();
        },
        monotonicMs: () => 0,
      }),
    });
    Logger.get("a").info("lost");
    Logger.get("a").info("kept");
    expect(sink.lines.map((line) => (JSON.parse(line) as { body: string }).body)).toEqual(["kept"]);
    expect(Logger.metrics.droppedTotal("*")).toBe(1);
  });
});
