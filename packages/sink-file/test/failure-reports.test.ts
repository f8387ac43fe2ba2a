import { SinkAccount } from "@dagstack/logger-core";
import { ManualClock, RecordingContext } from "@dagstack/logger-core/testing";
import { describe, expect, test } from "vitest";
import { FailureReports } from "../src/failure-reports.ts";

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
