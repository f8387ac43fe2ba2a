/** What happens when deliveries fail: told, counted, survived, and nobody else's problem (§7.3, S9). */

import { atRest, changedGlobals, firstOfEach, globalsNow, goesOn, missing } from "../probes/index.ts";
import type { Lab, Station } from "../station/index.ts";
import { defineRule, expect, numbersText, type SinkRule } from "../station/index.ts";

const OUTAGE_MS = 200;
/** For back-off after an outage, which may have grown. */
const RECOVERY_MS = 10_000;
const STORM_RECORDS = 100;
/** More than any sink has reason for: twice what was emitted, and one each 5 ms for retries. */
const STORM_REPORTS = STORM_RECORDS * 2 + OUTAGE_MS / 5;

export const failureRules: readonly SinkRule[] = [
  defineRule({
    id: "FAIL-01",
    section: "§7.1, §7.3",
    hooks: ["fail", "reject"],
    what: "A delivery that fails is told with onError.",
    why: "Otherwise the first sign of a wrong address or an expired key is that the log is empty.",
    fix: "Call context.onError(error) where a delivery is caught, also when it will be tried again.",
    async check(lab) {
      for (const { station, hook } of await broken(lab, ["fail", "reject"])) {
        if (!station.attached) lab.notApplicable("the sink has no attach, and so cannot tell of failures");
        station.emit(3);
        await aWhile(station, () => station.context.errors.length > 0);
        expect(station.context.errors.length > 0, () => ({
          expected: `at least one onError after the delivery of three records was broken by ${hook}`,
          happened: "there was none",
          cause: "the error is caught and forgotten, or the answer of the destination is not looked at",
        }));
      }
    },
  }),
  defineRule({
    id: "FAIL-02",
    section: "§7.1, S5",
    hooks: ["reject"],
    what: "Records that the destination refuses are counted as sink_error, each once.",
    why: "A wrong key or a bad field can cost every record: the number is how it is noticed.",
    fix: 'Call onDrop(count, "sink_error") with the number of records in the batch that was given up.',
    async check(lab) {
      const station = await lab.open();
      if (!station.attached) lab.notApplicable("the sink has no attach, and so cannot tell of losses");
      await station.fault("reject");
      const emitted = station.emit(10);
      await atRest(station);
      const lost = (await missing(station, emitted)).length;
      const told = station.lost;
      const right = station.context.dropped("sink_error") + (told - station.context.dropped());
      expect(told === lost && right === lost, () => ({
        expected: `${lost} records told lost as sink_error: of 10 emitted, ${10 - lost} arrived`,
        happened: `${told} were told lost, ${right} of them as sink_error`,
        cause: "a refused batch counts as one record, or only as an error, or under another reason",
      }));
    },
  }),
  defineRule({
    id: "FAIL-03",
    section: "§7.2",
    claims: ["retries"],
    hooks: ["fail", "recover"],
    what: "An outage delays records and loses none.",
    why: "That is what a sink with retries is chosen for.",
    fix: "Keep the batch until it is delivered and try again after a pause; let what is new wait behind it.",
    async check(lab) {
      const { station, emitted } = await survivedOutage(lab);
      const absent = await missing(station, emitted);
      expect(absent.length === 0, () => ({
        expected: `records 1–${emitted.length} at the destination after an outage of ${OUTAGE_MS} ms`,
        happened: `records ${numbersText(absent)} were not there ${RECOVERY_MS} ms later`,
        cause: "a failed batch is not kept, the retries end too soon, or the pause between them is too long",
      }));
    },
  }),
  defineRule({
    id: "FAIL-04",
    section: "§7.1, D-57",
    hooks: ["fail", "reject", "recover"],
    what: "After a failure the sink goes on: when the destination works again, new records arrive.",
    why: "One bad minute must not silence a program until it is started again.",
    fix: "Catch errors inside the loop of the worker, not around it; open again what was closed by an error.",
    async check(lab) {
      for (const { station, hook } of await broken(lab, ["fail", "reject"])) {
        station.emit(6);
        await aWhile(station, () => station.context.errors.length > 0);
        await station.fault("recover");
        const first = station.next;
        const alive = await goesOn(station, RECOVERY_MS);
        expect(alive, () => ({
          expected: `records after ${hook} to arrive at a destination that works again`,
          happened: `none of ${station.next - first} did, emitted over ${RECOVERY_MS} ms`,
          cause: "an error ends the worker, or the connection stays closed after it",
        }));
      }
    },
  }),
  defineRule({
    id: "FAIL-05",
    section: "§7.3, S9",
    hooks: ["fail", "reject", "stall"],
    what: "A sink whose destination is broken harms nobody: not another sink of its kind, not the process.",
    why: "A program logs to several places so that one of them always works.",
    fix: "Keep queue, worker and state of the destination in the instance; change nothing that is global.",
    async check(lab) {
      for (const { station, hook } of await broken(lab, ["fail", "reject", "stall"])) {
        const healthy = await lab.open();
        const before = globalsNow();
        for (let count = 0; count < 12; count++) {
          station.emit();
          healthy.emit();
        }
        const kick = station.beginFlush(100);
        await atRest(healthy);
        await kick.answer();
        const absent = await missing(
          healthy,
          Array.from({ length: 12 }, (_, index) => index + 1),
        );
        expect(absent.length === 0, () => ({
          expected: `12 records at the destination of a healthy sink beside one broken by ${hook}`,
          happened: `records ${numbersText(absent)} were not there`,
          cause: "instances share a queue, a connection or a switch that one failure turns off for all",
        }));
        const changed = changedGlobals(before);
        expect(changed.length === 0, () => ({
          expected: `the process as it was before deliveries were broken by ${hook}`,
          happened: `${changed.join(", ")} changed`,
          cause: "the sink replaces a global function so as to catch or to silence something",
        }));
      }
    },
  }),
  defineRule({
    id: "FAIL-06",
    level: "should",
    section: "§7.4",
    hooks: ["fail"],
    what: "An outage is told a few times, not once for every record and attempt.",
    why: "A storm of reports fills the disk that the records no longer reach.",
    fix: "Tell the first failure of an outage and its end; count the others.",
    async check(lab) {
      const station = await lab.open();
      await station.fault("fail");
      station.emit(STORM_RECORDS);
      const kick = station.beginFlush(OUTAGE_MS);
      await station.time.pass(OUTAGE_MS);
      await kick.answer();
      const reports = station.context.errors.length + station.context.diagnostics.length;
      expect(reports <= STORM_REPORTS, () => ({
        expected: `at most ${STORM_REPORTS} reports of an outage of ${OUTAGE_MS} ms with ${STORM_RECORDS} records`,
        happened: `there were ${reports}`,
        cause: "every attempt reports every record that waits",
      }));
    },
  }),
  defineRule({
    id: "FAIL-07",
    level: "should",
    section: "§7.1",
    claims: ["retries"],
    hooks: ["fail", "recover"],
    what: "After an outage records arrive in the order in which they were emitted.",
    why: "What led to the outage is read from top to bottom.",
    fix: "Try the failed batch again before anything newer, and put it back at the front if it must wait.",
    async check(lab) {
      const { station, emitted } = await survivedOutage(lab);
      const order = firstOfEach(await station.delivered()).map(({ n }) => n);
      if (order.length < emitted.length) lab.notApplicable("records did not arrive: see FAIL-03");
      expect(
        order.every((n, index) => index === 0 || n > (order[index - 1] ?? 0)),
        () => ({
          expected: `records 1–${emitted.length} in this order`,
          happened: `they arrived as ${numbersText(order)}`,
          cause: "a failed batch goes to the end of the queue, or newer ones are delivered while it waits",
        }),
      );
    },
  }),
];

