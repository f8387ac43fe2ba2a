/** What a flush answers: no lies, no silence, no rejection (§7.1, D-51 to D-53, D-66). */

import { accounted, errorText, goesOn, missing } from "../probes/index.ts";
import type { FlushAnswer, Lab } from "../station/index.ts";
import { defineRule, expect, PLENTY_MS, type SinkRule, type Station } from "../station/index.ts";

const SHORT_MS = 150;
/** For back-off after an outage. */
const RECOVERY_MS = 10_000;

export const flushAnswerRules: readonly SinkRule[] = [
  defineRule({
    id: "FLUSH-04",
    section: "§7.1, D-52",
    hooks: ["stall"],
    what: "When a flush runs out of time, what it says contains the word timeout.",
    why: "Who reads it must be able to tell records that still wait from records that are lost.",
    fix: 'Answer failedSinks: [{ sinkId: id, error: "timeout: 3 records still waiting" }].',
    async check(lab) {
      const station = await lab.open();
      await station.fault("stall");
      const emitted = station.emit(3);
      const answer = await station.flush(SHORT_MS);
      if (answer.success || !answer.settled || (await missing(station, emitted)).length < emitted.length) {
        lab.notApplicable("the flush did not run out of time: see FLUSH-01 and FLUSH-03");
      }
      if (!saysWhy(answer)) lab.notApplicable("the flush answers no texts");
      const texts = answer.failedSinks.map(({ error }) => error);
      expect(
        texts.some((text) => text.includes("timeout")),
        () => ({
          expected: "the word timeout in the answer of a flush that ran out of time",
          happened: `it said ${texts.map((text) => JSON.stringify(text.slice(0, 120))).join(", ")}`,
          cause: "the text names another reason, or is the same for every failure",
        }),
      );
    },
  }),
  defineRule({
    id: "FLUSH-06",
    section: "§7.1, D-52",
    what: "flush never rejects and never throws.",
    why: "Programs await it in shutdown handlers, where a rejection skips everything that comes after it.",
    fix: "Catch what goes wrong and answer success: false with the reason.",
    async check(lab) {
      const probe = await lab.open();
      await expectNoRejection(probe, "nothing had been emitted");
      for (const hook of ["stall", "fail", "reject"] as const) {
        if (!probe.hasFault(hook)) continue;
        const station = await lab.open();
        await station.fault(hook);
        station.emit(3);
        await expectNoRejection(station, `the destination was broken by ${hook}`);
      }
    },
  }),
  defineRule({
    id: "FLUSH-07",
    section: "§7.1, D-51",
    hooks: ["reject", "stall"],
    what: "After a loss, flush says so: success is false, and the number of lost records, where given, is exact.",
    why: "It is the only answer that the program itself gets about its records.",
    fix: "Count every loss since the previous flush and answer success only when there was none.",
    async check(lab) {
      const probe = await lab.open();
      const overflow = evicting(lab);
      if (!probe.hasFault("reject") && overflow === undefined) await probe.fault("reject");
      if (probe.hasFault("reject")) {
        await probe.fault("reject");
        probe.emit(6);
        await accounted(probe, lab.claims.buffered === true ? (lab.claims.deliversWithinMs ?? 2000) : 0);
        await expectLossTold(probe, "were refused by the destination");
      }
      if (overflow === undefined || !probe.hasFault("stall")) return;
      const full = await lab.open({ overflow });
      await full.fault("stall");
      full.emit((lab.claims.overflow?.inFlight ?? 0) + overflow.limit + 5);
      await full.fault("recover");
      await accounted(full, lab.claims.deliversWithinMs ?? 2000);
      await expectLossTold(full, "found the queue full");
    },
  }),
  defineRule({
    id: "FLUSH-08",
    section: "§7.1",
    hooks: ["reject", "recover"],
    what: "A loss is told by one flush; the next one answers for what came after it.",
    why: "A sink that fails once would report failure for ever, and nobody could see that it works again.",
    fix: "Note the counts when a flush ends, and compare the next one with them.",
    async check(lab) {
      const station = await lab.open();
      await station.fault("reject");
      station.emit(3);
      const first = await station.flush();
      if (first.success) lab.notApplicable("the first flush says success: see FLUSH-07");
      if (!first.settled) lab.notApplicable("the first flush does not settle: see FLUSH-12");
      await station.fault("recover");
      if (!(await goesOn(station, RECOVERY_MS))) lab.notApplicable("the sink does not go on: see FAIL-04");
      await station.flush(); // answers for what was lost after the first
      const lostBefore = station.lost;
      const emitted = station.emit(3);
      const startMs = station.time.clock.monotonicMs();
      const next = await station.flush();
      const tookMs = station.time.clock.monotonicMs() - startMs;
      if ((await missing(station, emitted)).length > 0 || station.lost > lostBefore) {
        lab.notApplicable("records do not arrive all: see FLUSH-01");
      }
      if (tookMs >= PLENTY_MS) lab.notApplicable("a flush after a loss does not end: see FLUSH-12");
      expect(next.success, () => ({
        expected: "success from a flush with nothing lost since the previous one",
        happened: "it failed, as the flush before it had",
        cause: "the count of losses is never started anew",
      }));
    },
  }),
  defineRule({
    id: "FLUSH-09",
    section: "§7.1, D-53",
    hooks: ["reject"],
    what: "A failed flush says partial exactly when something accepted since the last flush got through.",
    why: "Nothing delivered means an outage, some delivered a few bad records: they are handled differently.",
    fix: "Answer partial: true when success is false and at least one record was delivered since the last flush.",
    async check(lab) {
      const none = await lab.open();
      none.emit(2);
      await none.flush(); // from here on nothing gets through
      await none.fault("reject");
      none.emit(2);
      await expectPartial(lab, await none.flush(), false);
      const some = await lab.open();
      const emitted = some.emit(2);
      if (!(await some.arrives(emitted.length)))
        lab.notApplicable("records do not arrive without flush: see DELIVER-01");
      await some.fault("reject");
      some.emit(2);
      await expectPartial(lab, await some.flush(), true);
    },
  }),
  defineRule({
    id: "FLUSH-11",
    section: "§7.1, D-66",
    what: "flush answers nothing, { ok } or a whole FlushResult, and a failure names the sink.",
    why: "The logger takes any other answer for success: a failure told in another form is not heard.",
    fix: "Answer { success, partial, failedSinks: [{ sinkId, error }], droppedCount }, or { ok: boolean }.",
    async check(lab) {
      const probe = await lab.open();
      expectShape(probe, await probe.flush());
      probe.emit(3);
      expectShape(probe, await probe.flush());
      for (const hook of ["stall", "reject"] as const) {
        if (!probe.hasFault(hook)) continue;
        const station = await lab.open();
        await station.fault(hook);
        station.emit(3);
        expectShape(station, await station.flush(SHORT_MS));
      }
    },
  }),
];

