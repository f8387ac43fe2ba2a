import type { SinkContext } from "@dagstack/logger-core";
import { ManualClock, RecordingContext } from "@dagstack/logger-core/testing";
import { describe, expect, test } from "vitest";
import { DeliveryAccount } from "../src/delivery-account.ts";

function setUp() {
  const clock = new ManualClock();
  const context = new RecordingContext(clock);
  return { clock, context, account: new DeliveryAccount(() => clock) };
}

describe("DeliveryAccount (§12)", () => {
  test("counts for itself what it tells the context", () => {
    const { account, context } = setUp();
    account.attach(context);
    account.ledger.accept(6);
    context.ledger.accept(6);
    account.delivered(2);
    account.dropped(1, "buffer_overflow");
    account.refused("closed");
    account.failed(new TypeError("x"));
    const expected = {
      accepted: 6,
      delivered: 2,
      pending: 1,
      dropped: { buffer_overflow: 1, closed: 1, sink_error: 1 },
    };
    expect(account.ledger.snapshot()).toEqual(expected);
    expect(context.ledger.snapshot()).toEqual(expected);
    expect(context.errors.map((error) => error.type)).toEqual(["TypeError"]);
  });

  test("the context hears nothing of the first records when they were there before it", () => {
    const { account, context } = setUp();
    account.ledger.accept(3);
    account.attach(context);
    account.ledger.accept(3);
    context.ledger.accept(3);
    account.delivered(2);
    account.dropped(2, "closed");
    account.delivered(2);
    expect(context.ledger.snapshot()).toEqual({ accepted: 3, delivered: 2, pending: 0, dropped: { closed: 1 } });
  });

  test("a second context changes nothing about that", () => {
    const { account, context } = setUp();
    account.attach(context);
    account.ledger.accept(1);
    context.ledger.accept(1);
    account.attach(context);
    account.delivered(1);
    expect(context.ledger.delivered).toBe(1);
  });

  test("a file's failure is reported at most once a second, and the answer says whether it was", async () => {
    const { account, context, clock } = setUp();
    account.attach(context);
    const answers: boolean[] = [];
    for (let i = 0; i < 5; i++) {
      answers.push(account.fileFailed(new Error("x")));
      await clock.advance(500);
    }
    expect(answers).toEqual([true, false, true, false, true]);
    expect(context.errors).toHaveLength(3);
  });

  test("without a context it was not, and the second does not begin", () => {
    const { account, context } = setUp();
    expect(account.fileFailed(new Error("x"))).toBe(false);
    account.attach(context);
    expect(account.fileFailed(new Error("x"))).toBe(true);
  });

  test("a new context may bring another clock, so the second begins anew", async () => {
    const early = new ManualClock();
    const late = new ManualClock();
    await late.advance(60_000);
    let clock = late;
    const account = new DeliveryAccount(() => clock);
    account.attach(new RecordingContext(late));
    account.fileFailed(new Error("x"));
    clock = early;
    account.attach(new RecordingContext(early));
    expect(account.fileFailed(new Error("x"))).toBe(true);
  });

  test("a context that throws is not heard of", () => {
    const { account, context, clock } = setUp();
    const broken: SinkContext = {
      clock,
      random: context.random,
      onDelivered: () => {
        throw new Error("broken");
      },
      onDrop: () => {
        throw new Error("broken");
      },
      onError: () => {
        throw new Error("broken");
      },
      diagnostic: () => {},
    };
    account.attach(broken);
    account.ledger.accept(2);
    account.delivered(1);
    account.failed(new Error("x"));
    account.fileFailed(new Error("x"));
    expect(account.ledger.pending).toBe(0);
  });
});
