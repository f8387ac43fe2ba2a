import { describe, expect, it } from "vitest";
import { Batcher, type BatchLimits } from "../../../src/delivery/queue/batcher.ts";
import { BoundedQueue } from "../../../src/delivery/queue/bounded-queue.ts";
import { ManualClock } from "../../../src/testing/index.ts";

function batcher(limits: Partial<BatchLimits> = {}) {
  const clock = new ManualClock();
  const queue = new BoundedQueue<string>({ maxItems: 100, maxBytes: 1000 });
  const starts: number[] = [];
  const made = new Batcher(queue, { batchSize: 3, batchBytes: 100, flushIntervalMs: 50, ...limits }, clock, () =>
    starts.push(clock.monotonicMs()),
  );
  const add = (...items: string[]): void => {
    for (const item of items) made.add(item, item.length);
  };
  return { batcher: made, clock, starts, add };
}

describe("Batcher (§7.1, D-86)", () => {
  it("calls start for a full batch in a microtask, once, never inside add", async () => {
    const { batcher: made, clock, starts, add } = batcher();
    add("a", "b");
    expect(made.due).toBe(false);
    add("c", "d");
    expect(made.due).toBe(true);
    expect(starts).toEqual([]);
    await clock.settle();
    expect(starts).toEqual([0]);
  });

  it("counts bytes as well", async () => {
    const { batcher: made, clock, starts, add } = batcher({ batchBytes: 10 });
    add("four", "five!");
    expect(made.due).toBe(false);
    add("6");
    await clock.settle();
    expect(starts).toEqual([0]);
    expect(made.cut().items).toEqual(["four", "five!", "6"]);
  });

  it("demands a partial batch when its oldest item has lingered, and not sooner", async () => {
    const { batcher: made, clock, starts, add } = batcher();
    add("a");
    await clock.advance(49);
    add("b");
    expect([starts, made.due]).toEqual([[], false]);
    await clock.advance(1);
    expect([starts, made.due]).toEqual([[50], true]);
    expect(made.cut()).toEqual({ first: 0, items: ["a", "b"] });
  });

  it("what a full batch leaves over lingers no longer than since it came", async () => {
    const { batcher: made, clock, starts, add } = batcher();
    add("a", "b", "c", "d");
    await clock.advance(30);
    made.cut();
    expect(made.due).toBe(false);
    await clock.advance(20);
    expect([starts, made.due]).toEqual([[0, 50], true]);
  });

  it("keeps no timer for an empty queue", async () => {
    const { batcher: made, clock, add } = batcher();
    add("a");
    expect(clock.pendingTimers).toBe(1);
    made.cut();
    expect(clock.pendingTimers).toBe(0);
    add("b");
    expect(made.clear()).toEqual(["b"]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("demand reaches what waits at the time, not what comes later", () => {
    const { batcher: made, add } = batcher();
    add("a");
    made.demand();
    expect(made.due).toBe(true);
    made.cut();
    add("b");
    expect(made.due).toBe(false);
  });

  it("numbers items in the order they come", () => {
    const { batcher: made, add } = batcher();
    expect([made.newest, made.firstWaiting]).toEqual([-1, 0]);
    add("a", "b", "c", "d");
    expect([made.newest, made.firstWaiting]).toEqual([3, 0]);
    made.cut();
    expect([made.newest, made.firstWaiting]).toEqual([3, 3]);
  });
});
