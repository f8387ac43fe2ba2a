import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BatchingSink, type DeliverFunction, DeliveryError } from "../../src/delivery/index.ts";
import type { LogRecord } from "../../src/index.ts";
import { testRecord } from "../../src/testing/index.ts";
import { bodies, rig, SUCCEEDED } from "./batching-sink-rig.ts";

const unhandled: unknown[] = [];
const onUnhandled = (error: unknown): void => void unhandled.push(error);
beforeEach(() => {
  unhandled.length = 0;
  process.on("unhandledRejection", onUnhandled);
});
afterEach(async () => {
  await new Promise((resolve) => setImmediate(resolve));
  process.off("unhandledRejection", onUnhandled);
  expect(unhandled).toEqual([]);
});

/** When each attempt began, on the manual clock. */
function timed(settings: Parameters<typeof rig>[0] = {}, random?: () => number) {
  const times: number[] = [];
  const it = rig(
    {
      batchSize: 2,
      ...settings,
      deliver: (batch, context) => {
        times.push(it.clock.monotonicMs());
        return it.delivery.deliver(batch, context);
      },
    },
    random,
  );
  return { ...it, times };
}

const RETRY = { status: "retry" } as const;

describe("BatchingSink: back-off", () => {
  it("tries the same batch again, with growing equal jitter, and the next batch only after it", async () => {
    const { emit, clock, delivery, times, batches, attempts, delivered } = timed();
    delivery.answer(RETRY, new Error("down"), RETRY);
    emit("r1", "r2", "r3", "r4");
    await clock.advance(60_000);
    expect(times).toEqual([0, 750, 2250, 5250, 5250]);
    expect(attempts()).toEqual([1, 2, 3, 4, 1]);
    expect(batches().slice(2)).toEqual([
      ["r1", "r2"],
      ["r1", "r2"],
      ["r3", "r4"],
    ]);
    expect(delivered()).toEqual(["r1", "r2", "r3", "r4"]);
  });

  it("keeps the attempts of a batch whole when the author empties the array", async () => {
    let calls = 0;
    const { emit, clock, ledger } = rig({
      batchSize: 2,
      deliver: async (batch) => {
        calls += 1;
        expect(batch).toHaveLength(2);
        (batch as LogRecord[]).length = 0;
        if (calls === 1) throw new Error("down");
      },
    });
    emit("r1", "r2");
    await clock.advance(2000);
    expect(calls).toBe(2);
    expect(ledger()).toMatchObject({ delivered: 2, pending: 0 });
  });

  it("gives a batch up when the budget is over, and goes on with the next", async () => {
    const { emit, clock, delivery, ledger, delivered, errorTexts, attempts } = rig({
      batchSize: 2,
      retry: { budgetMs: 5000 },
    });
    delivery.answer(RETRY, RETRY, RETRY, RETRY, RETRY);
    emit("r1", "r2", "r3", "r4");
    await clock.advance(4999);
    expect(ledger()).toMatchObject({ pending: 4, dropped: {} });
    await clock.advance(60_000);
    // 0, 750, 2250, 5000: the last wait, to 5250, is shortened to the end of the budget (D-97).
    expect(attempts()).toEqual([1, 2, 3, 4, 1, 2]);
    expect(delivered()).toEqual(["r3", "r4"]);
    expect(ledger().dropped).toEqual({ sink_error: 2 });
    expect(errorTexts()).toContain("2 records lost: given up after 4 attempts: no reason given");
  });

  it("uses all of the budget: the last attempt is at its end, not before (D-97)", async () => {
    const { emit, clock, delivery, times, ledger } = timed({ retry: { budgetMs: 3000 } }, () => 0.99);
    delivery.answer(...Array.from({ length: 9 }, () => RETRY));
    emit("r1", "r2");
    await clock.advance(2999);
    expect(ledger().pending).toBe(2);
    await clock.advance(1);
    expect(ledger()).toMatchObject({ pending: 0, dropped: { sink_error: 2 } });
    expect(times).toEqual([0, 995, 2985, 3000]);
  });

  it("measures the budget from the first failure of each batch, not from when it was queued", async () => {
    const { emit, clock, delivery, delivered } = rig({ batchSize: 1, retry: { budgetMs: 1000 } });
    delivery.hold();
    emit("r1");
    await clock.advance(60_000);
    delivery.answer(RETRY);
    delivery.release();
    await clock.advance(750);
    expect(delivered()).toEqual(["r1"]);
  });

  it("a step of the wall clock changes no wait (monotonic time)", async () => {
    const { emit, clock, delivery, times } = timed();
    delivery.answer(RETRY, RETRY);
    emit("r1", "r2");
    await clock.settle();
    clock.stepWallClock(0n);
    await clock.advance(2250);
    expect(times).toEqual([0, 750, 2250]);
  });

  it("maxAttempts 1 means no second attempt, and one error for the loss", async () => {
    const { emit, clock, delivery, ledger, errorTexts } = rig({ batchSize: 2, retry: { maxAttempts: 1 } });
    delivery.answer(new Error("secret"));
    emit("r1", "r2");
    await clock.advance(60_000);
    expect(delivery.calls).toHaveLength(1);
    expect(ledger().dropped).toEqual({ sink_error: 2 });
    expect(errorTexts()).toEqual(["2 records lost: given up after 1 attempt: deliver threw Error"]);
  });

  it("the queue stays bounded during an outage", async () => {
    const { emit, clock, delivery, ledger } = rig({ queueSize: 10, batchSize: 5 });
    delivery.answer(...Array.from({ length: 500 }, () => RETRY));
    for (let second = 0; second < 100; second++) {
      emit(...bodies(3));
      await clock.advance(1000);
      expect(ledger().pending).toBeLessThanOrEqual(15);
    }
    expect(ledger().dropped.buffer_overflow).toBeGreaterThan(250);
  });

  it("a source of chance that throws loses the batch, counted, and not the worker", async () => {
    let calls = 0;
    const { emit, clock, delivery, ledger, delivered } = rig({ batchSize: 1 }, () => {
      calls += 1;
      if (calls === 1) throw new Error("no luck");
      return 0.5;
    });
    delivery.answer(RETRY);
    emit("r1", "r2");
    await clock.advance(60_000);
    expect(ledger().dropped).toEqual({ sink_error: 1 });
    expect(delivered()).toEqual(["r2"]);
  });
});

