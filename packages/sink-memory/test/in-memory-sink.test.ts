import { readFileSync } from "node:fs";
import { ConfigError, type Sink } from "@dagstack/logger-core";
import { type ManualClock, RecordingContext, testRecord } from "@dagstack/logger-core/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InMemorySink, type InMemorySinkOptions } from "../src/index.ts";

function attached(options?: InMemorySinkOptions) {
  const sink = new InMemorySink(options);
  const context = new RecordingContext();
  sink.attach(context);
  return { sink, context };
}

const bodies = (sink: InMemorySink): unknown[] => sink.records().map(({ body }) => body);

interface Scenario {
  readonly name: string;
  readonly config: { readonly kind?: string; readonly capacity?: number };
  readonly steps: readonly { readonly emit?: readonly string[]; readonly close?: number }[];
  readonly expect: { readonly records: readonly string[]; readonly dropped: object };
}

const fixture = JSON.parse(
  readFileSync(new URL("../../../conformance/fixtures/sinks/queue.json", import.meta.url), "utf8"),
) as { readonly scenarios: readonly Scenario[] };

describe("InMemorySink: sinks/queue.json", () => {
  const scenarios = fixture.scenarios.filter(({ config }) => config.kind === "in_memory");

  it("has scenarios for the ring", () => expect(scenarios.length).toBeGreaterThanOrEqual(2));

  it.each(scenarios)("$name", async (scenario) => {
    const { sink, context } = attached({ capacity: scenario.config.capacity });
    for (const step of scenario.steps) {
      for (const body of step.emit ?? []) sink.emit(testRecord({ body }));
      if (step.close !== undefined) await sink.close();
    }
    expect(bodies(sink)).toEqual(scenario.expect.records);
    expect(context.ledger.snapshot().dropped).toEqual(scenario.expect.dropped);
  });
});

describe("InMemorySink.emit", () => {
  it("S1 keeps what was emitted, oldest first", () => {
    const { sink } = attached();
    for (const body of ["a", "b"]) sink.emit(testRecord({ body }));
    expect(bodies(sink)).toEqual(["a", "b"]);
  });

  it("S2 ignores records below minSeverity without any side effect", () => {
    const { sink, context } = attached({ minSeverity: "warn" });
    sink.emit(testRecord({ severityNumber: 12 }));
    expect(sink.size).toBe(0);
    expect(context.ledger.snapshot()).toMatchObject({ delivered: 0, dropped: {} });
    expect(sink.supportsSeverity(12)).toBe(false);
  });

  it("S2 takes records at minSeverity", () => {
    const { sink } = attached({ minSeverity: 13 });
    sink.emit(testRecord({ severityNumber: 13 }));
    expect(sink.size).toBe(1);
    expect(sink.supportsSeverity(13)).toBe(true);
  });

  it("S2 does not count a record below minSeverity after close either (D-58)", async () => {
    const { sink, context } = attached({ minSeverity: "warn" });
    await sink.close();
    sink.emit(testRecord({ severityNumber: 9 }));
    expect(context.ledger.dropped("closed")).toBe(0);
  });

  it("S10 and S11 sets the observed time on a copy (D-14)", () => {
    const { sink, context } = attached();
    const record = testRecord();
    sink.emit(record);
    expect(sink.records()[0]?.observedTimeUnixNano).toBe(context.clock.now());
    expect(record.observedTimeUnixNano).toBeNull();
  });

  it("S11 uses the system clock without a context", () => {
    const sink = new InMemorySink();
    sink.emit(testRecord());
    expect(typeof sink.records()[0]?.observedTimeUnixNano).toBe("bigint");
  });

  it("leaves an observed time that is there alone (§1.2)", () => {
    const { sink } = attached();
    sink.emit(testRecord({ observedTimeUnixNano: 7n }));
    expect(sink.records()[0]?.observedTimeUnixNano).toBe(7n);
  });

  it("S5 counts each evicted record once (D-59)", () => {
    const { sink, context } = attached({ capacity: 100 });
    for (let i = 0; i < 10_000; i++) sink.emit(testRecord({ body: i }));
    expect(context.ledger.snapshot()).toMatchObject({ delivered: 100, dropped: { buffer_overflow: 9900 } });
    expect(sink.droppedCount).toBe(9900);
    expect(bodies(sink)).toEqual(Array.from({ length: 100 }, (_, i) => 9900 + i));
  });

  it("does not throw for something that is no record; it counts a sink error", () => {
    const { sink, context } = attached();
    sink.emit(null as never);
    expect(context.ledger.dropped("sink_error")).toBe(1);
    expect(context.errors).toHaveLength(1);
    expect(sink.droppedCount).toBe(1);
  });

  it("keeps its books right when that happens before there is a context", () => {
    const sink = new InMemorySink();
    sink.emit(null as never);
    const context = new RecordingContext();
    sink.attach(context);
    sink.emit(testRecord());
    expect(context.ledger.delivered).toBe(1);
  });

  it("passes masked attributes through unchanged (§10)", () => {
    const { sink } = attached();
    sink.emit(testRecord({ attributes: { api_key: "***" } }));
    expect(sink.records()[0]?.attributes).toEqual({ api_key: "***" });
  });
});

