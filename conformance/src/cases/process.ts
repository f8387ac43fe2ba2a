/** What a sink may do to its process, and what outlives one (§7.1, S13). Checked in processes of their own. */

import type { ChildAnswer } from "../child/index.ts";
import { playInChild } from "../child/index.ts";
import { errorText } from "../probes/index.ts";
import type { Lab, Station } from "../station/index.ts";
import { defineRule, expect, numbersText, type SinkRule, SubjectFault } from "../station/index.ts";

const MEBIBYTE = 1024 * 1024;
/** Three times what our sinks hold by default, and far below what is emitted. */
const MOST_GROWTH_MIB = 96;
/** Fewer records tell nothing: a sink that waits for its destination in emit takes its time. */
const ENOUGH_RECORDS = 36_000;
/** How long a process is watched that only tells whose fault it is, in milliseconds. */
const SECOND_LOOK_MS = 1500;

export const processRules: readonly SinkRule[] = [
  defineRule({
    id: "EXIT-01",
    section: "§7.1",
    place: "child",
    what: "A sink that was used and is idle keeps no process alive, though nobody closed it.",
    why: "A command-line tool or a test run that logs would never end.",
    fix: "Call unref on timers and sockets; what waits is the logger's to flush when the process ends.",
    async check(lab) {
      const alone = lab.subject.createAlone !== undefined;
      const { held } = await playInChild(lab, "idle", { alone });
      if (held === undefined) return;
      if (!alone) await blameWhatIsBeside(lab);
      expect(false, () => ({
        expected: "the process to end by itself within 5 s of the last record",
        happened: `it went on: ${heldBy(held)}`,
        cause: "a timer, interval or socket of the sink without unref",
      }));
    },
  }),
  defineRule({
    id: "EXIT-02",
    section: "§7.1",
    place: "child",
    what: "A closed sink leaves nothing behind that keeps the process alive.",
    why: "A program that closes its logger and is done would hang, or be killed by its supervisor.",
    fix: "Cancel every timer, the deadline of close among them, and end every socket, stream and worker in close.",
    async check(lab) {
      const { held } = await playInChild(lab, "closed");
      if (held === undefined) return;
      if (lab.subject.createAlone !== undefined) {
        const second = await playInChild(lab, "closed", { alone: true });
        if (second.held === undefined) {
          throw new SubjectFault("dispose", `leaves behind what keeps a process alive: ${heldBy(held)}`);
        }
      }
      expect(false, () => ({
        expected: "the process to end by itself within 5 s of close",
        happened: `it went on: ${heldBy(held)}`,
        cause: "a deadline timer that close does not cancel, a stream or socket that it does not end, or else dispose",
      }));
    },
  }),
  defineRule({
    id: "EXIT-03",
    section: "§7.1",
    what: "flushSync, where there is one, has delivered what was waiting when it returns.",
    why: "It is the last chance when the process ends: nothing asynchronous comes after it.",
    fix: "Write what waits with synchronous calls, or leave flushSync out.",
    async check(lab) {
      const station = await lab.open();
      if (typeof station.sink.flushSync !== "function") lab.notApplicable("has no flushSync");
      const emitted = station.emit(5);
      const thrown = callSync(station);
      expect(thrown === undefined, () => ({
        expected: "flushSync to return",
        happened: `it threw ${errorText(thrown)}`,
        cause: "an error of the destination that is not caught and reported",
      }));
      const arrived = await station.deliveredNumbers();
      const missing = emitted.filter((n) => !arrived.includes(n));
      expect(missing.length === 0, () => ({
        expected: "records 1–5 at the destination when flushSync has returned",
        happened: `records ${numbersText(missing)} were not there`,
        cause: "flushSync starts an asynchronous delivery, or leaves out a batch that is not full",
      }));
    },
  }),
  defineRule({
    id: "EXIT-04",
    section: "§7.1",
    place: "child",
    what: "No error escapes to the process while deliveries fail, are refused, stall or are cut off by close.",
    why: "An unhandled rejection ends the program: logging would take the service down with its destination.",
    fix: "Catch what every promise and emitter of the sink may say, report it with onError, and remove listeners.",
    async check(lab) {
      const { escaped = [] } = await playInChild(lab, "broken");
      expect(escaped.length === 0, () => ({
        expected: "no unhandled rejection, uncaught exception or warning",
        happened: `there was ${listed(escaped)}`,
        cause: "a promise without catch, a stream or socket without an error listener, or a listener added per record",
      }));
    },
  }),
  defineRule({
    id: "MEMORY-01",
    section: "§7.1",
    claims: ["buffered"],
    hooks: ["stall"],
    place: "child",
    what: "Memory stays bounded while the destination stalls, however much is emitted.",
    why: "A stalled destination would end the program when its memory runs out.",
    fix: "Bound every queue, what waits for a retry among them, and let go of what was dropped.",
    async check(lab) {
      const { emitted = 0, grownBytes = 0 } = await playInChild(lab, "stalled", { nodeOptions: ["--expose-gc"] });
      const grownMib = Math.round(grownBytes / MEBIBYTE);
      if (grownMib <= MOST_GROWTH_MIB && emitted < ENOUGH_RECORDS) {
        lab.notApplicable("takes too few records in 12 s while its destination is stalled to tell");
      }
      expect(grownMib <= MOST_GROWTH_MIB, () => ({
        expected: `at most ${MOST_GROWTH_MIB} MiB more in memory after ${emitted} records of 3 kB each while stalled`,
        happened: `it grew by ${grownMib} MiB`,
        cause: "the queue has no bound, or dropped records stay referenced, such as by promises or closures",
      }));
    },
  }),
  defineRule({
    id: "DURABLE-01",
    section: "§7.1",
    claims: ["durableFlush"],
    place: "child",
    what: "After a flush that says success, the records outlive the process even if it is killed.",
    why: "That is what a durable flush is claimed for: the last records before a crash are the ones that are needed.",
    fix: "Resolve when the operating system has the data, and append to what a former process has left.",
    async check(lab) {
      const folder = await lab.folder();
      const { emitted = 0, flushed } = await playInChild(lab, "write", { folder });
      if (flushed !== true) lab.notApplicable("flush did not say success, so nothing is promised");
      const { delivered = [] } = await playInChild(lab, "read", { folder });
      const missing = Array.from({ length: emitted }, (_, index) => index + 1).filter((n) => !delivered.includes(n));
      expect(missing.length === 0, () => ({
        expected: `records 1–${emitted} at the destination of a new instance on the same folder`,
        happened: `records ${numbersText(missing)} were not there after the first process had been killed`,
        cause: "flush resolves on what the process itself still buffers, or a new instance starts its file anew",
      }));
    },
  }),
];

/** @throws SubjectFault when the process is kept alive by something that is not the sink. */
async function blameWhatIsBeside(lab: Lab): Promise<void> {
  const disposed = await playInChild(lab, "closed", { heldAfterMs: SECOND_LOOK_MS });
  if (disposed.held !== undefined) return; // the sink or its destination: the rule about closed sinks tells more
  const { held } = await playInChild(lab, "closed", { dispose: false, heldAfterMs: SECOND_LOOK_MS });
  if (held === undefined) return;
  throw new SubjectFault(
    "create",
    `opens something beside the sink that keeps a process alive: ${heldBy(held)}; add createAlone, for the sink alone`,
  );
}

function callSync({ sink }: Station): unknown {
  try {
    sink.flushSync?.();
    return undefined;
  } catch (error) {
    return error ?? "nothing";
  }
}

function heldBy(held: NonNullable<ChildAnswer["held"]>): string {
  return held.length === 0 ? "something unknown to Node keeps it alive" : `${held.join(", ")} kept it alive`;
}

function listed(texts: readonly string[]): string {
  const shown = texts.slice(0, 3).join("; ");
  return texts.length > 3 ? `${shown}; and ${texts.length - 3} more` : shown;
}
