import { type LogRecord, systemClock, withObservedTime } from "@dagstack/logger-core";
import type { SinkSubject, SubjectFaults } from "../../src/subject/subject.ts";
import { Destination } from "./destination.ts";
import { DirectRecordSink, type DirectSinkOptions } from "./direct-sink.ts";
import { LineSink } from "./line-sink.ts";
import { RingSink, type RingSinkOptions } from "./ring-sink.ts";

const utf8 = new TextDecoder();

/** The direct sink, or one that breaks it, as a subject. */
export function directSubject(
  name = "reference direct sink",
  make = (options: DirectSinkOptions<LogRecord>): DirectRecordSink => new DirectRecordSink(options),
): SinkSubject {
  return {
    name,
    time: "manual",
    claims: { threshold: true },
    create({ settings: { minSeverity } }) {
      const destination = new Destination<LogRecord>();
      const sink = make({ destination, ...(minSeverity === undefined ? {} : { minSeverity }) });
      return { sink, delivered: () => destination.items, faults: faultsOf(destination) };
    },
  };
}

/** The line sink, or one that breaks it, as a subject. */
export function lineSubject(
  name = "reference line sink",
  make = (options: DirectSinkOptions<Uint8Array>): LineSink => new LineSink(options),
): SinkSubject {
  return {
    name,
    time: "manual",
    claims: { threshold: true, lineLane: true },
    create({ settings: { minSeverity } }) {
      const destination = new Destination<Uint8Array>();
      const sink = make({ destination, ...(minSeverity === undefined ? {} : { minSeverity }) });
      const delivered = (): string[] => destination.items.map((line) => utf8.decode(line));
      return { sink, delivered, faults: faultsOf(destination) };
    },
  };
}

/** The ring, or one that breaks it, as a subject. */
export function ringSubject(
  name = "reference ring",
  make = (options: RingSinkOptions): RingSink => new RingSink(options),
): SinkSubject {
  return {
    name,
    time: "manual",
    claims: { threshold: true, overflow: { strategies: ["drop_oldest"], unit: "records", ring: true } },
    create({ settings: { minSeverity, overflow } }) {
      const destination = new Destination<LogRecord>();
      const sink = make({
        destination,
        ...(minSeverity === undefined ? {} : { minSeverity }),
        ...(overflow === undefined ? {} : { capacity: overflow.limit }),
      });
      return { sink, delivered: () => destination.items };
    },
  };
}

/** The least that is a sink: no context, no threshold, no claims, its flush answers nothing (D-66). */
export function bareSubject(): SinkSubject {
  return {
    name: "bare sink",
    create() {
      const records: LogRecord[] = [];
      let closed = false;
      const sink = {
        id: "bare",
        supportsSeverity: () => true,
        emit: (record: LogRecord) => {
          if (!closed) records.push(withObservedTime(record, systemClock.now()));
        },
        flush: () => undefined,
        close: () => {
          closed = true;
        },
      };
      return { sink, delivered: () => records };
    },
  };
}

/** A bare sink that writes nothing but the bodies, as text. */
export function textSubject(): SinkSubject {
  return {
    name: "bare text sink",
    create() {
      const lines: string[] = [];
      let closed = false;
      const sink = {
        id: "bare:text",
        supportsSeverity: (severityNumber: number) => severityNumber >= 5,
        emit: ({ body }: LogRecord) => {
          if (!closed)
            lines.push(`${new Date().toISOString()} ${typeof body === "string" ? body : JSON.stringify(body)}`);
        },
        flush: async () => ({ ok: true }),
        close: async () => {
          closed = true;
        },
      };
      return { sink, delivered: () => lines };
    },
  };
}

/** What delivers inside `emit` cannot stall. */
function faultsOf(destination: Destination<unknown>): SubjectFaults {
  return {
    fail: () => destination.fail(),
    reject: () => destination.reject(),
    recover: () => destination.recover(),
    onDelivery: (action) => destination.onDelivery(action),
  };
}