type Break = "stall" | "fail" | "reject";

/** A station for each way in which the subject can be broken. */
async function broken(
  lab: Lab,
  hooks: readonly Break[],
): Promise<{ readonly station: Station; readonly hook: Break }[]> {
  const probe = await lab.open();
  const stations: { readonly station: Station; readonly hook: Break }[] = [];
  for (const hook of hooks) {
    if (!probe.hasFault(hook)) continue;
    const station = await lab.open();
    await station.fault(hook);
    stations.push({ station, hook });
  }
  if (stations.length === 0) await probe.fault(hooks[0] ?? "fail"); // which says that there is no such hook
  return stations;
}

/** Gives a delivery the time to be tried, a flush included. */
async function aWhile(station: Station, condition: () => boolean): Promise<void> {
  const kick = station.beginFlush(100);
  const told = (): boolean => !station.attached || condition();
  await station.time.until(told, (station.claims.deliversWithinMs ?? 2000) + station.time.graceMs);
  await kick.answer();
}

/** Records emitted before, during and after an outage, and time for all of them to arrive. */
async function survivedOutage(lab: Lab): Promise<{ readonly station: Station; readonly emitted: number[] }> {
  const station = await lab.open();
  await station.fault("fail");
  const emitted = station.emit(6);
  await station.time.pass(OUTAGE_MS / 2);
  emitted.push(...station.emit(6));
  await station.time.pass(OUTAGE_MS / 2);
  await station.fault("recover");
  emitted.push(...station.emit(6));
  const kick = station.beginFlush(RECOVERY_MS);
  await station.time.until(async () => (await missing(station, emitted)).length === 0, RECOVERY_MS);
  await kick.answer();
  return { station, emitted };
}
