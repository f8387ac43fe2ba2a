import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DeliveryError } from "../../src/delivery/index.ts";
import { rig } from "./batching-sink-rig.ts";

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

const HUGE = "x".repeat(5_000_000);
const throwing = (): never => {
  throw new Error("secret");
};
const revoked = Proxy.revocable({}, {});
revoked.revoke();
/** A thenable; the name is not spelled out as a member so that no tool takes it for a slip. */
const thenable = (descriptor: PropertyDescriptor): object =>
  Object.defineProperty({}, ["th", "en"].join(""), descriptor);

describe("BatchingSink: what deliver answers may be anything", () => {
  it.each<[string, () => unknown]>([
    ["a revoked proxy", () => revoked.proxy],
    ["a thenable whose then cannot be read", () => thenable({ get: throwing })],
    ["a thenable that throws", () => thenable({ value: throwing })],
    [
      "a promise with a constructor that cannot be read",
      () => Object.defineProperty(Promise.resolve(), "constructor", { get: throwing }),
    ],
    [
      "a promise with a then of its own that throws",
      () => Object.assign(Promise.resolve(), thenable({ value: throwing, enumerable: true })),
    ],
    [
      "an outcome whose members cannot be read",
      async () => new Proxy({}, { get: (_, name) => (name === "then" ? undefined : throwing()) }),
    ],
    [
      "a mixed outcome whose members cannot be read",
      async () => ({
        status: "mixed",
        get retry() {
          return throwing();
        },
        rejected: [],
      }),
    ],
    [
      "an outcome with a status that changes",
      async () => {
        let reads = 0;
        return {
          get status() {
            reads += 1;
            return reads === 1 ? "rejected" : "delivered";
          },
          count: 1,
        };
      },
    ],
  ])("%s: the record is tried again or counted, and the next is delivered", async (_, answer) => {
    let calls = 0;
    const { emit, clock, ledger, errorTexts } = rig({
      batchSize: 1,
      deliver: (() => {
        calls += 1;
        return calls === 1 ? answer() : undefined;
      }) as never,
    });
    emit("r1", "r2");
    await clock.advance(10_000);
    const { accepted, delivered, pending, dropped } = ledger();
    expect([accepted, pending, delivered + (dropped.sink_error ?? 0)]).toEqual([2, 0, 2]);
    expect(errorTexts().length).toBeGreaterThan(0);
    expect(errorTexts().join()).not.toContain("secret");
  });
});

describe("BatchingSink: diagnostics are short", () => {
  it.each<[string, unknown]>([
    ["the message of a DeliveryError", new DeliveryError(HUGE, { retryable: false })],
    ["name and code of an error", Object.assign(new Error(HUGE), { name: HUGE, code: HUGE })],
    ["the name of its class", Object.assign(Object.create({ constructor: { name: HUGE } }), {})],
    ["the code of its cause", new Error("x", { cause: { code: HUGE } })],
  ])("%s", async (_, error) => {
    const { emit, clock, context } = rig({
      batchSize: 1,
      retry: { maxAttempts: 1 },
      deliver: async () => {
        throw error;
      },
    });
    emit("r1");
    await clock.settle();
    const told = context.errors.map(({ type, error: given }) => `${type} ${(given as Error).message}`);
    expect(told.length).toBeGreaterThan(0);
    expect(told.join().length).toBeLessThan(600);
  });

  it.each<[string, object]>([
    ["rejected", { status: "rejected", count: 1, reason: HUGE }],
    ["retry", { status: "retry", reason: HUGE }],
    ["mixed", { status: "mixed", retry: [0], rejected: [], reason: HUGE }],
    ["an unknown status", { status: HUGE }],
  ])("the reason of an outcome: %s", async (_, outcome) => {
    const { emit, clock, context } = rig({
      batchSize: 1,
      retry: { maxAttempts: 1 },
      deliver: async () => outcome as never,
    });
    emit("r1");
    await clock.settle();
    expect(context.errors.map(({ error }) => (error as Error).message).join().length).toBeLessThan(600);
  });

  it("a retry and the loss that follows are told as two events, the loss with its number first counted (L)", async () => {
    const { emit, clock, context, delivery } = rig({ batchSize: 2 });
    const order: string[] = [];
    const { onDrop, onError } = context;
    context.onDrop = (count, reason) => {
      order.push(`drop ${count}`);
      onDrop.call(context, count, reason);
    };
    context.onError = (error, type) => {
      order.push((error as Error).message);
      onError.call(context, error, type);
    };
    delivery.answer({ status: "retry", reason: "HTTP 503" }, new DeliveryError("HTTP 400", { retryable: false }));
    emit("r1", "r2");
    await clock.advance(1000);
    expect(order).toEqual(["delivery will be tried again: HTTP 503", "drop 2", "2 records lost: HTTP 400"]);
  });
});
