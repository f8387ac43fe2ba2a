import { systemClock } from "@dagstack/logger-core";
import { RecordingContext } from "@dagstack/logger-core/testing";
import { OtlpReceiver } from "@dagstack/otlp-receiver";
import { describe, expect, it } from "vitest";
import { OTLPSink } from "../../src/index.ts";
import { numbersOf, rigOf, upTo } from "../rig.ts";
import { expectBoundedBurst } from "../stalled-burst.ts";

describe("load in real time (design §8 rows 5 and 11)", () => {
  it.each(["http/protobuf", "http/json"] as const)("200 000 records in one burst over %s: 0 lost", async (protocol) => {
    const count = 200_000;
    const receiver = await OtlpReceiver.start();
    const options = { endpoint: receiver.url, protocol, queueSize: count, queueBytes: 1_000_000_000 };
    const { sink, emitMany, context } = rigOf(new OTLPSink(options), new RecordingContext(systemClock));
    emitMany(count);
    expect(await sink.flush(120_000)).toMatchObject({ success: true, droppedCount: 0 });
    expect(context.ledger.snapshot()).toEqual({ accepted: count, delivered: count, pending: 0, dropped: {} });
    expect(numbersOf(receiver.records())).toEqual(upTo(count));
    await sink.close(1_000);
    await receiver.stop();
  });

  it("1 000 000 records onto a receiver that hangs: RSS, deadline, exact count", async () => {
    await expectBoundedBurst(1_000_000);
  });
});
