import { SinkAccount } from "@dagstack/logger-core";
import { ManualClock, RecordingContext } from "@dagstack/logger-core/testing";
import { describe, expect, test } from "vitest";
import { FailureReports } from "../src/failure-reports.ts";
import { setUp as setUpSink } from "./set-up.ts";

function setUp() {
  const clock = new ManualClock();
  const context = new RecordingContext(clock);
  const account = new SinkAccount("s");
  const reports = new FailureReports("s", account, () => account.clock);
  const attach = (to = context) => {
    account.attach(to);
    reports.attached();
  };
  return { clock, context, reports, attach };
}

describe("FailureReports (design §8.8)", () => {
  test("what was mended before there was a context is told to the first one, once", () => {
    const { reports, attach, context } = setUp();
    reports.healed("mended");
    expect(context.diagnostics).toEqual([]);
    attach();
    attach();
    expect(context.diagnostics).toEqual([{ event: "sink_recovered", sinkId: "s", reason: "mended" }]);
  });

  test("one report a second at most, and the answer says whether it was made", async () => {
    const { reports, attach, context, clock } = setUp();
    attach();
    const answers: boolean[] = [];
    for (const wait of [500, 499, 1, 999, 1]) {
      answers.push(reports.report(new Error("x")));
      await clock.advance(wait);
    }
    answers.push(reports.report(new Error("x")));
    expect(answers).toEqual([true, false, false, true, false, true]);
    expect(context.errors).toHaveLength(3);
  });

  test("without a context none is made, and the second does not begin", () => {
    const { reports, attach } = setUp();
    expect(reports.report(new Error("x"))).toBe(false);
    attach();
    expect(reports.report(new Error("x"))).toBe(true);
  });

  test("a new context may bring another clock, so the second begins anew", async () => {
    const { reports, attach, clock } = setUp();
    await clock.advance(60_000);
    attach();
    reports.report(new Error("x"));
    attach(new RecordingContext(new ManualClock()));
    expect(reports.report(new Error("x"))).toBe(true);
  });
});

describe("what happens once is told (issue 11, L)", () => {
  test("though another report was made within the second: when it is over", async () => {
    const { reports, attach, context, clock } = setUp();
    attach();
    reports.report(new Error("first"));
    reports.tell(new Error("second"));
    reports.tell(new Error("third"));
    expect(context.errors).toHaveLength(1);
    await clock.advance(1_000);
    expect(context.errors.map(({ error }) => String(error))).toEqual(["Error: first", "Error: second"]);
    await clock.advance(1_000);
    expect(context.errors.map(({ error }) => String(error)).at(-1)).toBe("Error: third");
    expect(clock.pendingTimers).toBe(0);
  });

  test("though there was no context yet: when there is one", () => {
    const { reports, attach, context } = setUp();
    reports.tell(new Error("early"));
    attach();
    expect(context.errors).toHaveLength(1);
  });

  test("though the sink is closed before: then", () => {
    const { reports, attach, context, clock } = setUp();
    attach();
    reports.tell(new Error("first"));
    reports.tell(new Error("second"));
    reports.close();
    expect([context.errors.length, clock.pendingTimers]).toEqual([2, 0]);
  });

  test("the same again while it waits is one report, and no more than eight wait", async () => {
    const { reports, attach, context } = setUp();
    attach();
    for (let i = 0; i < 3; i++) reports.tell(new Error("same"));
    for (let i = 0; i < 100; i++) reports.tell(new Error(`other ${i}`));
    reports.close();
    expect(context.errors).toHaveLength(1 + 8);
  });
});

test("what went wrong once, within the second of another report, is told at close (issue 11, L)", async () => {
  const { fs, sink, emit, context } = setUpSink({ fsync: "flush", rotation: { size: 4, keep: 2 } });
  const due = new Set<string>(["rename", "fsync"]);
  fs.fault = (operation) => (due.delete(operation) ? `E${operation.toUpperCase()}` : undefined);
  emit("aaa", "bbb");
  await sink.flush();
  expect(context.errors.map(({ type }) => type)).toEqual(["ERENAME"]);
  await sink.close();
  expect(context.errors.map(({ type }) => type)).toEqual(["ERENAME", "EFSYNC"]);
});
