import { describe, expect, it } from "vitest";
import { BatchingSink, type BatchingSinkOptions } from "../../src/delivery/index.ts";
import { ConfigError } from "../../src/index.ts";

const deliver = async (): Promise<void> => {};

function refused(options: unknown, Sink: new (options: never) => unknown = BatchingSink): ConfigError {
  try {
    new Sink(options as never);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("BatchingSinkOptions", () => {
  it.each([
    ["a wrong type", { queueSize: "7" }, "queueSize", "type_mismatch"],
    ["an empty queue", { queueSize: 0 }, "queueSize", "out_of_range"],
    ["no bytes", { queueBytes: 0 }, "queueBytes", "out_of_range"],
    ["an empty batch", { batchSize: 0 }, "batchSize", "out_of_range"],
    ["no batch bytes", { batchBytes: 0 }, "batchBytes", "out_of_range"],
    ["a negative interval", { flushIntervalMs: -1 }, "flushIntervalMs", "out_of_range"],
    ["an interval that no timer can hold", { flushIntervalMs: 2 ** 31 }, "flushIntervalMs", "out_of_range"],
    ["a strategy that does not exist", { overflow: "wait" }, "overflow", "out_of_range"],
    ["block without syncDrain (D-56)", { overflow: "block" }, "overflow", "validation_failed"],
    ["no concurrency", { concurrency: 0 }, "concurrency", "out_of_range"],
    ["a level that is none", { minSeverity: "loud" }, "minSeverity", "out_of_range"],
    ["a close time that is none", { closeTimeoutMs: Number.NaN }, "closeTimeoutMs", "out_of_range"],
    ["sizeOf that is no function", { sizeOf: 7 }, "sizeOf", "type_mismatch"],
    ["syncDrain that is no function", { syncDrain: true }, "syncDrain", "type_mismatch"],
    ["release that is no function", { release: {} }, "release", "type_mismatch"],
    ["transform that is no function", { transform: "x" }, "transform", "type_mismatch"],
    ["deliver that is no function", { deliver: "x" }, "deliver", "type_mismatch"],
    ["a format that does not exist", { lineFormat: "xml", transformLine: String }, "lineFormat", "out_of_range"],
    ["lines that nothing takes", { lineFormat: "dagstack" }, "transformLine", "missing"],
    ["a taker of lines that asks for none", { transformLine: String }, "lineFormat", "missing"],
    [
      "transformLine that is no function",
      { lineFormat: "dagstack", transformLine: 1 },
      "transformLine",
      "type_mismatch",
    ],
    ["an unknown option (D-69)", { queue_size: 7 }, "queue_size", "unknown_key"],
    ["an empty id", { id: "" }, "id", "out_of_range"],
    ["no id", { id: undefined }, "id", "missing"],
    ["a back-off of nothing", { retry: { initialMs: 0 } }, "retry.initialMs", "out_of_range"],
    ["a longest wait below the first", { retry: { initialMs: 50, maxMs: 40 } }, "retry.maxMs", "out_of_range"],
    ["a negative budget", { retry: { budgetMs: -1 } }, "retry.budgetMs", "out_of_range"],
    ["no attempts", { retry: { maxAttempts: 0 } }, "retry.maxAttempts", "out_of_range"],
    ["an unknown retry option", { retry: { attempts: 1 } }, "retry.attempts", "unknown_key"],
    ["retry that is no map", { retry: 3 }, "retry", "type_mismatch"],
  ])("refuses %s", (_, options, path, reason) => {
    expect(refused({ id: "s", deliver, ...options })).toMatchObject({ path, reason, issues: { length: 1 } });
  });

  it("refuses anything that is no map of options", () => {
    expect(refused(undefined).issues.map(({ path }) => path)).toEqual(["id", "deliver"]);
    expect(refused(7).issues[0]?.path).toBe("options");
  });

  it("lists every problem at once, under the name of the class", () => {
    class LokiSink extends BatchingSink {}
    const error = refused({ queueSize: 0, retry: { budgetMs: "x" } }, LokiSink);
    expect(error.message).toMatch(/^LokiSink: 4 problems/);
    expect(error.issues.map(({ path }) => path)).toEqual(["id", "deliver", "queueSize", "retry.budgetMs"]);
  });

  it("takes the limits themselves, and a first wait above the default of the longest", () => {
    const options = {
      id: "s",
      deliver,
      queueSize: 1,
      queueBytes: 1,
      batchSize: 1,
      batchBytes: 1,
      flushIntervalMs: 2 ** 31 - 1,
      concurrency: 1,
      closeTimeoutMs: 0,
      retry: { initialMs: 60_000, budgetMs: 0, maxAttempts: 1 },
    } satisfies BatchingSinkOptions;
    expect(new BatchingSink(options).id).toBe("s");
  });
});

describe("BatchingSink: exactly one way to deliver", () => {
  class Overriding extends BatchingSink {
    override async deliver(): Promise<void> {}
  }
  class Inheriting extends Overriding {}

  it("takes the option or an override, inherited too", () => {
    expect(new BatchingSink({ id: "a", deliver }).id).toBe("a");
    expect(new Overriding({ id: "b" }).id).toBe("b");
    expect(new Inheriting({ id: "c" }).id).toBe("c");
  });

  it("refuses both", () => {
    expect(refused({ id: "s", deliver }, Overriding)).toMatchObject({ path: "deliver", reason: "duplicate" });
  });

  it("refuses neither, and a field, which is set too late to be seen", () => {
    class Field extends BatchingSink {
      override deliver = async (): Promise<void> => {};
    }
    expect(refused({ id: "s" })).toMatchObject({ path: "deliver", reason: "missing" });
    expect(refused({ id: "s" }, Field).message).toContain("override it as a method");
  });
});
