import { describe, expect, it } from "vitest";
import { ScriptedDelivery } from "../../src/testing/index.ts";

const context = { attempt: 2, signal: new AbortController().signal };
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe("ScriptedDelivery", () => {
  it("delivers everything without a script, and keeps the calls", async () => {
    const delivery = new ScriptedDelivery<string>();
    expect(await delivery.deliver(["a", "b"], context)).toBeUndefined();
    expect(delivery.delivered).toEqual(["a", "b"]);
    expect(delivery.calls).toEqual([{ batch: ["a", "b"], ...context }]);
  });

  it("answers as told, in order, then delivers again", async () => {
    const delivery = new ScriptedDelivery<string>();
    const down = new Error("down");
    delivery.answer({ status: "rejected", count: 1 }, down, { status: "retry" }, { status: "delivered" });
    expect(await delivery.deliver(["a", "b"], context)).toEqual({ status: "rejected", count: 1 });
    await expect(delivery.deliver(["c"], context)).rejects.toBe(down);
    expect(await delivery.deliver(["c"], context)).toEqual({ status: "retry" });
    await delivery.deliver(["c"], context);
    await delivery.deliver(["d"], context);
    expect(delivery.delivered).toEqual(["b", "c", "d"]);
  });

  it("holds calls until they are released, one by one or for good", async () => {
    const delivery = new ScriptedDelivery<string>();
    delivery.hold();
    const calls = ["a", "b", "c"].map((item) => delivery.deliver([item], context));
    await settle();
    expect(delivery.delivered).toEqual([]);
    delivery.release(1);
    await settle();
    expect(delivery.delivered).toEqual(["a"]);
    delivery.release();
    await Promise.all([...calls, delivery.deliver(["d"], context)]);
    expect(delivery.delivered.toSorted()).toEqual(["a", "b", "c", "d"]);
  });

  it("lets calls to come pass when fewer wait than are released", async () => {
    const delivery = new ScriptedDelivery<string>();
    delivery.hold();
    delivery.release(2);
    for (const item of ["a", "b", "c"]) void delivery.deliver([item], context);
    await settle();
    expect(delivery.delivered).toEqual(["a", "b"]);
    delivery.release(1);
    await settle();
    expect(delivery.delivered).toEqual(["a", "b", "c"]);
  });
});
