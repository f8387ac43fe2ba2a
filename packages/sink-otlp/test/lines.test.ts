import type { LogRecord } from "@dagstack/logger-core";
import { testRecord } from "@dagstack/logger-core/testing";
import { toOtlpProtobuf } from "@dagstack/logger-core/wire";
import { describe, expect, it } from "vitest";
import { OTLPSink } from "../src/index.ts";
import { answer, type ManualRig, manualRig, numbered, numbersOf, recordsOf, upTo } from "./rig.ts";

/** Emits as the logger does where it encodes: counted first, the bytes gone after the call. */
function emitLines({ sink, context }: ManualRig, records: readonly LogRecord[]): void {
  for (const record of records) {
    const line = toOtlpProtobuf([record]).slice();
    context.ledger.accept();
    sink.emitLine(record.severityNumber, line);
    line.fill(0);
  }
}

const numberedUpTo = (count: number, first = 0): LogRecord[] => upTo(count).map((n) => numbered(first + n));

describe("encoded records (§7.1, design §3)", () => {
  it("are asked for with both protocols, and not with an exporter", () => {
    const exporter = { export: () => {}, shutdown: async () => {} };
    expect(new OTLPSink().lineFormat).toBe("otlp_protobuf");
    expect(new OTLPSink({ protocol: "http/json" }).lineFormat).toBe("otlp_protobuf");
    expect(new OTLPSink({ exporter }).lineFormat).toBeUndefined();
  });

  it("go out in order beside records that were emitted as objects, in the bytes that all of them have", async () => {
    const rig = manualRig(() => answer(200));
    const records = numberedUpTo(6).map((record) => ({ ...record, observedTimeUnixNano: 5n }));
    emitLines(rig, records.slice(0, 2));
    rig.emit(...records.slice(2, 4));
    emitLines(rig, records.slice(4));
    await rig.advance(2_000);
    expect(rig.requests.map(({ body }) => Buffer.from(body))).toEqual([Buffer.from(toOtlpProtobuf(records))]);
    expect(rig.context.ledger.snapshot()).toEqual({ accepted: 6, delivered: 6, pending: 0, dropped: {} });
  });

  it("S2: below the threshold nothing happens at all", () => {
    const rig = manualRig(() => answer(200), { minSeverity: "warn" });
    rig.sink.emitLine(12, toOtlpProtobuf([testRecord({ severityNumber: 12 })]));
    expect(rig.clock.pendingTimers).toBe(0);
  });

  it("S4: after close they are counted as closed", async () => {
    const rig = manualRig(() => answer(200));
    await rig.sink.close(0);
    emitLines(rig, numberedUpTo(2));
    expect(rig.context.ledger.snapshot()).toMatchObject({ pending: 0, dropped: { closed: 2 } });
  });

  it("OTEL_SDK_DISABLED: nothing is taken", async () => {
    process.env.OTEL_SDK_DISABLED = "true";
    try {
      const rig = manualRig(() => answer(200));
      rig.sink.emitLine(9, toOtlpProtobuf([numbered(0)]));
      await rig.advance(2_000);
      expect(rig.requests).toHaveLength(0);
    } finally {
      delete process.env.OTEL_SDK_DISABLED;
    }
  });

  it("a full queue drops the oldest, counted exactly", async () => {
    const rig = manualRig(() => answer(200), { queueSize: 100 });
    emitLines(rig, numberedUpTo(1_000));
    await rig.advance(2_000);
    expect(numbersOf(recordsOf(rig.requests))).toEqual(upTo(100).map((n) => 900 + n));
    expect(rig.context.ledger.snapshot()).toMatchObject({
      delivered: 100,
      pending: 0,
      dropped: { buffer_overflow: 900 },
    });
  });

  it("413 splits the batch, and every record arrives once and in order", async () => {
    const rig = manualRig(({ body }) => answer(body.length > 500 ? 413 : 200));
    emitLines(rig, numberedUpTo(50));
    await rig.advance(2_000);
    const taken = rig.requests.filter(({ body }) => body.length <= 500);
    expect(taken.length).toBeLessThan(rig.requests.length);
    expect(numbersOf(recordsOf(taken))).toEqual(upTo(50));
    expect(rig.context.ledger.delivered).toBe(50);
  });

  it("a failed request is sent again, byte for byte", async () => {
    const rig = manualRig(({ atMs }) => answer(atMs < 2_500 ? 503 : 200));
    emitLines(rig, numberedUpTo(20));
    await rig.advance(1_000);
    emitLines(rig, numberedUpTo(5_000, 20)); // whatever is packed meanwhile
    await rig.advance(60_000);
    const [first, second] = rig.requests;
    expect(Buffer.from(second?.body ?? []).equals(Buffer.from(first?.body ?? []))).toBe(true);
    const accepted = rig.requests.filter(({ atMs }) => atMs >= 2_500);
    expect(numbersOf(recordsOf(accepted))).toEqual(upTo(5_020));
  });

  it("bytes that are no record are one loss, and the others go out", async () => {
    const rig = manualRig(() => answer(200));
    emitLines(rig, numberedUpTo(1));
    rig.context.ledger.accept();
    rig.sink.emitLine(9, Uint8Array.of(1, 2, 3));
    emitLines(rig, numberedUpTo(1, 1));
    await rig.advance(2_000);
    expect(numbersOf(recordsOf(rig.requests))).toEqual([0, 1]);
    expect(rig.context.ledger.snapshot()).toMatchObject({ delivered: 2, pending: 0, dropped: { sink_error: 1 } });
  });

  it("an object that is no built record is one loss as well", async () => {
    const rig = manualRig(() => answer(200));
    rig.emit(numbered(0), numbered(1, { bad: (() => 1) as unknown as string }), numbered(2));
    await rig.advance(2_000);
    expect(numbersOf(recordsOf(rig.requests))).toEqual([0, 2]);
    expect(rig.context.ledger.snapshot()).toMatchObject({ delivered: 2, pending: 0, dropped: { sink_error: 1 } });
  });
});