describe("BatchingSink: a pause that the receiver asks for", () => {
  it("takes the place of the back-off", async () => {
    const { emit, clock, delivery, times } = timed();
    delivery.answer({ status: "retry", afterMs: 60_000 });
    emit("r1", "r2");
    await clock.advance(120_000);
    expect(times).toEqual([0, 60_000]);
  });

  it("holds all batches, those that back off and those that have not started", async () => {
    const { emit, clock, delivery, times } = timed({ concurrency: 3 });
    delivery.hold();
    emit("r1", "r2", "r3", "r4");
    await clock.settle();
    delivery.answer(RETRY, { status: "retry", afterMs: 60_000 });
    delivery.release();
    await clock.settle();
    emit("r5", "r6");
    await clock.advance(120_000);
    expect(times).toEqual([0, 0, 60_000, 60_000, 60_000]);
  });

  it("is not shortened by a flush", async () => {
    const { sink, emit, clock, delivery, times, within } = timed();
    delivery.answer({ status: "retry", afterMs: 60_000 });
    emit("r1", "r2", "r3");
    const flush = sink.flush(10_000);
    expect(await within(flush, 10_000)).toMatchObject({
      success: false,
      partial: false,
      failedSinks: [{ sinkId: "sink", error: "timeout: 3 records still waiting" }],
    });
    expect(times).toEqual([0]);
    await clock.advance(50_000);
    expect(times).toEqual([0, 60_000, 60_000]);
  });

  it("longer than the budget is waited for up to its end, then one probe decides (D-97)", async () => {
    const { emit, clock, delivery, times, ledger, delivered } = timed({ retry: { budgetMs: 10_000 } });
    const wish = { status: "retry", afterMs: 86_400_000 } as const;
    delivery.answer(wish, wish, wish);
    emit("r1", "r2", "r3", "r4");
    await clock.advance(9999);
    expect(ledger()).toMatchObject({ pending: 4, dropped: {} });
    await clock.advance(1);
    // The probe failed: the batch is lost, and the next one waits as long before it asks for the first time.
    expect(ledger()).toMatchObject({ pending: 2, dropped: { sink_error: 2 } });
    await clock.advance(60_000);
    expect(times).toEqual([0, 10_000, 20_000, 30_000]);
    expect(delivered()).toEqual(["r3", "r4"]);
  });

  it("is kept for a second at least, however small the budget is: nobody is hammered", async () => {
    const { emit, clock, delivery, times } = timed({ retry: { budgetMs: 0 } });
    delivery.answer({ status: "retry", afterMs: 60_000 }, { status: "retry", afterMs: 400 });
    emit("r1", "r2", "r3", "r4", "r5", "r6");
    await clock.advance(60_000);
    expect(times).toEqual([0, 1000, 1400]);
  });

  it("is read from a DeliveryError as well", async () => {
    const { emit, clock, delivery, times } = timed();
    delivery.answer(new DeliveryError("HTTP 429", { afterMs: 7000 }));
    emit("r1", "r2");
    await clock.advance(10_000);
    expect(times).toEqual([0, 7000]);
  });

  it("garbage means plain back-off: at most 3 requests in 3 s", async () => {
    const { emit, clock, delivery, times } = timed({}, () => 0);
    delivery.answer(...Array.from({ length: 9 }, () => ({ status: "retry", afterMs: Number.NaN }) as const));
    emit("r1", "r2");
    await clock.advance(3000);
    expect(times.length).toBeLessThanOrEqual(3);
  });
});

