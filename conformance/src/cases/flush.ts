/** What a flush waits for (§7.1): everything accepted before it, nothing else, and not for ever. */

import { accounted, missing } from "../probes/index.ts";
import type { FlushAnswer, Station } from "../station/index.ts";
import { defineRule, expect, numbersText, type SinkRule } from "../station/index.ts";

/** Short enough to wait for, long enough for a sink to notice. */
const SHORT_MS = 150;
/** Time for what must not happen to happen. */
const A_WHILE_MS = 30;
/** The deadline of flushes that must end long before it. */
const LONG_MS = 8000;

export const flushRules: readonly SinkRule[] = [
  defineRule({
    id: "FLUSH-01",
    section: "§7.1",
    what: "When flush says success, every record accepted before it is at the destination.",
    why: "Programs flush before they answer a request, deploy or exit, and believe the answer.",
    fix: "Resolve when the last record accepted before the call has settled, not when the queue was handed over.",
    async check(lab) {
      const station = await lab.open();
      await expectTrueSuccess(station, station.emit(10));
      if (!station.hasFault("stall")) return;
      const stuck = await lab.open();
      await stuck.fault("stall");
      await expectTrueSuccess(stuck, stuck.emit(3), SHORT_MS);
    },
  }),
  defineRule({
    id: "FLUSH-02",
    section: "§7.1",
    claims: ["buffered"],
    hooks: ["stall", "recover"],
    what: "Several flushes at once all wait for what was accepted before them, and all hear that it arrived.",
    why: "A request handler and a shutdown hook flush at the same time: neither may go on early, or hang.",
    fix: "Keep a list of waiting flushes, each with the last record that it waits for; settle each of them.",
    async check(lab) {
      const station = await lab.open();
      await station.fault("stall");
      const emitted = station.emit(3);
      const flushes = [1, 2, 3].map(() => station.beginFlush(LONG_MS));
      await station.time.pass(A_WHILE_MS);
      const early = flushes.findIndex(({ pending }) => !pending);
      if (early === 0) lab.notApplicable("the first flush does not wait either: see FLUSH-01");
      expect(early < 0, () => ({
        expected: "three flushes to wait for records 1–3, which the destination has not taken",
        happened: `flush ${early + 1} of 3 settled while they were stuck`,
        cause: "a flush that finds another under way, or its batch already taken, returns at once",
      }));
      await station.fault("recover");
      const answers: FlushAnswer[] = [];
      for (const flush of flushes) answers.push(await flush.answer());
      if (!answers.some(({ success }) => success) || (await missing(station, emitted)).length > 0) {
        lab.notApplicable("the records did not get through when the destination went on: see FLUSH-05");
      }
      const unheard = answers.findIndex(({ success }) => !success);
      expect(unheard < 0, () => ({
        expected: "all three flushes to say success once records 1–3 had arrived",
        happened: `flush ${unheard + 1} of 3 ${answers[unheard]?.settled === true ? "said otherwise" : "never settled"}`,
        cause: "there is room for one waiting flush, and the next takes its place",
      }));
    },
  }),
  defineRule({
    id: "FLUSH-03",
    section: "§7.1",
    hooks: ["stall", "fail"],
    what: "A flush settles when its time is over, whatever the destination does.",
    why: "Programs flush on their way out; a receiver that hangs must not hold them.",
    fix: "Race the wait against a timer of the time given.",
    async check(lab) {
      const probe = await lab.open();
      const hooks = (["stall", "fail"] as const).filter((hook) => probe.hasFault(hook));
      if (hooks.length === 0) await probe.fault("stall"); // which says that there is no such hook
      for (const hook of hooks) {
        const station = await lab.open();
        await station.fault(hook);
        station.emit(3);
        const { settled } = await station.flush(SHORT_MS);
        expect(settled, () => ({
          expected: `flush(${SHORT_MS}) to settle after ${SHORT_MS} ms while the destination ${WORDS[hook]}`,
          happened: `it had not ${SHORT_MS + station.time.graceMs} ms after the call`,
          cause: "flush awaits the delivery, or its retries, without a deadline, or ignores the time it is given",
        }));
      }
    },
  }),
  defineRule({
    id: "FLUSH-05",
    section: "§7.1, D-52",
    claims: ["buffered"],
    hooks: ["stall", "recover"],
    what: "What a flush could not deliver in time stays queued, and arrives when the destination works again.",
    why: "A flush is a question, not an ultimatum: a slow minute of the receiver must not cost records.",
    fix: "Let only the waiting end with the time; leave queue and batch as they are.",
    async check(lab) {
      const station = await lab.open();
      await station.fault("stall");
      const emitted = station.emit(10);
      const { success } = await station.flush(SHORT_MS);
      if (success) lab.notApplicable("the flush said success: see FLUSH-01");
      await station.fault("recover");
      await station.arrives(emitted.length, LONG_MS);
      const gone = await missing(station, emitted);
      expect(gone.length === 0, () => ({
        expected: "records 1–10 to arrive after the destination went on",
        happened: `records ${numbersText(gone)} did not`,
        cause: "a flush that runs out of time empties the queue, or stops the worker",
      }));
    },
  }),
  defineRule({
    id: "FLUSH-10",
    section: "§7.1",
    what: "With nothing waiting, flush says success at once.",
    why: "Programs flush on a timer and before every exit, mostly with nothing to do.",
    fix: "Compare what was accepted with what has settled before you wait; treat an empty queue as success.",
    async check(lab) {
      const station = await lab.open();
      await expectIdleSuccess(station, "a sink that took nothing in");
      await expectIdleSuccess(station, "the same sink again");
      const emitted = station.emit(3);
      await station.arrives(emitted.length);
      await station.flush();
      if ((await missing(station, emitted)).length > 0) lab.notApplicable("records did not arrive: see FLUSH-01");
      await expectIdleSuccess(station, "a sink that had delivered everything");
    },
  }),
  defineRule({
    id: "FLUSH-12",
    section: "§7.1, D-57",
    what: "A flush ends when everything before it is delivered or lost; it does not sit out its time.",
    why: "Every shutdown and every test would take as long as its deadline.",
    fix: "Count a record as done wherever it leaves the sink: delivered, refused, evicted.",
    async check(lab) {
      const works = await lab.open();
      works.emit(5);
      await expectEnds(works, works.beginFlush(LONG_MS), "five records were delivered");
      const refuses = await lab.open();
      if (refuses.attached && refuses.hasFault("reject")) {
        await refuses.fault("reject");
        refuses.emit(5);
        await expectEnds(refuses, refuses.beginFlush(LONG_MS), "five records were refused");
      }
      const strategy = lab.claims.overflow?.strategies.find((name) => name !== "block");
      if (strategy === undefined || lab.claims.overflow?.unit !== "records") return;
      if (!works.attached || !works.hasFault("stall")) return; // what was lost must be known
      const full = await lab.open({ overflow: { strategy, limit: 10 } });
      await full.fault("stall");
      full.emit((lab.claims.overflow.inFlight ?? 0) + 15);
      const flush = full.beginFlush(LONG_MS);
      await full.time.pass(A_WHILE_MS);
      await full.fault("recover");
      await expectEnds(full, flush, "some records were evicted and the others delivered");
    },
  }),
  defineRule({
    id: "FLUSH-13",
    section: "§7.1",
    claims: ["buffered"],
    what: "A flush waits for what was accepted before it, not for what keeps coming.",
    why: "A server under load logs all the time: its flush would never end.",
    fix: "Note the last record accepted when flush is called, and wait for that one.",
    async check(lab) {
      const station = await lab.open();
      const emitted = station.emit(10);
      const flush = station.beginFlush(LONG_MS);
      const arrived = await station.time.until(async () => {
        await emitBetweenMicrotasks(station);
        return !flush.pending || (await missing(station, emitted)).length === 0;
      }, LONG_MS / 4);
      if (!arrived) lab.notApplicable("the records before the flush did not arrive: see FLUSH-01");
      await station.time.until(async () => {
        await emitBetweenMicrotasks(station);
        return !flush.pending;
      }, station.time.graceMs);
      expect(!flush.pending, () => ({
        expected: "flush to settle once records 1–10, accepted before it, were at the destination",
        happened: `it still waited, ${station.next - 1} records later`,
        cause: "flush waits until the queue is empty, which it never is while records keep coming",
      }));
    },
  }),
  defineRule({
    id: "FLUSH-14",
    section: "§7.1",
    claims: ["buffered", "overflow"],
    hooks: ["stall"],
    what: "A flush does not end because newer records were lost.",
    why: "It would say that older ones are done while they still wait.",
    fix: "Wait for the record with the number noted, not for as many records as were accepted.",
    async check(lab) {
      const { strategies, unit, inFlight = 0 } = lab.claims.overflow ?? { strategies: [], unit: "records" };
      if (!strategies.includes("drop_newest") || unit !== "records") lab.notApplicable("it never loses the newest");
      const station = await lab.open({ overflow: { strategy: "drop_newest", limit: 10 } });
      await station.fault("stall");
      station.emit(5);
      const flush = station.beginFlush(LONG_MS);
      await station.time.pass(A_WHILE_MS);
      if (!flush.pending) lab.notApplicable("a flush does not wait at all: see FLUSH-01");
      station.emit(inFlight + 30);
      await station.time.pass(A_WHILE_MS);
      expect(flush.pending, () => ({
        expected: "flush to wait for records 1–5, which the destination has not taken",
        happened: "it settled when newer records were refused by the full queue",
        cause: "flush compares how many were accepted with how many are done, not which",
      }));
    },
  }),
];

