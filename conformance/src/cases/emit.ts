/** How emit behaves towards its caller (§7.1): nothing returned, nothing thrown, nothing below the threshold, no wait. */
import type { LogRecord } from "@dagstack/logger-core";
import { toDagstackJsonl, toOtlpJson } from "@dagstack/logger-core/wire";
import { askSeverity, atRest, errorText, firstOfEach, hostileRecords } from "../probes/index.ts";
import type { Station } from "../station/index.ts";
import { defineRule, expect, numbersText, type SinkRule } from "../station/index.ts";

const THRESHOLD = 13;
const BURST = 1000;
/** D-62: what a caller may be held up by one record. */
const MAX_EMIT_MS = 1000;
const WHILE_BROKEN = {
  fail: "while deliveries fail",
  reject: "while deliveries are refused",
  stall: "while the destination is stalled",
};

export const emitRules: readonly SinkRule[] = [
  defineRule({
    id: "EMIT-02",
    section: "§7.1",
    what: "emit, and emitLine where the sink has it, return nothing.",
    why: "Log calls are synchronous: a promise would be awaited by nobody, and its rejection would end the process.",
    fix: "Make emit a plain method; put what waits into a queue that a worker empties.",
    async check(lab) {
      const station = await lab.open();
      for (const [name, call] of [
        ["emit", () => station.emit(3)] as const,
        ["emitLine", () => emitLines(station, 3)] as const,
      ]) {
        const before = station.returned.length;
        call();
        const [first] = station.returned.slice(before);
        expect(station.returned.length === before, () => ({
          expected: `undefined from each call of ${name}`,
          happened: `${station.returned.length - before} of 3 returned ${first instanceof Promise ? "a promise" : typeof first}`,
          cause: "the method is async, or returns what the destination's write returned",
        }));
      }
    },
  }),
  defineRule({
    id: "EMIT-03",
    section: "§7.1, §3.6",
    what: "emit never throws: not while deliveries fail, not after close, not for any record.",
    why: "The logger counts the record as lost and reports the sink, where the sink could have told what was wrong.",
    fix: "Catch what encoding and writing throw; count the record with onDrop and report with onError.",
    async check(lab) {
      const station = await lab.open();
      const during = (when: string, emit: () => void): void => {
        emit();
        expect(station.thrown.length === 0, () => ({
          expected: `emit to return ${when}`,
          happened: `it threw ${errorText(station.thrown[0])}`,
          cause: "what the destination or the encoder throws goes through to the caller",
        }));
      };
      const both = (): void => {
        station.emit(3);
        emitLines(station, 3);
      };
      during("while all is well", both);
      for (const { what, record } of hostileRecords(station)) {
        during(`for ${what}`, () => station.emitRecord(record));
      }
      for (const [hook, when] of Object.entries(WHILE_BROKEN) as [keyof typeof WHILE_BROKEN, string][]) {
        if (!station.hasFault(hook)) continue;
        await station.fault(hook);
        during(when, both);
        await station.time.turns();
        during(`${when}, some turns later`, both);
        await station.fault("recover");
      }
      const closing = station.close();
      during("while it closes", both);
      await closing;
      during("after close", both);
    },
  }),
  defineRule({
    id: "EMIT-04",
    section: "§7.1, §11.1, D-58",
    claims: ["threshold"],
    what: "A record below the threshold leaves no trace: not delivered, not counted, not told, no timer set.",
    why: "Most records of a program are below some sink's threshold: they must cost nothing and mean nothing.",
    fix: "Let emit begin with: if (record.severityNumber < this.minSeverity) return. The threshold itself passes.",
    async check(lab) {
      const station = await lab.open({ minSeverity: THRESHOLD });
      const { sink, time } = station;
      for (const severity of [THRESHOLD - 1, THRESHOLD]) {
        const wants = Boolean(askSeverity(sink, severity));
        expect(wants === severity >= THRESHOLD, () => ({
          expected: `supportsSeverity(${severity}) to be ${severity >= THRESHOLD} with env.settings.minSeverity ${THRESHOLD}`,
          happened: `it was ${wants}`,
          cause: "create does not hand env.settings.minSeverity on, or the comparison is off by one",
        }));
      }
      const before = { told: toldCount(station), timers: time.pendingTimers };
      for (const record of belowThreshold(station)) {
        try {
          sink.emit(record);
        } catch (error) {
          expect(false, () => ({
            expected: `emit to return for a record of severity ${record.severityNumber}`,
            happened: `it threw ${errorText(error)}`,
            cause: "emit looks at more than the severity before it returns",
          }));
        }
      }
      expect(time.pendingTimers === before.timers, () => ({
        expected: "no timer set by records below the threshold",
        happened: `${(time.pendingTimers ?? 0) - (before.timers ?? 0)} timers were set`,
        cause: "emit prepares a batch before it looks at the severity",
      }));
      const { droppedCount } = await station.flush();
      const below = await station.deliveredNumbers();
      expect(below.length === 0, () => ({
        expected: `no record below severity ${THRESHOLD} at the destination`,
        happened: `${below.length} of ${THRESHOLD - 1} were there`,
        cause: "emit relies on being asked supportsSeverity first",
      }));
      const told = toldCount(station) - before.told;
      expect(told === 0 && (droppedCount ?? 0) === 0, () => ({
        expected: "nothing told about records below the threshold",
        happened: `${told} losses, deliveries and failures were told, and flush counted ${droppedCount ?? 0} dropped`,
        cause: "the sink counts what it filters: that is no loss",
      }));
      const [atThreshold] = station.emit(1, { severityNumber: THRESHOLD });
      const arrived = firstOfEach(await atRest(station)).map(({ n }) => n);
      expect(arrived.length === 1 && arrived[0] === atThreshold, () => ({
        expected: `only record ${atThreshold}, of severity ${THRESHOLD}, at the destination`,
        happened: `records ${numbersText(arrived)} were there`,
        cause: "emit compares with > instead of >=",
      }));
    },
  }),
  defineRule({
    id: "EMIT-09",
    section: "§7.1, §14.4-a, D-62",
    claims: ["buffered"],
    hooks: ["stall"],
    what: `emit returns promptly while the destination is stalled: ${BURST} records in a burst, none longer than ${MAX_EMIT_MS} ms.`,
    why: "The thread that logs is the one that serves requests: a slow log server must not stop the program.",
    fix: "Let emit queue and return; when the queue is full drop by the claimed strategy instead of waiting.",
    async check(lab) {
      let slowestMs = await slowestEmit(await lab.open());
      // A machine that stops the program for a second is not the sink's fault; it rarely does so twice.
      if (slowestMs > MAX_EMIT_MS) slowestMs = Math.min(slowestMs, await slowestEmit(await lab.open()));
      expect(slowestMs <= MAX_EMIT_MS, () => ({
        expected: `each of ${BURST} calls of emit to return within ${MAX_EMIT_MS} ms while the destination is stalled`,
        happened: `one took ${Math.round(slowestMs)} ms`,
        cause: "emit waits for the destination or for room in the queue, or works through the whole queue each time",
      }));
    },
  }),
];