describe("BatchingSink: final outcomes", () => {
  it("counts exactly what was refused; the rest is delivered and nothing is tried again", async () => {
    const { sink, emit, delivery, ledger, errorTexts, within } = rig({ batchSize: 10 });
    delivery.answer({ status: "rejected", count: 7, reason: "partial success" });
    emit(...bodies(10));
    expect(await within(sink.flush(1000), 0)).toMatchObject({
      success: false,
      partial: true,
      failedSinks: [{ sinkId: "sink", error: "7 records dropped: sink_error" }],
      droppedCount: 7,
    });
    expect(ledger()).toEqual({ accepted: 10, delivered: 3, pending: 0, dropped: { sink_error: 7 } });
    expect(errorTexts()).toEqual(["7 records lost: partial success"]);
    expect(delivery.calls).toHaveLength(1);
  });

  it("7 rejected in each of 10 batches are 70", async () => {
    const { emit, clock, delivery, ledger } = rig({ batchSize: 10 });
    delivery.answer(...Array.from({ length: 10 }, () => ({ status: "rejected", count: 7 }) as const));
    emit(...bodies(100));
    await clock.settle();
    expect(ledger()).toMatchObject({ delivered: 30, dropped: { sink_error: 70 } });
  });

  it("a rejection of none is a delivery", async () => {
    const { emit, clock, delivery, ledger, context } = rig({ batchSize: 2 });
    delivery.answer({ status: "rejected", count: 0, reason: "a warning" });
    emit("r1", "r2");
    await clock.settle();
    expect(ledger()).toMatchObject({ delivered: 2, dropped: {} });
    expect(context.errors).toEqual([]);
  });

  it("a DeliveryError that is not retryable loses the batch", async () => {
    const { emit, clock, delivery, ledger, errorTexts } = rig({ batchSize: 2 });
    delivery.answer(new DeliveryError("HTTP 400", { retryable: false }));
    emit("r1", "r2");
    await clock.advance(60_000);
    expect(delivery.calls).toHaveLength(1);
    expect(ledger().dropped).toEqual({ sink_error: 2 });
    expect(errorTexts()).toEqual(["2 records lost: HTTP 400"]);
  });

  it.each<[string, DeliverFunction]>([
    [
      "throws synchronously",
      () => {
        throw new Error("x");
      },
    ],
    [
      "answers a thenable that throws",
      (() =>
        thenable(() => {
          throw new Error("x");
        })) as never,
    ],
    [
      "answers a thenable that rejects",
      (() => thenable((_: unknown, reject: (error: unknown) => void) => reject(1))) as never,
    ],
  ])("a deliver that %s is tried again", async (_, broken) => {
    let calls = 0;
    const { emit, clock, ledger } = rig({
      batchSize: 1,
      deliver: (batch, context) => {
        calls += 1;
        return calls === 1 ? broken(batch, context) : Promise.resolve();
      },
    });
    emit("r1");
    await clock.advance(1000);
    expect(ledger()).toMatchObject({ delivered: 1, pending: 0 });
  });

  it("an outcome that is no promise counts, and a foreign thenable settles once", async () => {
    const answers: unknown[] = [
      { status: "rejected", count: 1 },
      undefined,
      thenable((resolve: (value: unknown) => void, reject: (error: unknown) => void) => {
        resolve(undefined);
        resolve({ status: "rejected", count: 1 });
        reject(new Error("x"));
      }),
    ];
    const { emit, clock, ledger } = rig({ batchSize: 1, deliver: (() => answers.shift()) as never });
    emit("r1", "r2", "r3");
    await clock.settle();
    expect(ledger()).toEqual({ accepted: 3, delivered: 2, pending: 0, dropped: { sink_error: 1 } });
  });

  it("an outcome that cannot be understood loses the batch, and says so", async () => {
    const { emit, clock, ledger, errorTypes } = rig({
      batchSize: 2,
      deliver: (async () => ({ status: 200 })) as never,
    });
    emit("r1", "r2");
    await clock.settle();
    expect(ledger().dropped).toEqual({ sink_error: 2 });
    expect(errorTypes()).toEqual(["delivery_outcome"]);
  });
});

