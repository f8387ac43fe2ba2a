import type { EncodedFormat, LogRecord } from "@dagstack/logger-core";
import { ManualClock, testRecord } from "@dagstack/logger-core/testing";
import { toOtlpProtobuf } from "@dagstack/logger-core/wire";
import { describe, expect, it } from "vitest";
import { configure, Logger } from "../src/index.ts";
import { fanOut } from "../src/record/fan-out.ts";
import { createLineLane } from "../src/record/line-lane-web.ts";
import { SinkCounters, SinkPort } from "../src/sinks/index.ts";
import { LineProbe, ProbeSink, resetAfterEach } from "./probe-sinks.ts";

const OBSERVED = new ManualClock().now();

/** Keeps copies of what it is given. */
class BytesProbe extends ProbeSink {
  readonly lineFormat: EncodedFormat = "otlp_protobuf";
  readonly requests: string[] = [];

  emitLine(_severityNumber: number, line: Uint8Array): void {
    this.calls.push("emitLine");
    this.requests.push(Buffer.from(line).toString("hex"));
  }
}

function requestOf(record: LogRecord | undefined): string {
  if (record === undefined) throw new Error("there is a record");
  return Buffer.from(toOtlpProtobuf([{ ...record, observedTimeUnixNano: OBSERVED }])).toString("hex");
}

/** The record of a call, from a logger that has record sinks only. */
function recordOf(call: () => void, clock: ManualClock = new ManualClock()): LogRecord | undefined {
  const records = new ProbeSink("records");
  configure({ sinks: [records], clock, resource: { "service.name": "shop" } });
  call();
  Logger.reset();
  return records.records[0];
}

describe("otlp_protobuf (§1.7, design §3)", () => {
  resetAfterEach();

  it("bytes straight from values are those of the record, and those beside a record sink too", () => {
    const call = (): void =>
      Logger.get("a", "1.0")
        .with({ bound: 1, user_password: "s3cret" })
        .warn("x", { nested: { list: [1, 2.5, null], api_key: "s3cret" }, when: new Date(0), big: 2n ** 62n });
    const expected = requestOf(recordOf(call));
    for (const others of [[], [new BytesProbe("second")], [new ProbeSink("record")], [new LineProbe("line")]]) {
      const probe = new BytesProbe("probe");
      configure({ sinks: [...others, probe], clock: new ManualClock(), resource: { "service.name": "shop" } });
      for (let round = 0; round < 3; round++) call();
      expect(probe.calls).toEqual(["emitLine", "emitLine", "emitLine"]);
      expect(probe.requests[0]).toBe(expected);
      Logger.reset();
    }
  });

  it("beside lines of text each sink gets its own format, and a getter runs once", () => {
    const expected = requestOf(recordOf(() => Logger.get("a").info("x", { a: 1 })));
    let reads = 0;
    const bytes = new BytesProbe("bytes");
    const text = new LineProbe("text");
    configure({ sinks: [bytes, text], clock: new ManualClock(), resource: { "service.name": "shop" } });
    Logger.get("a").info("x", {
      get a(): number {
        reads += 1;
        return reads;
      },
    });
    expect(text.lines.map((line) => (JSON.parse(line) as LogRecord).attributes)).toEqual([{ a: 1 }]);
    expect(bytes.requests).toEqual([expected]);
  });

  it("D-63: a getter and a sink that log meanwhile get records of their own", () => {
    const outer = new BytesProbe("outer");
    const other = new BytesProbe("other");
    configure({ sinks: [outer], loggers: { other: { sinks: [other] } }, clock: new ManualClock() });
    const take = outer.emitLine.bind(outer);
    outer.emitLine = (severity, line) => {
      Logger.get("other").info("from the sink", { long: "y".repeat(300) });
      take(severity, line);
    };
    const call = (): void =>
      Logger.get("a").info("outer", {
        get a(): string {
          Logger.get("other").info("from the getter", { b: { c: 1 } });
          return "read";
        },
        z: { last: true },
      });
    for (let round = 0; round < 3; round++) call();
    const text = (request: string | undefined): string => Buffer.from(request ?? "", "hex").toString("latin1");
    expect(outer.requests).toHaveLength(3);
    for (const request of outer.requests) expect(text(request)).toMatch(/outer.*read.*last/s);
    expect(other.requests).toHaveLength(6);
    for (const [index, request] of other.requests.entries()) {
      expect(text(request)).toContain(index % 2 === 0 ? "from the getter" : "from the sink");
    }
  });

  it("§12: they are accounted for like records", () => {
    configure({ sinks: [new BytesProbe("bytes")] });
    Logger.get("a").info("x");
    expect(Logger.metrics.ledger("bytes")).toEqual({ accepted: 1, delivered: 1, pending: 0, dropped: {} });
  });

  it("where there is no line lane, as in a browser, the sink gets records", () => {
    const probe = new BytesProbe("bytes");
    const clock = new ManualClock();
    const host = { clock, random: () => 0.5, report: () => {}, countersOf: () => new SinkCounters() };
    expect(createLineLane()).toBeNull();
    fanOut([new SinkPort(probe, host)], { severityNumber: 9, record: testRecord() }, clock, createLineLane());
    expect(probe.calls).toEqual(["emit"]);
  });
});