/** The settings under which records fall out while the destination stalls, if the sink can be made to. */
function evicting(lab: Lab): { readonly strategy: "drop_oldest" | "drop_newest"; readonly limit: number } | undefined {
  const { overflow } = lab.claims;
  const strategy = overflow?.strategies.find((name) => name !== "block");
  if (strategy === undefined || overflow?.unit !== "records" || overflow.ring === true) return undefined;
  return { strategy, limit: 10 };
}

/** Whether the answer gives reasons in words, in the form of FLUSH-11. */
function saysWhy({ failedSinks }: FlushAnswer): boolean {
  return failedSinks.length > 0 && failedSinks.every((sink) => typeof sink?.error === "string");
}

async function expectNoRejection(station: Station, when: string): Promise<void> {
  const { rejected } = await station.flush(SHORT_MS);
  expect(rejected === undefined, () => ({
    expected: `flush to resolve when ${when}`,
    happened: `it rejected with ${errorText(rejected)}`,
    cause: "an error of the delivery, or of the deadline, is passed on to the caller",
  }));
}

async function expectLossTold(station: Station, what: string): Promise<void> {
  const told = station.context.dropped();
  const emitted = Array.from({ length: station.accepted }, (_, index) => index + 1);
  const { settled, success, droppedCount, result } = await station.flush();
  const lost = (await missing(station, emitted)).length;
  // A sink that takes its losses back, or does not know of them yet, is looked at by the rules on counting.
  if (lost === 0 || !settled || (station.attached && told !== lost)) return;
  // An attached sink whose flush answers nothing says nothing wrong: the logger knows of the loss (D-66).
  const saysNothing = station.attached && (result === undefined || result === null);
  expect(!success || saysNothing, () => ({
    expected: `success: false from the flush after ${lost} records ${what}`,
    happened: "it said success",
    cause: "flush asks whether the queue is empty, not whether anything was lost on the way",
  }));
  expect(droppedCount === undefined || droppedCount === lost, () => ({
    expected: `droppedCount ${lost}, or none, after ${lost} records ${what}`,
    happened: `it was ${droppedCount}`,
    cause: "batches are counted instead of records, or losses of one kind only",
  }));
}