describe("InMemorySink: reading", () => {
  it("records() is a copy", () => {
    const { sink } = attached();
    sink.emit(testRecord());
    sink.records().pop();
    expect(sink.size).toBe(1);
  });

  it("clear() forgets the records, and the ring starts over in order", () => {
    const { sink, context } = attached({ capacity: 2 });
    for (const body of ["a", "b", "c"]) sink.emit(testRecord({ body }));
    sink.clear();
    expect(sink.size).toBe(0);
    for (const body of ["d", "e"]) sink.emit(testRecord({ body }));
    expect(bodies(sink)).toEqual(["d", "e"]);
    expect(context.ledger.snapshot().dropped).toEqual({ buffer_overflow: 1 });
  });

  it("stays readable after close", async () => {
    const { sink } = attached();
    sink.emit(testRecord({ body: "a" }));
    await sink.close();
    expect(sink.find({ body: "a" })).toHaveLength(1);
  });

  it("is a ring for any sequence of emits and clears, and its ledger adds up (§12)", () => {
    const step = fc.oneof(
      { weight: 9, arbitrary: fc.constant("emit") },
      { weight: 1, arbitrary: fc.constant("clear") },
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), fc.array(step, { maxLength: 60 }), (capacity, steps) => {
        const { sink, context } = attached({ capacity });
        let model: number[] = [];
        let emitted = 0;
        let evicted = 0;
        for (const what of steps) {
          if (what === "clear") {
            sink.clear();
            model = [];
            continue;
          }
          sink.emit(testRecord({ body: emitted }));
          model.push(emitted++);
          if (model.length > capacity) {
            model.shift();
            evicted++;
          }
        }
        expect(bodies(sink)).toEqual(model);
        expect(sink.size).toBe(model.length);
        expect(context.ledger.delivered + context.ledger.droppedTotal).toBe(emitted);
        expect(context.ledger.dropped("buffer_overflow")).toBe(evicted);
      }),
    );
  });
});

describe("InMemorySink.flush and close", () => {
  it("S7 succeeds at once and leaves no timer (S13)", async () => {
    const { sink, context } = attached();
    sink.emit(testRecord());
    expect(await sink.flush(0)).toEqual({ success: true, partial: false, failedSinks: [], droppedCount: 0 });
    expect((context.clock as ManualClock).pendingTimers).toBe(0);
  });

  it("stays successful after evictions but counts them, once (design §13)", async () => {
    const { sink } = attached({ capacity: 1 });
    for (const body of ["a", "b", "c"]) sink.emit(testRecord({ body }));
    expect(await sink.flush()).toMatchObject({ success: true, droppedCount: 2 });
    expect(await sink.flush()).toMatchObject({ success: true, droppedCount: 0 });
  });

  it("fails after records were emitted to the closed sink", async () => {
    const { sink } = attached();
    await sink.close();
    sink.emit(testRecord());
    expect(await sink.flush()).toEqual({
      success: false,
      partial: false,
      failedSinks: [{ sinkId: sink.id, error: "1 record dropped: closed" }],
      droppedCount: 1,
    });
  });

  it("S3 closes twice with one promise", async () => {
    const { sink } = attached();
    expect(sink.close()).toBe(sink.close());
    await sink.close();
  });

  it("S4 stops accepting as soon as close is called", () => {
    const { sink, context } = attached();
    void sink.close();
    sink.emit(testRecord());
    expect(sink.size).toBe(0);
    expect(context.ledger.dropped("closed")).toBe(1);
  });
});

describe("InMemorySink: configuration", () => {
  it("S6 is called after its capacity and a running number (D-50)", () => {
    const first = /^in-memory:cap=5#(\d+)$/.exec(new InMemorySink({ capacity: 5 }).id);
    const second = /^in-memory:cap=1000#(\d+)$/.exec(new InMemorySink().id);
    expect(Number(second?.[1])).toBe(Number(first?.[1]) + 1);
  });

  it("S6 takes an id", () => {
    const sink: Sink = new InMemorySink({ id: "mine" });
    expect(sink.id).toBe("mine");
  });

  it("holds 1000 records by default", () => expect(new InMemorySink().capacity).toBe(1000));

  it.each([0, -1, Number.NaN, 1.5, Number.POSITIVE_INFINITY, "10", null])("refuses the capacity %s", (capacity) => {
    expect(() => new InMemorySink({ capacity } as InMemorySinkOptions)).toThrow(ConfigError);
  });

  it.each([{ size: 5 }, { id: "" }, { minSeverity: "loud" }, 5])("refuses %j (D-69)", (options) => {
    expect(() => new InMemorySink(options as InMemorySinkOptions)).toThrow(ConfigError);
  });
});
