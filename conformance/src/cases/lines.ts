/** The line lane (§7.1): bytes that the logger encoded, in place of the record. */
import { type EncodedFormat, type LogRecord, withObservedTime } from "@dagstack/logger-core";
import { toDagstackJsonl, toOtlpJson, toOtlpProtobuf } from "@dagstack/logger-core/wire";
import { atRest, firstOfEach, oddKeys } from "../probes/index.ts";
import type { Lab, Station } from "../station/index.ts";
import { bodyOf, defineRule, expect, numbersText, type Seen, type SinkRule, SubjectFault } from "../station/index.ts";

const FORMATS: readonly unknown[] = ["dagstack", "otlp_json", "otlp_protobuf"];
const THRESHOLD = 13;
const SPACE = 0x20;
/** How long a flush after close is given. */
const SHORT_MS = 50;
const utf8 = new TextEncoder();

export const lineRules: readonly SinkRule[] = [
  defineRule({
    id: "LINE-01",
    section: "§7.1",
    what: 'A sink that takes lines has emitLine, and its lineFormat is "dagstack", "otlp_json" or "otlp_protobuf".',
    why: "With both the logger hands over lines, with anything else records: the lane would never be used.",
    fix: "Set lineFormat to the format of the sink's output, and leave it undefined while it writes anything else.",
    async check(lab) {
      const { sink } = await lab.open();
      const { lineFormat } = sink;
      const isTaken = typeof sink.emitLine === "function" && FORMATS.includes(lineFormat);
      if (lab.claims.lineLane !== true) {
        if (!isTaken) lab.notApplicable("does not claim lineLane");
        const why = "the logger hands lines to a sink with emitLine and lineFormat, and rules look at that only then";
        throw new SubjectFault("claims.lineLane", `is missing: ${why}`);
      }
      expect(isTaken, () => ({
        expected: "the method emitLine and a format that the logger knows",
        happened: `emitLine is ${typeof sink.emitLine} and lineFormat ${JSON.stringify(lineFormat)}`,
        cause: "the name of the format is spelled otherwise, or the sink was made with an output that has no lines",
      }));
    },
  }),
  defineRule({
    id: "LINE-02",
    section: "§7.1",
    claims: ["lineLane"],
    what: "emitLine writes what emit writes: the same records give the same output, in order.",
    why: "Which of the two the logger calls is its affair: a reader of the output must not see it.",
    fix: "Let emit encode and call the code that emitLine uses; add nothing but the line end to a line.",
    async check(lab) {
      const byRecord = await openLane(lab);
      const byLine = await openLane(lab);
      const records = lineRecords(byRecord.station);
      for (const record of records) {
        byRecord.station.emitRecord(record);
        byLine.station.emitLine(record.severityNumber, encode(record, byLine.format));
      }
      const wanted = outputOf(firstOfEach(await atRest(byRecord.station)));
      const written = outputOf(firstOfEach(await atRest(byLine.station)));
      expect(written.length === wanted.length, () => ({
        expected: `${wanted.length} deliveries of ${records.length} lines, as of the records`,
        happened: `there were ${written.length}`,
        cause: "emitLine leaves lines out, or writes them in a form that delivered() cannot read",
      }));
      for (const [index, output] of wanted.entries()) {
        const line = written[index] ?? "";
        expect(line === output, () => ({
          expected: `delivery ${index + 1} to be the same of a line as of its record: ${excerpt(output, line)}`,
          happened: `it was ${excerpt(line, output)}`,
          cause: "the two methods encode, wrap or order what they get differently",
        }));
      }
    },
  }),
  defineRule({
    id: "LINE-03",
    section: "§7.1",
    claims: ["lineLane"],
    what: "The bytes of a line are not kept: what happens to them after emitLine changes nothing.",
    why: "They are the logger's, which uses the memory again for the next line.",
    fix: "Copy what waits: line.slice(), or into the sink's own buffer. subarray and Buffer.from(line.buffer) do not copy.",
    async check(lab) {
      const { station, format } = await openLane(lab);
      const numbers: number[] = [];
      for (const record of station.records(5, { observedTimeUnixNano: station.time.clock.now() })) {
        const line = encode(record, format);
        station.emitLine(record.severityNumber, line);
        line.fill(SPACE);
        numbers.push(Number(record.attributes.n));
      }
      const arrived = (await atRest(station)).map(({ n }) => n);
      const missing = numbers.filter((n) => !arrived.includes(n));
      expect(missing.length === 0, () => ({
        expected: `lines ${numbersText(numbers)} as they were when emitLine was called`,
        happened: `lines ${numbersText(missing)} were not there`,
        cause: "the sink queues the bytes themselves, which the suite overwrote after the call",
      }));
    },
  }),
  defineRule({
    id: "LINE-04",
    section: "§7.1",
    claims: ["lineLane"],
    what: "The bytes of a line are not changed.",
    why: "One line is encoded for all sinks: the next one would write what this one made of it.",
    fix: "Work on a copy.",
    async check(lab) {
      const { station, format } = await openLane(lab);
      const lines = station
        .records(3, { observedTimeUnixNano: station.time.clock.now() })
        .map((record) => ({ record, line: encode(record, format) }));
      for (const { record, line } of lines) station.emitLine(record.severityNumber, line);
      const unchanged = (when: string): void => {
        for (const { record, line } of lines) {
          const at = encode(record, format).findIndex((byte, index) => byte !== line[index]);
          expect(at === -1, () => ({
            expected: `the line of record ${record.attributes.n} as it was, ${when}`,
            happened: `byte ${at} of ${line.length} was changed`,
            cause: "the sink escapes, terminates or wipes the line in place",
          }));
        }
      };
      unchanged("after emitLine");
      await atRest(station);
      unchanged("after delivery");
      await station.close();
      unchanged("after close");
    },
  }),
  defineRule({
    id: "LINE-05",
    section: "§7.1",
    claims: ["lineLane"],
    what: "A line after close does not reach the destination, and is counted once as closed.",
    why: "What close promises holds for what the logger hands over, and with this sink that is lines.",
    fix: "Let emitLine begin as emit does.",
    async check(lab) {
      const { station, format } = await openLane(lab);
      await station.close();
      const before = station.lost;
      for (const record of station.records(3)) emitLine(station, record, format);
      await station.flush(SHORT_MS);
      const arrived = await station.deliveredNumbers();
      expect(arrived.length === 0, () => ({
        expected: "no line at the destination that was emitted after close",
        happened: `lines ${numbersText(arrived)} were there`,
        cause: "emitLine does not ask whether the sink is closed",
      }));
      const counted = station.context.dropped("closed") - before;
      expect(!station.attached || counted === 3, () => ({
        expected: "3 lines counted as closed",
        happened: `${counted} were`,
        cause: "emitLine returns without context.onDrop",
      }));
    },
  }),
  defineRule({
    id: "LINE-06",
    section: "§7.1, D-58",
    claims: ["lineLane", "threshold"],
    what: "A line below the threshold leaves no trace; one at the threshold arrives.",
    why: "The line itself is not to be parsed for its severity: the number beside it is all there is to go by.",
    fix: "Let emitLine begin with: if (severityNumber < this.minSeverity) return.",
    async check(lab) {
      const { station, format } = await openLane(lab, THRESHOLD);
      const { sink } = station;
      const [below] = station.records(1, { severityNumber: THRESHOLD - 1 }) as [LogRecord];
      const [at] = station.records(1, { severityNumber: THRESHOLD }) as [LogRecord];
      // Past the station: it would ask supportsSeverity first.
      sink.emitLine?.(below.severityNumber, encode(below, format));
      emitLine(station, at, format);
      const arrived = firstOfEach(await atRest(station)).map(({ n }) => n);
      expect(arrived.length === 1 && arrived[0] === at.attributes.n && station.lost === 0, () => ({
        expected: `only the line of severity ${THRESHOLD} at the destination, and nothing counted as lost`,
        happened: `${arrived.length} lines were there and ${station.lost} counted`,
        cause: "emitLine compares with > instead of >=, not at all, or counts what it filters",
      }));
    },
  }),
];