const WORDS = { stall: "stalls", fail: "fails" } as const;

async function expectTrueSuccess(station: Station, emitted: readonly number[], timeoutMs?: number): Promise<void> {
  const flush = station.beginFlush(timeoutMs);
  // In small steps, so as to look when it has just settled and not when the rest has arrived as well.
  await station.time.until(() => !flush.pending, SHORT_MS);
  const { success } = await flush.answer();
  const absent = success ? await missing(station, emitted) : [];
  expect(absent.length === 0, () => ({
    expected: `records ${numbersText(emitted)} at the destination once flush said success`,
    happened: `records ${numbersText(absent)} were not there`,
    cause: "flush resolves when it has started a delivery, or leaves out a batch that is not full or under way",
  }));
}

async function expectIdleSuccess(station: Station, which: string): Promise<void> {
  const { success, settled, rejected } = await station.flush(LONG_MS);
  expect(success, () => ({
    expected: `the flush of ${which} to say success`,
    happened: !settled ? "it did not settle" : rejected === undefined ? "it said otherwise" : "it rejected",
    cause: "flush waits for the next batch, or takes nothing delivered for a failure",
  }));
}

async function expectEnds(station: Station, flush: { readonly pending: boolean }, when: string): Promise<void> {
  if (!(await accounted(station, LONG_MS / 4))) return; // nobody knows what became of them: other rules look at that
  const ended = await station.time.until(() => !flush.pending, station.time.graceMs);
  expect(ended, () => ({
    expected: `flush(${LONG_MS}) to settle soon after ${when}`,
    happened: `it still waited ${station.time.graceMs} ms later`,
    cause: "flush waits for a count that lost records never reach, or always until its deadline",
  }));
}

/** A record between microtasks, so that the queue is never seen empty. */
async function emitBetweenMicrotasks(station: Station): Promise<void> {
  for (let count = 0; count < 50; count++) {
    station.emit();
    await Promise.resolve();
  }
}
