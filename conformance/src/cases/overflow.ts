/** What gives way when a bounded queue is full: exactly the right records, exactly counted (§7.1, S5). */

import { atRest, missing } from "../probes/index.ts";
import type { Lab, Station } from "../station/index.ts";
import { defineRule, expect, numbersText, type SinkRule } from "../station/index.ts";
import type { OverflowClaim, OverflowStrategy } from "../subject/index.ts";

const LIMIT_RECORDS = 12;
const SURPLUS_RECORDS = 9;
const LIMIT_BYTES = 16_384;
const PADDING = "0123456789abcdef".repeat(64);
/** Of about a kilobyte each: more than a chunk under way and the queue behind it can hold. */
const BURST_OF_BYTES = 400;

export const overflowRules: readonly SinkRule[] = [
  defineRule({
    id: "OVERFLOW-01",
    section: "§7.1",
    claims: ["overflow"],
    hooks: ["stall", "recover"],
    what: "With drop_oldest a full queue keeps the newest records, as many as its limit says.",
    why: "What happened last explains why the destination is away.",
    fix: "Evict the oldest waiting record when the queue holds as many as it may, then add the new one.",
    async check(lab) {
      const full = await overflown(lab, "drop_oldest");
      const { survivors, emitted, kept } = full;
      if (kept !== undefined) {
        const expected = [...range(1, kept.underWay), ...range(emitted - kept.waiting + 1, emitted)];
        expectSurvivors(full, expected, "the limit is off by one, or the newest records give way instead");
        return;
      }
      expectBounded(full);
      const newest = survivors.at(-1) === emitted;
      const gaps = survivors.filter((n, index) => index > 0 && n !== (survivors[index - 1] ?? 0) + 1).length;
      expect(newest && gaps <= 1, () => ({
        expected: `the newest of records 1–${emitted} without gaps, besides those already under way`,
        happened: `records ${numbersText(survivors)} survived`,
        cause: "the wrong end of the queue gives way, or some record in the middle",
      }));
    },
  }),
  defineRule({
    id: "OVERFLOW-02",
    section: "§7.1",
    claims: ["overflow"],
    hooks: ["stall", "recover"],
    what: "With drop_newest a full queue keeps the oldest records, as many as its limit says.",
    why: "Who chooses it wants to know how the trouble began.",
    fix: "Refuse the new record when the queue holds as many as it may.",
    async check(lab) {
      const full = await overflown(lab, "drop_newest");
      const { survivors, emitted, kept } = full;
      if (kept !== undefined) {
        expectSurvivors(
          full,
          range(1, kept.underWay + kept.waiting),
          "the limit is off by one, or the oldest give way",
        );
        return;
      }
      expectBounded(full);
      expect(survivors.length === survivors.at(-1), () => ({
        expected: `the oldest of records 1–${emitted} without gaps`,
        happened: `records ${numbersText(survivors)} survived`,
        cause: "the wrong end of the queue gives way, or some record in the middle",
      }));
    },
  }),
  defineRule({
    id: "OVERFLOW-03",
    section: "§7.1, D-56",
    claims: ["overflow"],
    what: "With block a burst far above the limit loses nothing while the destination works.",
    why: "Who chooses it pays with a wait of the caller so as not to lose anything.",
    fix: "Write what waits, synchronously, before you take the next record in.",
    async check(lab) {
      const { unit } = claimOf(lab, "block");
      const station = await lab.open({ overflow: { strategy: "block", limit: limitOf(unit) } });
      const emitted = burst(station, unit, LIMIT_RECORDS * 20);
      await atRest(station);
      const absent = await missing(station, emitted);
      expect(absent.length === 0, () => ({
        expected: `all of ${emitted.length} records at the destination, with room for far fewer in the queue`,
        happened: `${absent.length} were not: ${numbersText(absent)}`,
        cause: "the queue is bounded, and nothing is written before the caller has gone on",
      }));
    },
  }),
  defineRule({
    id: "OVERFLOW-04",
    section: "§7.1, D-57, S5",
    claims: ["overflow"],
    hooks: ["stall", "recover"],
    what: "Each record that finds no room, or makes room, is counted once, as buffer_overflow.",
    why: "Dropping is fair only when the number is known: it tells how large the queue should be.",
    fix: 'Call onDrop(1, "buffer_overflow") where a record is evicted or refused.',
    async check(lab) {
      for (const strategy of lab.claims.overflow?.strategies ?? []) {
        if (strategy === "block") continue;
        const { station, survivors, emitted } = await overflown(lab, strategy);
        if (!station.attached) lab.notApplicable("the sink has no attach, and so cannot tell of losses");
        const lost = emitted - survivors.length;
        const told = station.context.dropped();
        const right = station.context.dropped("buffer_overflow");
        expect(told === lost && right === lost, () => ({
          expected: `${lost} records told lost as buffer_overflow with ${strategy}: of ${emitted} emitted, ${survivors.length} arrived`,
          happened: `${told} were told lost, ${right} of them as buffer_overflow`,
          cause: "the eviction is not counted, counted per burst or twice, or counted under another reason",
        }));
      }
    },
  }),
];

