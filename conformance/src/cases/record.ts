/** What becomes of a record on its way: it arrives as it was, in order, with its observed time (§1.2, §7.1). */
import { severityText, type Value } from "@dagstack/logger-core";
import { askSeverity, atRest, firstDifference, firstOfEach, thawed } from "../probes/index.ts";
import { bodyOf, defineRule, expect, numbersText, type Seen, type SinkRule, sameValue } from "../station/index.ts";

const ATTRIBUTES = {
  "http.method": "GET",
  "http.status": 200,
  ratio: 0.5,
  cached: false,
  tags: ["a", "b"],
  order: { id: 17, lines: [{ sku: "x-1", count: 2 }] },
};
const OBSERVED_UNIX_NANO = 1_600_000_000_000_000_000n;
const NANOS_PER_MS = 1_000_000n;
/** A batch may be sent this much later than a record was emitted before the difference can be seen. */
const WAIT_MS = 50;
/** System clocks are read in milliseconds by some sinks, and are adjusted. */
const REAL_CLOCKS_DIFFER_MS = 10;

export const recordRules: readonly SinkRule[] = [
  defineRule({
    id: "EMIT-01",
    section: "§7.1 (S1)",
    what: "A record that was emitted is at the destination after flush, with its body and its attributes as they were.",
    why: "That is what a sink is for.",
    fix: "Hand body and attributes over whole, with their types; what the destination cannot hold, encode.",
    async check(lab) {
      const station = await lab.open();
      const n = station.next;
      const [emitted] = station.emit(1, { attributes: { n, ...ATTRIBUTES } });
      const seen = (await atRest(station)).find((record) => record.n === emitted);
      expect(seen !== undefined, () => ({
        expected: `record ${n} at the destination after flush`,
        happened: "it was not there",
        cause: "the sink has not sent it, or delivered() of the subject does not show it",
      }));
      expect(typeof seen.body === "string" && seen.body.includes(bodyOf(n)), () => ({
        expected: `the body "${bodyOf(n)}"`,
        happened: `it was ${shown(seen.body)}`,
        cause: "the sink shortens or reformats the body",
      }));
      const { attributes } = seen;
      if (attributes === undefined) return;
      for (const [key, value] of Object.entries(ATTRIBUTES)) {
        expect(Object.hasOwn(attributes, key) && sameValue(value, attributes[key]), () => ({
          expected: `the attribute ${key} to be ${shown(value)}`,
          happened: Object.hasOwn(attributes, key) ? `it was ${shown(attributes[key])}` : "it was not there",
          cause: "attributes are turned into text, flattened, or left out when they are null, false or not flat",
        }));
      }
    },
  }),
  defineRule({
    id: "EMIT-05",
    section: "§7.1",
    what: "Records arrive in the order in which they were emitted, over partial and full batches.",
    why: "A log is read from top to bottom: in another order it tells another story.",
    fix: "Take from the head of the queue, have one batch under way at a time, and send it again before the next.",
    async check(lab) {
      const station = await lab.open();
      station.emit(1);
      await station.flush();
      station.emit(45);
      await station.time.turns();
      station.emit(3);
      const arrived = firstOfEach(await atRest(station)).map(({ n }) => n);
      const late = arrived.find((n, index) => index > 0 && n < (arrived[index - 1] ?? 0));
      expect(late === undefined, () => ({
        expected: "ascending numbers at the destination",
        happened: `record ${late} came after a later one: ${numbersText(arrived)}`,
        cause: "the queue is emptied from its newer end, batches overtake each other, or delivered() sorts",
      }));
    },
  }),
  defineRule({
    id: "EMIT-06",
    section: "§1.1, §7.1 (S10)",
    what: "The record is not changed: not by emit, not when it is delivered, not by flush or close.",
    why: "All sinks share one record: what one changes, the next one writes.",
    fix: "Change a copy: withObservedTime(record, now) makes one where it is needed.",
    async check(lab) {
      const station = await lab.open();
      const frozen = station.records(2, { attributes: ATTRIBUTES });
      // Where code is not strict, writing to a frozen object does nothing: a copy that can be changed shows it.
      const records = frozen.map(thawed);
      const unchanged = (when: string): void => {
        for (const [index, record] of records.entries()) {
          const difference = firstDifference(frozen[index], record);
          expect(difference === undefined, () => ({
            expected: `the record as it was emitted, ${when}`,
            happened: difference ?? "",
            cause: "the sink sets the observed time, or adds to or cleans the attributes, on the record itself",
          }));
        }
      };
      for (const record of records) station.emitRecord(record);
      unchanged("after emit");
      await atRest(station);
      unchanged("after delivery");
      await station.close();
      unchanged("after close");
    },
  }),
  defineRule({
    id: "EMIT-07",
    section: "§1.2, §7.1 (S11), D-14",
    what: "What is delivered has an observed time: the time of emit, not that of the delivery.",
    why: "The distance between the two times tells how long records wait; stamped at delivery it is always nothing.",
    fix: "Begin emit with withObservedTime(record, context.clock.now()) and queue its result.",
    async check(lab) {
      const station = await lab.open();
      const { time } = station;
      const toleranceMs = time.pendingTimers === undefined ? REAL_CLOCKS_DIFFER_MS : 0;
      const earliest = time.clock.now();
      const numbers = station.emit(3);
      const latest = time.clock.now();
      await time.pass(WAIT_MS + toleranceMs);
      for (const { n, observedTimeUnixNano } of shownTimes(await atRest(station), numbers, lab)) {
        expect(typeof observedTimeUnixNano === "bigint", () => ({
          expected: `an observed time in record ${n}`,
          happened: `it was ${shown(observedTimeUnixNano)}`,
          cause: "the sink passes the shared record on, whose observed time is for the sink to set",
        }));
        const early = Number(earliest - observedTimeUnixNano) / Number(NANOS_PER_MS);
        const late = Number(observedTimeUnixNano - latest) / Number(NANOS_PER_MS);
        expect(early <= toleranceMs && late <= toleranceMs, () => ({
          expected: `the time of emit as the observed time of record ${n}`,
          happened: late > 0 ? `it was ${ms(late)} later` : `it was ${ms(early)} earlier`,
          cause: "the time is set when the batch is sent, in another unit, or from another clock than the context's",
        }));
      }
    },
  }),
  defineRule({
    id: "EMIT-08",
    section: "§1.2, D-14",
    what: "An observed time that a record already has stays.",
    why: "Whoever set it, such as a collector that forwards, saw the record first.",
    fix: "Set the time only where it is null: withObservedTime does.",
    async check(lab) {
      const station = await lab.open();
      const numbers = station.emit(2, { observedTimeUnixNano: OBSERVED_UNIX_NANO });
      for (const { n, observedTimeUnixNano } of shownTimes(await atRest(station), numbers, lab)) {
        expect(observedTimeUnixNano === OBSERVED_UNIX_NANO, () => ({
          expected: `the observed time ${OBSERVED_UNIX_NANO} of record ${n}`,
          happened: `it was ${shown(observedTimeUnixNano)}`,
          cause: "the sink sets the time without looking whether it is there",
        }));
      }
    },
  }),
  defineRule({
    id: "EMIT-10",
    section: "§2, §7.1",
    what: "Each of the 24 severities arrives as it is.",
    why: "The numbers between the six names are in use: a record of 11 that comes back as 9 is not found again.",
    fix: "Hand severityNumber over; derive the text, or the destination's level, beside it.",
    async check(lab) {
      const station = await lab.open(lab.claims.threshold === true ? { minSeverity: 1 } : {});
      const severities = new Map<number, number>();
      for (let severityNumber = 1; severityNumber <= 24; severityNumber++) {
        if (!askSeverity(station.sink, severityNumber)) continue;
        const [n = 0] = station.emit(1, { severityNumber, severityText: severityText(severityNumber) });
        severities.set(n, severityNumber);
      }
      const seen = (await atRest(station)).filter(({ severityNumber }) => severityNumber !== undefined);
      if (seen.length === 0) lab.notApplicable("the destination does not show severities");
      for (const { n, severityNumber } of seen) {
        expect(severityNumber === severities.get(n), () => ({
          expected: `severity ${severities.get(n)} of record ${n}`,
          happened: `it was ${shown(severityNumber)}`,
          cause: "the sink maps severities to its six names, or to the destination's levels, and back",
        }));
      }
    },
  }),
];

/** The records that show an observed time or that there is none; ends the check where the destination shows neither. */
function shownTimes(
  seen: readonly Seen[],
  numbers: readonly number[],
  lab: { notApplicable(reason: string): never },
): Seen[] {
  const shown = seen.filter(({ n, observedTimeUnixNano }) => numbers.includes(n) && observedTimeUnixNano !== undefined);
  if (shown.length === 0) lab.notApplicable("the destination does not show observed times");
  return shown;
}

function shown(value: Value | undefined): string {
  if (typeof value === "bigint") return String(value);
  const text = JSON.stringify(value, (_, member: unknown) => (typeof member === "bigint" ? String(member) : member));
  return text === undefined ? "missing" : text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function ms(duration: number): string {
  return `${Number(duration.toFixed(3))} ms`;
}
