import { describe, expect, it } from "vitest";
import { SinkAccount } from "../../../src/accounting/index.ts";
import { Outage } from "../../../src/delivery/run/index.ts";
import { ManualClock, RecordingContext } from "../../../src/testing/index.ts";

const FAILURE = { type: "delivery_retry", text: "HTTP 503" };

function made() {
  const clock = new ManualClock();
  const context = new RecordingContext(clock);
  const account = new SinkAccount("s");
  account.attach(context);
  const outage = new Outage("s", account, clock);
  const told = (): [number, number] => [context.errors.length, context.diagnostics.length];
  return { clock, outage, told };
}

describe("Outage: what is told of it (§7.4)", () => {
  it("its start and its end, once each", async () => {
    const { outage, told } = made();
    outage.failed(FAILURE);
    outage.failed(FAILURE);
    expect(told()).toEqual([1, 0]);
    outage.delivered();
    outage.delivered();
    expect(told()).toEqual([1, 1]);
  });

  it("one that flaps six times in four seconds is told as two, the second's end when ten seconds are over", async () => {
    const { clock, outage, told } = made();
    for (let time = 0; time < 6; time++) {
      outage.failed(FAILURE);
      await clock.advance(350);
      outage.delivered();
      await clock.advance(350);
    }
    expect(told()).toEqual([2, 1]);
    await clock.advance(20_000);
    expect(told()).toEqual([2, 2]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("one that lasts when the ten seconds are over is not told as ended, until it is", async () => {
    const { clock, outage, told } = made();
    outage.failed(FAILURE);
    outage.delivered();
    outage.failed(FAILURE);
    outage.delivered();
    outage.failed(FAILURE);
    await clock.advance(20_000);
    expect(told()).toEqual([2, 1]);
    outage.delivered();
    expect(told()).toEqual([2, 2]);
  });

  it("ten seconds later the next outage is told in full", async () => {
    const { clock, outage, told } = made();
    for (let time = 0; time < 3; time++) {
      outage.failed(FAILURE);
      outage.delivered();
      await clock.advance(10_000);
    }
    expect(told()).toEqual([3, 3]);
  });

  it("close tells what waits to be told, and leaves no timer", async () => {
    const { clock, outage, told } = made();
    outage.failed(FAILURE);
    outage.delivered();
    outage.failed(FAILURE);
    outage.delivered();
    outage.end();
    outage.end();
    expect(told()).toEqual([2, 2]);
    expect(clock.pendingTimers).toBe(0);
  });
});
