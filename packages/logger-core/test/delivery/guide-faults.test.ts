/** The eight faults of the guide's sketch (§7.1, D-57): each case fails on the sketch and passes on `BatchingSink`. */
import { describe, expect, it } from "vitest";
import { BatchingSink } from "../../src/delivery/index.ts";
import type { Sink } from "../../src/index.ts";
import { ManualClock, RecordingContext, ScriptedDelivery, testRecord } from "../../src/testing/index.ts";
import { GuideSketchSink } from "./guide-sketch-sink.ts";

const SETTINGS = { queueSize: 3, batchSize: 2 };
const ENDPOINT = "https://user:pa55word@logs.example/push?token=t0ken";

interface Subject {
  readonly sink: Sink;
  readonly clock: ManualClock;
  readonly delivery: ScriptedDelivery;
  readonly dropped: () => number;
  readonly errors: () => number;
  readonly delivered: () => unknown[];
  readonly emit: (...bodies: string[]) => void;
  readonly settlesWithin: (promise: Promise<unknown>, ms: number) => Promise<boolean>;
}

function subject(
  make: (delivery: ScriptedDelivery, clock: ManualClock) => { sink: Sink; dropped: () => number; errors: () => number },
): Subject {
  const clock = new ManualClock();
  const delivery = new ScriptedDelivery();
  const made = make(delivery, clock);
  return {
    ...made,
    clock,
    delivery,
    delivered: () => delivery.delivered.map(({ body }) => body),
    emit: (...bodies) => {
      for (const body of bodies) made.sink.emit(testRecord({ body }));
    },
    settlesWithin: async (promise, ms) => {
      let settled = false;
      void promise.then(() => {
        settled = true;
      });
      await clock.advance(ms);
      return settled;
    },
  };
}

function ours(): Subject {
  return subject((delivery, clock) => {
    const context = new RecordingContext(clock);
    const sink = new BatchingSink({ id: `loki:${ENDPOINT}`, deliver: delivery.deliver, ...SETTINGS });
    sink.attach(context);
    return { sink, dropped: () => context.ledger.droppedTotal, errors: () => context.errors.length };
  });
}

function sketch(): Subject {
  return subject((delivery, clock) => {
    const sleep = (ms: number): Promise<void> => new Promise((resolve) => void clock.schedule(resolve, ms));
    const send = (batch: Parameters<typeof delivery.deliver>[0]): Promise<unknown> =>
      delivery.deliver(batch, { attempt: 1, signal: new AbortController().signal });
    const sink = new GuideSketchSink({ endpoint: ENDPOINT, ...SETTINGS, send, sleep });
    return { sink, dropped: () => sink.droppedTotal, errors: () => 0 };
  });
}

const cases: readonly (readonly [fault: string, check: (subject: Subject) => Promise<void>])[] = [
  [
    "1: evicting the oldest is counted",
    async ({ emit, dropped }) => {
      emit("r1", "r2", "r3", "r4", "r5");
      expect(dropped()).toBe(2);
    },
  ],
  [
    "2: a flush ends when everything is delivered",
    async ({ sink, clock, emit, delivered, settlesWithin }) => {
      emit("r1", "r2");
      await clock.settle();
      expect(delivered()).toEqual(["r1", "r2"]);
      expect(await settlesWithin(sink.flush(60_000), 59_000)).toBe(true);
    },
  ],
  [
    "3: a partial batch is sent after the linger time",
    async ({ clock, emit, delivered }) => {
      emit("r1", "r2", "r3");
      await clock.advance(1000);
      expect(delivered()).toEqual(["r1", "r2", "r3"]);
    },
  ],
  [
    "4: close reads the queue to its end",
    async ({ sink, clock, delivery, emit, delivered }) => {
      delivery.hold();
      emit("r1", "r2");
      await clock.settle();
      emit("r3", "r4", "r5");
      void sink.close(1000);
      delivery.release();
      await clock.advance(1000);
      expect(delivered()).toEqual(["r1", "r2", "r3", "r4", "r5"]);
    },
  ],
  [
    "5: emit after close queues nothing and is counted",
    async ({ sink, clock, emit, dropped }) => {
      void sink.close(10);
      await clock.advance(10);
      emit("r1", "r2");
      expect(dropped()).toBe(2);
    },
  ],
  [
    "6: an error in sending does not end the worker",
    async ({ clock, delivery, emit, delivered }) => {
      delivery.answer(new Error("scripted"));
      emit("r1", "r2");
      await clock.advance(10_000);
      emit("r3", "r4");
      await clock.advance(10_000);
      expect(delivered().slice(-2)).toEqual(["r3", "r4"]);
    },
  ],
  [
    "7: a close that runs out of time says so",
    async ({ sink, clock, delivery, emit, errors, dropped }) => {
      delivery.hold();
      emit("r1", "r2");
      await clock.settle();
      void sink.close(50);
      await clock.advance(50);
      expect([errors(), dropped()]).toEqual([1, 2]);
    },
  ],
  [
    "8: the id holds no credentials",
    async ({ sink }) => {
      expect(sink.id).toMatch(/^loki:https:\/\/logs\.example/);
      expect(sink.id).not.toMatch(/pa55word|t0ken/);
    },
  ],
];

describe("the faults of the guide's sketch (§7.1, D-57)", () => {
  it.each(cases)("%s", async (_, check) => {
    await check(ours());
  });

  it.each(cases)("%s: the sketch fails this case", async (_, check) => {
    await expect(check(sketch())).rejects.toHaveProperty("name", "AssertionError");
  });
});
