import { AsyncLocalStorage } from "node:async_hooks";
import { describe, expect, it } from "vitest";
import { BatchingSink, type BatchingSinkSettings, type DeliveryOutcome } from "../../src/delivery/index.ts";
import type { LogRecord } from "../../src/index.ts";
import { ManualClock, RecordingContext, testRecord } from "../../src/testing/index.ts";

const user = new AsyncLocalStorage<string>();

/** A sink made by "maker", to which records come from everybody else. */
function made(settings: (saw: (what: string) => void) => Partial<BatchingSinkSettings<LogRecord>>) {
  const seen: string[] = [];
  const saw = (what: string): void => void seen.push(`${what}: ${user.getStore() ?? "nobody"}`);
  const clock = new ManualClock();
  const context = new RecordingContext(clock);
  const sink = user.run("maker", () => {
    const deliver = async (): Promise<void> => {
      saw("deliver");
      await Promise.resolve();
      saw("deliver, later");
    };
    return new BatchingSink({ id: "s", deliver, ...settings(saw) });
  });
  sink.attach(context);
  const emitAs = (name: string): void => {
    context.ledger.accept();
    user.run(name, () => sink.emit(testRecord({ body: name })));
  };
  return { sink, clock, context, seen, emitAs };
}

describe("BatchingSink: foreign code runs in the asynchronous context of the sink's creation", () => {
  it("a full batch, a partial one, and one that a flush asks for", async () => {
    const { sink, clock, seen, emitAs } = made(() => ({ batchSize: 2 }));
    emitAs("alice");
    emitAs("bob");
    await clock.settle();
    emitAs("carol");
    await clock.advance(1000);
    emitAs("dave");
    void user.run("erin", () => sink.flush());
    await clock.settle();
    expect(seen).toHaveLength(6);
    expect(new Set(seen)).toEqual(new Set(["deliver: maker", "deliver, later: maker"]));
  });

  it("attempts after a back-off, after a pause and after a split", async () => {
    const answers: DeliveryOutcome[] = [
      { status: "retry" },
      { status: "retry", afterMs: 5000 },
      { status: "split" },
      { status: "mixed", retry: [0], rejected: [] },
    ];
    const { clock, seen, emitAs } = made((saw) => ({
      batchSize: 2,
      deliver: async () => {
        saw("deliver");
        return answers.shift();
      },
    }));
    for (const name of ["alice", "bob", "carol", "dave"]) emitAs(name);
    await clock.advance(60_000);
    expect(seen.length).toBeGreaterThan(5);
    expect(new Set(seen)).toEqual(new Set(["deliver: maker"]));
  });

  it("syncDrain, when a record finds the queue full and when the process ends", async () => {
    const { sink, seen, emitAs } = made((saw) => ({
      queueSize: 1,
      overflow: "block",
      syncDrain: () => saw("syncDrain"),
    }));
    emitAs("alice");
    emitAs("bob");
    user.run("carol", () => sink.flushSync?.());
    expect(seen).toEqual(["syncDrain: maker", "syncDrain: maker"]);
  });

  it("transform, release, and who listens to the signal", async () => {
    const seen: string[] = [];
    const saw = (what: string): void => void seen.push(`${what}: ${user.getStore() ?? "nobody"}`);
    const clock = new ManualClock();
    const sink = user.run(
      "maker",
      () =>
        new BatchingSink<string>({
          id: "s",
          batchSize: 1,
          transform: (record) => {
            saw("transform");
            return String(record.body);
          },
          deliver: (_, { signal }) => {
            signal.addEventListener("abort", () => saw("abort"));
            return new Promise<undefined>(() => {});
          },
          release: () => saw("release"),
        }),
    );
    sink.attach(new RecordingContext(clock));
    user.run("alice", () => sink.emit(testRecord()));
    await clock.settle();
    void user.run("bob", () => sink.close(10));
    await clock.advance(10);
    await clock.settle();
    expect(seen).toEqual(["transform: maker", "abort: maker", "release: maker"]);
  });

  it("what the logger is told is told there, too", async () => {
    const told: string[] = [];
    const { sink, clock, emitAs } = made(() => ({ batchSize: 1 }));
    const context = new RecordingContext(clock);
    sink.attach(
      Object.assign(context, { onDelivered: () => void told.push(user.getStore() ?? "nobody") }) as RecordingContext,
    );
    emitAs("alice");
    await clock.settle();
    expect(told).toEqual(["maker"]);
  });
});