interface Overflown {
  readonly station: Station;
  readonly strategy: OverflowStrategy;
  readonly emitted: number;
  readonly survivors: readonly number[];
  /** How many records a queue that counts records keeps: those that emit hands over at once, and those that wait. */
  readonly kept: { readonly underWay: number; readonly waiting: number } | undefined;
}

function claimOf(lab: Lab, strategy: OverflowStrategy): OverflowClaim {
  const { overflow } = lab.claims;
  if (overflow === undefined || !overflow.strategies.includes(strategy))
    lab.notApplicable(`does not claim ${strategy}`);
  return overflow;
}

function limitOf(unit: "records" | "bytes"): number {
  return unit === "records" ? LIMIT_RECORDS : LIMIT_BYTES;
}

function burst(station: Station, unit: "records" | "bytes", count: number): number[] {
  if (unit === "records") return station.emit(count);
  return range(1, BURST_OF_BYTES).flatMap(() => station.emit(1, { attributes: { n: station.next, padding: PADDING } }));
}

/** A sink whose queue overflowed in one burst, and what was at the destination when all had settled. */
async function overflown(lab: Lab, strategy: OverflowStrategy): Promise<Overflown> {
  const { unit, inFlight = 0, ring = false } = claimOf(lab, strategy);
  const station = await lab.open({ overflow: { strategy, limit: limitOf(unit) } });
  if (!ring) await station.fault("stall");
  const underWay = ring ? 0 : inFlight;
  const emitted = burst(station, unit, underWay + LIMIT_RECORDS + SURPLUS_RECORDS).length;
  if (!ring) await station.fault("recover");
  await atRest(station);
  const survivors = await station.deliveredNumbers();
  const kept = unit === "records" ? { underWay, waiting: LIMIT_RECORDS } : undefined;
  return { station, strategy, emitted, survivors: survivors.toSorted((left, right) => left - right), kept };
}

function expectSurvivors({ emitted, survivors }: Overflown, expected: readonly number[], cause: string): void {
  expect(survivors.length === expected.length && expected.every((n, index) => survivors[index] === n), () => ({
    expected: `records ${numbersText(expected)} of 1–${emitted} to survive a limit of ${LIMIT_RECORDS}`,
    happened: `records ${numbersText(survivors)} did`,
    cause,
  }));
}

function expectBounded({ emitted, survivors }: Overflown): void {
  expect(survivors.length > 0 && survivors.length < emitted, () => ({
    expected: `some of ${emitted} records of a kilobyte each to give way to a limit of ${LIMIT_BYTES} bytes, and some not`,
    happened: `${survivors.length} survived`,
    cause: "the queue has no bound in bytes, or create does not pass env.settings.overflow on",
  }));
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
}