async function expectPartial(lab: Lab, answer: FlushAnswer, some: boolean): Promise<void> {
  if (answer.success || !answer.settled) lab.notApplicable("the flush after a loss does not fail: see FLUSH-07");
  if (typeof (answer.result as { partial?: unknown } | undefined)?.partial !== "boolean") {
    lab.notApplicable("the flush does not say whether anything got through");
  }
  expect(answer.partial === some, () => ({
    expected: `partial: ${some} when of the records since the last flush ${some ? "some" : "none"} got through`,
    happened: `it was ${answer.partial}`,
    cause: "partial is a constant, or looks further back than the last flush, or at the last batch alone",
  }));
}

function expectShape({ sink }: Station, { settled, rejected, result }: FlushAnswer): void {
  if (!settled || rejected !== undefined) return;
  const problem = shapeProblem(result, sink.id);
  expect(problem === undefined, () => ({
    expected: "undefined, { ok }, or { success, partial, failedSinks, droppedCount? }",
    happened: `flush answered ${describeAnswer(result)}: ${problem ?? ""}`,
    cause: "the sink was written against another interface, or fills in the answer by hand",
  }));
}

/** What is wrong with an answer. */
function shapeProblem(result: unknown, id: string): string | undefined {
  if (result === undefined || result === null) return undefined;
  if (typeof result !== "object") return "that is no object";
  const { success, ok, partial, failedSinks, droppedCount } = result as Record<string, unknown>;
  if (typeof (success ?? ok) !== "boolean") return "neither success nor ok is true or false";
  if (partial !== undefined && typeof partial !== "boolean") return "partial is neither true nor false";
  if (partial === true && (success ?? ok) === true) return "partial goes with success: false only";
  if (droppedCount !== undefined && !isCount(droppedCount)) return "droppedCount is no whole number from 0";
  if (failedSinks === undefined && success === undefined) return undefined;
  if (!Array.isArray(failedSinks)) return "failedSinks is no list";
  if (!failedSinks.every(isFailedSink)) return "failedSinks holds something else than { sinkId, error }";
  const named = failedSinks.some((sink) => sink.sinkId === id);
  return success === false && !named ? "failedSinks does not name the sink by its id" : undefined;
}

function isCount(value: unknown): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isFailedSink(value: unknown): value is { readonly sinkId: string; readonly error: string } {
  const { sinkId, error } = (value ?? {}) as Record<string, unknown>;
  return typeof sinkId === "string" && typeof error === "string";
}

function describeAnswer(result: unknown): string {
  if (typeof result !== "object" || result === null) return typeof result;
  return `{ ${Object.keys(result).slice(0, 8).join(", ")} }`;
}