describe("BatchingSink: split (HTTP 413)", () => {
  it("delivers halves in order, before anything else", async () => {
    const { emit, clock, delivery, batches, delivered, attempts } = rig({ batchSize: 5 });
    delivery.answer({ status: "split" }, { status: "split" });
    emit(...bodies(10));
    await clock.settle();
    expect(batches()).toEqual([
      ["r1", "r2", "r3", "r4", "r5"],
      ["r1", "r2", "r3"],
      ["r1", "r2"],
      ["r3"],
      ["r4", "r5"],
      ["r6", "r7", "r8", "r9", "r10"],
    ]);
    expect(attempts()).toEqual([1, 1, 1, 1, 1, 1]);
    expect(delivered()).toEqual(bodies(10));
  });

  it("loses a single record that is too large, counted and reported, and delivers the others", async () => {
    const { sink, delivery, context, clock, ledger, errorTexts } = rig({
      batchSize: 4,
      deliver: async (batch) => {
        if (batch.some(({ body }) => body === "large")) return { status: "split" };
        delivery.delivered.push(...batch);
        return undefined;
      },
    });
    for (const body of ["a", "b", "large", "d"]) {
      context.ledger.accept();
      sink.emit(testRecord({ body }));
    }
    await clock.settle();
    expect(delivery.delivered.map(({ body }) => body)).toEqual(["a", "b", "d"]);
    expect(ledger()).toEqual({ accepted: 4, delivered: 3, pending: 0, dropped: { sink_error: 1 } });
    expect(errorTexts()).toEqual(["1 record lost: a single record is too large for the receiver"]);
  });

  it("gives each half its own attempts and budget", async () => {
    const { emit, clock, delivery, ledger } = rig({ batchSize: 2, retry: { maxAttempts: 2 } });
    delivery.answer(RETRY, { status: "split" }, RETRY, undefined, RETRY);
    emit("r1", "r2");
    await clock.advance(60_000);
    expect(ledger()).toMatchObject({ delivered: 2, dropped: {} });
  });
});

