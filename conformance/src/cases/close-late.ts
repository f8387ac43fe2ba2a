/** What becomes of records that come during and after close (§7.1, S4). */

import { errorText, missing } from "../probes/index.ts";
import type { Lab, Station, Underway } from "../station/index.ts";
import { defineRule, expect, numbersText, type SinkRule } from "../station/index.ts";

const SHORT_MS = 150;

export const closeLateRules: readonly SinkRule[] = [
  defineRule({
    id: "CLOSE-03",
    section: "§7.1",
    what: "A record emitted after close never reaches the destination.",
    why: "Its file may belong to somebody else by then, its connection is gone.",
    fix: "Set a flag at the start of close and look at it first in emit.",
    async check(lab) {
      const station = await closedStation(lab);
      const late = station.emit(6);
      const arrived = await arrivedOf(station, late);
      expect(arrived.length === 0, () => ({
        expected: "none of six records emitted after close at the destination",
        happened: `records ${numbersText(arrived)} arrived`,
        cause: "emit does not look whether the sink is closed, and starts the worker or reopens the destination",
      }));
    },
  }),
  defineRule({
    id: "CLOSE-04",
    section: "§7.1",
    what: "A record emitted after close is counted as closed, once.",
    why: "Records that come too late are lost like any others: whoever looks for them must find the number.",
    fix: 'Call onDrop(1, "closed") for each record that emit turns away after close.',
    async check(lab) {
      const station = await closedStation(lab);
      if (!station.attached) lab.notApplicable("the sink has no attach, and so cannot tell of losses");
      const { context } = station;
      const before = { told: context.dropped(), closed: context.dropped("closed"), thrown: station.thrown.length };
      const late = station.emit(6);
      const arrived = (await arrivedOf(station, late)).length;
      if (station.thrown.length > before.thrown) lab.notApplicable("emit throws after close, which counts as well");
      const absent = late.length - arrived;
      const told = context.dropped() - before.told;
      const closed = context.dropped("closed") - before.closed;
      expect(told === absent && closed === absent, () => ({
        expected: `${absent} records told lost as closed, of six emitted after close`,
        happened: `${told} were told lost, ${closed} of them as closed`,
        cause: "emit returns without a word, or counts under another reason, or twice",
      }));
    },
  }),
  defineRule({
    id: "CLOSE-05",
    section: "§7.1, S4",
    what: "Each record emitted while close is under way is delivered or counted as lost: never both, never neither.",
    why: "Requests are still being answered when a server shuts down, and they log.",
    fix: "Decide in emit, synchronously: either the record goes where close still looks, or it is refused.",
    async check(lab) {
      const station = await lab.open();
      if (!station.attached) lab.notApplicable("the sink has no attach, and so cannot tell of losses");
      const early = station.emit(6);
      await expectExactRace(lab, station, early, station.beginClose());
      if (!station.hasFault("stall") || lab.claims.buffered !== true) return;
      const stuck = await lab.open();
      await stuck.fault("stall");
      const waiting = stuck.emit(6);
      await stuck.time.turns();
      const close = stuck.beginClose();
      stuck.emit(3);
      await stuck.time.turns();
      await stuck.fault("recover");
      await expectExactRace(lab, stuck, waiting, close);
    },
  }),
  defineRule({
    id: "CLOSE-08",
    section: "§7.1",
    what: "A flush after close settles, without rejecting.",
    why: "Several parts of a program shut it down, in no particular order.",
    fix: "Answer at once with what there is to say: everything is settled after close.",
    async check(lab) {
      const station = await closedStation(lab);
      await expectHarmlessFlush(station, "a close that went well");
      if (!station.hasFault("stall")) return;
      const stuck = await lab.open();
      await stuck.fault("stall");
      stuck.emit(6);
      if ((await stuck.close(SHORT_MS)).kind !== "pending") await expectHarmlessFlush(stuck, "a close that timed out");
    },
  }),
  defineRule({
    id: "CLOSE-09",
    section: "§7.1",
    claims: ["buffered"],
    hooks: ["stall", "recover"],
    what: "A close that ran out of time is final: what is emitted after it does not arrive when the destination recovers.",
    why: "The logger has counted these records as lost and let go of the sink.",
    fix: "Stay closed whatever became of close, and start no worker for what comes later.",
    async check(lab) {
      const station = await lab.open();
      await station.fault("stall");
      station.emit(10);
      const { kind } = await station.close(SHORT_MS);
      if (kind === "pending") lab.notApplicable("close does not settle: see CLOSE-06");
      const late = station.emit(6);
      await station.fault("recover");
      const arrived = await arrivedOf(station, late);
      expect(arrived.length === 0, () => ({
        expected: "none of six records at the destination that were emitted after close had run out of time",
        happened: `records ${numbersText(arrived)} arrived when the destination went on`,
        cause: "a close that fails leaves the sink open, so that it can be tried again",
      }));
    },
  }),
];

/** A sink that has taken three records in and was closed. */
async function closedStation(lab: Lab): Promise<Station> {
  const station = await lab.open();
  station.emit(3);
  const { kind } = await station.close();
  if (kind === "pending") lab.notApplicable("close does not settle: see CLOSE-06");
  return station;
}

/** Those of the records that are at the destination after a while, a flush included. */
async function arrivedOf(station: Station, numbers: readonly number[]): Promise<number[]> {
  await station.flush(SHORT_MS);
  await station.time.pass(Math.min(300, station.claims.deliversWithinMs ?? 300));
  const absent = await missing(station, numbers);
  return numbers.filter((n) => !absent.includes(n));
}

/** Emits into a close under way: in the same turn, between microtasks and between turns. */
async function expectExactRace(
  lab: Lab,
  station: Station,
  early: readonly number[],
  close: Underway<{ readonly kind: string }>,
): Promise<void> {
  station.emit(3);
  for (let microtask = 0; microtask < 20 && close.pending; microtask++) {
    station.emit();
    await Promise.resolve();
  }
  for (let turn = 0; turn < 20 && close.pending; turn++) {
    station.emit();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { kind } = await close.answer();
  if (kind === "pending") lab.notApplicable("close does not settle: see CLOSE-06");
  const first = early.length + 1;
  const raced = Array.from({ length: station.next - first }, (_, index) => first + index);
  await station.time.until(async () => (await missing(station, raced)).length <= station.lost, station.time.graceMs);
  const absent = (await missing(station, raced)).length;
  const lostBefore = (await missing(station, early)).length;
  const { lost } = station;
  // Whether the earlier ones arrive is for CLOSE-01: here they may be among the lost, or not.
  expect(lost >= absent && lost <= absent + lostBefore, () => ({
    expected: `${absent} records told lost: of ${raced.length} emitted while close was under way, ${raced.length - absent} arrived`,
    happened: `${lost} were told lost${lostBefore === 0 ? "" : `, and ${lostBefore} of the earlier ones had not arrived`}`,
    cause: "records get into a queue that nobody reads any more, or are counted and delivered as well",
  }));
}

async function expectHarmlessFlush(station: Station, after: string): Promise<void> {
  const { settled, rejected } = await station.flush(SHORT_MS);
  expect(settled && rejected === undefined, () => ({
    expected: `a flush after ${after} to resolve`,
    happened: settled ? `it rejected with ${errorText(rejected)}` : "it did not settle",
    cause: "a closed sink refuses to be flushed, or flush waits for a worker that has ended",
  }));
}
