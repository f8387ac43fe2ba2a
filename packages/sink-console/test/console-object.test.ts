import { testRecord } from "@dagstack/logger-core/testing";
import { formatPretty, toDagstackJsonl } from "@dagstack/logger-core/wire";
import { describe, expect, it } from "vitest";
import type { ConsoleLike, ConsoleSinkOptions } from "../src/index.ts";
import { attached } from "./set-up.ts";

function browser(options: ConsoleSinkOptions = {}) {
  const calls: [method: string, text: string][] = [];
  const method =
    (name: string) =>
    (text: string): void =>
      void calls.push([name, text]);
  const console: ConsoleLike = {
    debug: method("debug"),
    info: method("info"),
    warn: method("warn"),
    error: method("error"),
  };
  return { calls, ...attached(options, { console }) };
}

describe("ConsoleSink without a process stream: browsers", () => {
  it.each([
    [1, "debug"],
    [8, "debug"],
    [9, "info"],
    [12, "info"],
    [13, "warn"],
    [16, "warn"],
    [17, "error"],
    [24, "error"],
  ])("severity %i goes to console.%s", (severityNumber, method) => {
    const { sink, calls } = browser();
    sink.emit(testRecord({ severityNumber }));
    expect(calls.map(([name]) => name)).toEqual([method]);
  });

  it("gets pretty text without colour and without a line end", () => {
    const { sink, calls } = browser();
    sink.emit(testRecord());
    expect(calls[0]?.[1]).toBe(formatPretty(testRecord(), { nameWidth: 12 }));
    expect(sink.lineFormat).toBeUndefined();
  });

  it("gets a JSON line in mode json, through emitLine too", () => {
    const { sink, calls } = browser({ mode: "json" });
    const record = testRecord({ observedTimeUnixNano: 1n });
    sink.emit(record);
    sink.emitLine(17, new TextEncoder().encode(toDagstackJsonl(record)));
    expect(calls).toEqual([
      ["info", toDagstackJsonl(record)],
      ["error", toDagstackJsonl(record)],
    ]);
    expect(sink.lineFormat).toBeUndefined();
  });

  it("counts a record as delivered at once, and flush and close have nothing to wait for", async () => {
    const { sink, emit, context, clock } = browser();
    emit("a");
    expect(context.ledger).toMatchObject({ delivered: 1, pending: 0 });
    expect((await sink.flush(0)).success).toBe(true);
    await sink.close();
    sink.flushSync();
    emit("late");
    expect(context.ledger.dropped("closed")).toBe(1);
    expect(clock.pendingTimers).toBe(0);
  });

  it("a console that throws is a sink error (§7.3)", async () => {
    const fail = (): never => {
      throw new Error("boom");
    };
    const console = { debug: fail, info: fail, warn: fail, error: fail };
    const { sink, emit, context } = attached({}, { console });
    emit("a");
    expect(context.ledger.snapshot()).toMatchObject({ pending: 0, dropped: { sink_error: 1 } });
    expect(await sink.flush()).toMatchObject({ success: false, droppedCount: 1 });
  });

  it("S12 a console that logs into the sink does not recurse (D-63)", () => {
    let calls = 0;
    let log = (): void => {};
    const info = (): void => {
      calls++;
      log();
    };
    const { emit, context } = attached({}, { console: { debug: info, info, warn: info, error: info } });
    log = () => emit("inner", "inner");
    emit("outer");
    expect(calls).toBe(1);
    expect(context.ledger.snapshot()).toEqual({ accepted: 3, delivered: 1, pending: 0, dropped: { sink_error: 2 } });
    expect(context.errors.map(({ type }) => type)).toEqual(["reentrant_emit"]);
  });

  it("uses the console when the process has no such stream", () => {
    const { sink, context } = attached({ stream: "stdout" }, { process: { stderr: { write: () => true } }, console });
    expect(sink.lineFormat).toBeUndefined();
    expect(context.errors).toEqual([]);
  });
});