describe("BatchingSink: what an outage says (§7.3)", () => {
  it("one error at its start and one sink_recovered at its end, however many attempts lie between", async () => {
    const { emit, clock, delivery, context, errorTexts } = rig({ batchSize: 1 });
    delivery.answer(RETRY, RETRY, new Error("secret"), RETRY);
    emit("r1", "r2");
    await clock.advance(3000);
    expect(errorTexts()).toEqual(["delivery will be tried again: no reason given"]);
    expect(context.diagnostics).toEqual([]);
    await clock.advance(60_000);
    expect(errorTexts()).toHaveLength(1);
    expect(context.diagnostics).toEqual([{ event: "sink_recovered", sinkId: "sink" }]);
  });

  it("says it again for the next outage", async () => {
    const { emit, clock, delivery, context } = rig({ batchSize: 1 });
    delivery.answer(RETRY, undefined, RETRY);
    emit("r1", "r2");
    await clock.advance(60_000);
    expect([context.errors.length, context.diagnostics.length]).toEqual([2, 2]);
  });

  it("reports each batch that is given up, and recovery after it", async () => {
    const { emit, clock, delivery, context, errorTexts } = rig({ batchSize: 1, retry: { maxAttempts: 2 } });
    delivery.answer(RETRY, RETRY, RETRY, RETRY);
    emit("r1", "r2", "r3");
    await clock.advance(60_000);
    expect(errorTexts()).toEqual([
      "delivery will be tried again: no reason given",
      "1 record lost: given up after 2 attempts: no reason given",
      "1 record lost: given up after 2 attempts: no reason given",
    ]);
    expect(context.diagnostics).toHaveLength(1);
  });

  it("a batch given up at its first failure begins an outage too, whose end is said", async () => {
    const { emit, clock, delivery, context } = rig({ batchSize: 1, retry: { maxAttempts: 1 } });
    delivery.answer({ status: "retry" });
    emit("r1", "r2");
    await clock.settle();
    expect([context.errors.length, context.diagnostics.length]).toEqual([1, 1]);
  });

  it("a sink that never failed does not recover", async () => {
    const { sink, emit, context, delivery } = rig();
    delivery.answer({ status: "rejected", count: 1 });
    emit("r1");
    await sink.flush();
    emit("r2");
    await sink.flush();
    expect(context.diagnostics).toEqual([]);
  });

  it("no error that is passed on holds what deliver's error held (D-68)", async () => {
    const { sink, emit, context, delivery } = rig({ batchSize: 1, retry: { maxAttempts: 1 } });
    delivery.answer(new SyntaxError('Unexpected token, "pa55word" is not valid JSON'));
    emit("pa55word");
    await sink.flush();
    expect(JSON.stringify(context.errors.map(({ type, error }) => [type, String(error)]))).not.toContain("pa55word");
    expect(context.errors).toHaveLength(1);
  });
});

describe("BatchingSink: deliver that never settles", () => {
  it("holds nobody: later records queue up, a flush ends at its deadline, close aborts", async () => {
    const { sink, emit, clock, delivery, ledger, within } = rig({ batchSize: 1, queueSize: 2 });
    delivery.hold();
    emit("r1");
    await clock.settle();
    emit("r2", "r3", "r4");
    expect(ledger()).toMatchObject({ pending: 3, dropped: { buffer_overflow: 1 } });
    expect(await within(sink.flush(100), 100)).toMatchObject({ success: false });
    expect(
      await within(
        sink.close(100).then(() => "closed"),
        100,
      ),
    ).toBe("closed");
    expect(delivery.calls[0]?.signal.aborted).toBe(true);
    expect(ledger()).toMatchObject({ pending: 0, dropped: { buffer_overflow: 1, closed: 3 } });
  });
});

/** A foreign thenable; the name is not spelled out as a member so that no tool takes it for a slip. */
function thenable(then: (...args: never[]) => void): object {
  return Object.defineProperty({}, ["th", "en"].join(""), { value: then });
}

describe("BatchingSink: the real clock", () => {
  it("delivers a partial batch and retries with real timers (smoke)", async () => {
    let calls = 0;
    const sink = new BatchingSink({
      id: "s",
      flushIntervalMs: 1,
      retry: { initialMs: 1 },
      deliver: async () => {
        calls += 1;
        return calls === 1 ? RETRY : undefined;
      },
    });
    sink.emit(testRecord());
    expect(await sink.flush(5000)).toMatchObject(SUCCEEDED);
    expect(calls).toBe(2);
    await sink.close();
  });
});
