/** What close does for what was accepted before it (§7.1). Records that come later: close-late.ts. */

import { errorText, missing } from "../probes/index.ts";
import type { Lab, Settled, Station } from "../station/index.ts";
import { defineRule, expect, numbersText, type SinkRule } from "../station/index.ts";

const SHORT_MS = 150;

export const closeRules: readonly SinkRule[] = [
  defineRule({
    id: "CLOSE-01",
    section: "§7.1",
    what: "Everything accepted before close is at the destination when close resolves.",
    why: "The last records before a shutdown are the ones that explain it.",
    fix: "Stop accepting, deliver what waits including the last partial batch, then release.",
    async check(lab) {
      const station = await lab.open();
      const emitted = station.emit(10);
      const closed = await station.close();
      if (closed.kind === "pending") lab.notApplicable("close does not settle: see CLOSE-06");
      const absent = await missing(station, emitted);
      expect(absent.length === 0, () => ({
        expected: "records 1–10 at the destination once close had resolved",
        happened: `records ${numbersText(absent)} were not there`,
        cause: "close cancels the timer of the last partial batch, or releases without waiting for the worker",
      }));
    },
  }),
  defineRule({
    id: "CLOSE-02",
    section: "§7.1",
    what: "close can be called several times, at once and later: each call resolves, and nothing is delivered twice.",
    why: "Shutdown hooks, tests and a block that owns the sink each close it.",
    fix: "Keep the promise of the first call and return it from the others.",
    async check(lab) {
      const station = await lab.open();
      const emitted = station.emit(5);
      const calls = [station.beginClose(), station.beginClose()];
      const settled: Settled<unknown>[] = [];
      for (const call of calls) settled.push(await call.answer());
      settled.push(await station.close());
      if (settled[0]?.kind !== "resolved") lab.notApplicable("a single close does not resolve: see CLOSE-10");
      const [, again, later] = settled;
      expect(again?.kind === "resolved" && later?.kind === "resolved", () => ({
        expected: "three calls of close to resolve, two of them at once",
        happened: `the second was ${again?.kind}, the third ${later?.kind}`,
        cause: "a closed sink refuses to be closed, or the second call waits for a worker that has ended",
      }));
      const delivered = await station.delivered();
      const twice = emitted.filter((n) => delivered.filter((seen) => seen.n === n).length > 1);
      expect(twice.length === 0, () => ({
        expected: "each of records 1–5 at the destination once",
        happened: `records ${numbersText(twice)} were there more than once`,
        cause: "each call of close delivers what it finds, also what another call is delivering",
      }));
    },
  }),
  defineRule({
    id: "CLOSE-06",
    section: "§7.1",
    hooks: ["stall", "fail"],
    what: "close settles when its time is over, whatever the destination does.",
    why: "A receiver that hangs would keep the program from ending.",
    fix: "Race the delivery against a timer of the time given, or of a close timeout of the sink's own.",
    async check(lab) {
      for (const { station, word } of await broken(lab)) {
        station.emit(6);
        const { kind } = await station.close(SHORT_MS);
        const claimedMs = lab.claims.closeTimeoutMs ?? 5000;
        expect(kind !== "pending", () => ({
          expected: `close(${SHORT_MS}) to settle within ${Math.max(SHORT_MS, claimedMs)} ms while the destination ${word}`,
          happened: `it had not ${Math.max(SHORT_MS, claimedMs) + station.time.graceMs} ms after the call`,
          cause: "close awaits the worker, or its retries, without a deadline",
        }));
      }
    },
  }),
  defineRule({
    id: "CLOSE-07",
    section: "§7.1, D-57",
    claims: ["buffered"],
    hooks: ["stall"],
    what: "What is left when close runs out of time is counted as closed, each record once.",
    why: "Otherwise the records of an outage at shutdown are lost without anybody knowing.",
    fix: 'Call onDrop(left, "closed") with what waits and what is under way when the time is over.',
    async check(lab) {
      const station = await timedOutClose(lab);
      const arrived = (await station.deliveredNumbers()).length;
      const left = station.accepted - arrived - station.thrown.length;
      const closed = station.context.dropped("closed");
      expect(closed === left && station.context.dropped() === left, () => ({
        expected: `${left} records told lost as closed: 10 were accepted and ${arrived} had arrived when close resolved`,
        happened: `${station.context.dropped()} were told lost, ${closed} of them as closed`,
        cause: "a close that times out says nothing, or forgets what waits or the batch under way",
      }));
    },
  }),
  defineRule({
    id: "CLOSE-10",
    section: "§7.1",
    what: "close does not reject or throw.",
    why: "What comes after it in a shutdown, such as closing the other sinks of the program, would be skipped.",
    fix: "Catch what goes wrong while releasing, tell it with onError, and resolve.",
    async check(lab) {
      const probe = await lab.open();
      for (const hook of ["stall", "fail", "reject"] as const) {
        if (!probe.hasFault(hook)) continue;
        const station = await lab.open();
        await station.fault(hook);
        station.emit(3);
        await expectNoRejection(station, `the destination was broken by ${hook}`);
      }
      probe.emit(3);
      await expectNoRejection(probe, "three records had been emitted");
    },
  }),
  defineRule({
    id: "CLOSE-11",
    section: "§7.1",
    claims: ["buffered"],
    hooks: ["stall", "recover"],
    what: "What close has given up is told once: nothing that happens later is told of it.",
    why: "A record that counts as lost and as delivered makes every number after it wrong.",
    fix: "End the worker when close runs out of time, and ignore what a delivery under way answers later.",
    async check(lab) {
      const station = await timedOutClose(lab);
      const toldAtClose = station.context.delivered + station.context.dropped();
      await station.fault("recover");
      await station.time.pass(Math.min(300, lab.claims.deliversWithinMs ?? 300));
      const { delivered } = station.context;
      const toldLater = delivered + station.context.dropped() - toldAtClose;
      expect(toldLater <= 0, () => ({
        expected: "silence about 10 records that were settled when close ran out of time",
        happened: `${toldLater} more were told delivered or lost when the destination went on`,
        cause: "the worker goes on after close gave up, or a late answer is counted",
      }));
    },
  }),
];

/** A station for each way in which the subject can be broken for a while. */
async function broken(lab: Lab): Promise<{ readonly station: Station; readonly word: string }[]> {
  const probe = await lab.open();
  const stations: { readonly station: Station; readonly word: string }[] = [];
  for (const [hook, word] of [
    ["stall", "stalls"],
    ["fail", "fails"],
  ] as const) {
    if (!probe.hasFault(hook)) continue;
    const station = await lab.open();
    await station.fault(hook);
    stations.push({ station, word });
  }
  if (stations.length === 0) await probe.fault("stall"); // which says that there is no such hook
  return stations;
}

/** A sink that was closed with ten records stuck, and could not get rid of them in time. */
async function timedOutClose(lab: Lab): Promise<Station> {
  const station = await lab.open();
  if (!station.attached) lab.notApplicable("the sink has no attach, and so cannot tell of losses");
  await station.fault("stall");
  station.emit(10);
  const { kind } = await station.close(SHORT_MS);
  if (kind === "pending") lab.notApplicable("close does not settle: see CLOSE-06");
  return station;
}

async function expectNoRejection(station: Station, when: string): Promise<void> {
  const closed = await station.close(SHORT_MS);
  expect(closed.kind !== "rejected", () => ({
    expected: `close to resolve when ${when}`,
    happened: `it rejected with ${errorText(closed.kind === "rejected" ? closed.error : undefined)}`,
    cause: "an error of the last delivery, or of the deadline, is passed on to the caller",
  }));
}