interface Lane {
  readonly station: Station;
  readonly format: EncodedFormat;
}

async function openLane(lab: Lab, minSeverity?: number): Promise<Lane> {
  const station = await lab.open(minSeverity === undefined ? {} : { minSeverity });
  const { lineFormat, emitLine } = station.sink;
  if (lineFormat === undefined || !FORMATS.includes(lineFormat) || typeof emitLine !== "function") {
    lab.notApplicable("the logger would hand no lines over: see LINE-01");
  }
  return { station, format: lineFormat };
}

/** A line as the logger makes it: fresh bytes each time. */
function encode(record: LogRecord, format: EncodedFormat): Uint8Array {
  const observed = withObservedTime(record, record.timeUnixNano);
  if (format === "otlp_protobuf") return toOtlpProtobuf([observed]);
  return utf8.encode(format === "otlp_json" ? toOtlpJson([observed]) : toDagstackJsonl(observed));
}

function emitLine(station: Station, record: LogRecord, format: EncodedFormat): void {
  station.emitLine(record.severityNumber, encode(record, format));
}

/** Records whose encoding is easily got wrong, observed: their lines say when. */
function lineRecords(station: Station): LogRecord[] {
  const observedTimeUnixNano = station.time.clock.now();
  const first = station.next;
  return [
    ...station.records(2, { observedTimeUnixNano }),
    ...station.records(1, { observedTimeUnixNano, severityNumber: 24, attributes: oddKeys(first + 2) }),
    ...station.records(1, { observedTimeUnixNano, body: `${bodyOf(first + 3)} \n\u001b[2J "\u2028\u{1f600} ü` }),
    ...station.records(1, {
      observedTimeUnixNano,
      traceId: "0af7651916cd43dd8448eb211c80319c",
      spanId: "b7ad6b7169203331",
    }),
  ];
}

/** What is at the destination, each delivery as text: what it really got, where that is shown. */
function outputOf(seen: readonly Seen[]): string[] {
  return seen.map(
    ({ raw, ...shown }) =>
      raw ?? JSON.stringify(shown, (_, member: unknown) => (typeof member === "bigint" ? `${member}n` : member)),
  );
}

/** The part of an output where it differs from the other, in ASCII: it may hold what a terminal obeys. */
function excerpt(output: string, other: string): string {
  let at = 0;
  while (at < output.length && output[at] === other[at]) at += 1;
  const part = JSON.stringify(output.slice(Math.max(0, at - 30), at + 30));
  const ascii = part.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return `${ascii} at character ${at}`;
}
