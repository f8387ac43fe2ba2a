import { describe, expect, it } from "vitest";
import { BatchingSink } from "../../src/delivery/index.ts";
import { ManualClock, RecordingContext, ScriptedDelivery, testRecord } from "../../src/testing/index.ts";

function lineRig(transformLine: (line: Uint8Array) => string, minSeverity?: "warn") {
  const clock = new ManualClock();
  const context = new RecordingContext(clock, () => 0.5);
  const delivery = new ScriptedDelivery<string>();
  const sink = new BatchingSink<string>({
    id: "sink",
    deliver: delivery.deliver,
    lineFormat: "dagstack",
    transform: (record) => `record ${String(record.body)}`,
    transformLine,
    sizeOf: (item) => item.length,
    minSeverity,
  });
  sink.attach(context);
  const emitLine = (text: string): void => {
    context.ledger.accept();
    sink.emitLine(9, new TextEncoder().encode(text));
  };
  return { clock, context, delivery, sink, emitLine };
}

const decode = (line: Uint8Array): string => new TextDecoder().decode(line);

describe("BatchingSink, encoded records (§7.1)", () => {
  it("asks for the format of the option, and without one for records", () => {
    expect(lineRig(decode).sink.lineFormat).toBe("dagstack");
    expect(new BatchingSink({ id: "s", deliver: async () => {} }).lineFormat).toBeUndefined();
  });

  it("queues what transformLine makes of each, in order with records", async () => {
    const { clock, context, delivery, sink, emitLine } = lineRig(decode);
    emitLine("one");
    context.ledger.accept();
    sink.emit(testRecord({ body: "two" }));
    emitLine("three");
    await clock.advance(1_000);
    expect(delivery.delivered).toEqual(["one", "record two", "three"]);
    expect(context.ledger.snapshot()).toEqual({ accepted: 3, delivered: 3, pending: 0, dropped: {} });
  });

  it("S2: below the threshold transformLine is not called", () => {
    let calls = 0;
    const { sink, clock } = lineRig(() => String(calls++), "warn");
    sink.emitLine(12, new Uint8Array());
    expect([calls, clock.pendingTimers]).toEqual([0, 0]);
    sink.emitLine(13, new Uint8Array());
    expect(calls).toBe(1);
  });

  it("one that transformLine throws for is one loss (sink_error)", async () => {
    const { clock, context, delivery, emitLine } = lineRig((line) => {
      if (line.length === 3) throw new Error("s3cret");
      return decode(line);
    });
    emitLine("bad");
    emitLine("good");
    await clock.advance(1_000);
    expect(delivery.delivered).toEqual(["good"]);
    expect(context.ledger.snapshot()).toMatchObject({ delivered: 1, pending: 0, dropped: { sink_error: 1 } });
    expect(String(context.errors[0]?.error)).not.toContain("s3cret");
  });

  it("D-63: a line from within transformLine is dropped, counted", () => {
    const rig = lineRig((line) => {
      rig.emitLine("inner");
      return decode(line);
    });
    rig.emitLine("outer");
    expect(rig.context.ledger.snapshot()).toMatchObject({ accepted: 2, pending: 1, dropped: { sink_error: 1 } });
  });

  it("S4: after close it is counted as closed", async () => {
    const { context, emitLine, sink } = lineRig(decode);
    await sink.close(0);
    emitLine("late");
    expect(context.ledger.snapshot()).toMatchObject({ pending: 0, dropped: { closed: 1 } });
  });

  it("a line that was not asked for is one loss", () => {
    const context = new RecordingContext(new ManualClock());
    const sink = new BatchingSink({ id: "s", deliver: async () => {} });
    sink.attach(context);
    context.ledger.accept();
    sink.emitLine(9, new Uint8Array());
    expect(context.ledger.snapshot()).toMatchObject({ pending: 0, dropped: { sink_error: 1 } });
  });
});