/** Also hands over lines, if that is what the logger would do. */
function emitLines(station: Station, count: number): void {
  const { lineFormat, emitLine } = station.sink;
  if (typeof emitLine !== "function" || (lineFormat !== "dagstack" && lineFormat !== "otlp_json")) return;
  for (const record of station.records(count, { observedTimeUnixNano: station.time.clock.now() })) {
    const line = lineFormat === "dagstack" ? toDagstackJsonl(record) : toOtlpJson([record]);
    station.emitLine(record.severityNumber, new TextEncoder().encode(line));
  }
}

function belowThreshold(station: Station): LogRecord[] {
  return Array.from({ length: THRESHOLD - 1 }, (_, index) => station.records(1, { severityNumber: index + 1 })).flat();
}

function toldCount({ context }: Station): number {
  return context.drops.length + context.errors.length + context.diagnostics.length + context.delivered;
}

async function slowestEmit(station: Station): Promise<number> {
  await station.fault("stall");
  let slowestMs = 0;
  for (const record of station.records(BURST)) {
    const startedMs = performance.now();
    station.emitRecord(record);
    slowestMs = Math.max(slowestMs, performance.now() - startedMs);
    if (slowestMs > MAX_EMIT_MS) break; // one is enough: a thousand would take a quarter of an hour
  }
  return slowestMs;
}
