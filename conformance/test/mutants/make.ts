import type { LogRecord } from "@dagstack/logger-core";
import type { DirectRecordSink, DirectSinkOptions } from "../reference/direct-sink.ts";
import { directSubject, lineSubject } from "../reference/direct-subjects.ts";
import type { LineSink } from "../reference/line-sink.ts";
import type { QueueSink, QueueSinkOptions } from "../reference/queue-sink.ts";
import { queueSubject } from "../reference/subjects.ts";
import type { Mutant } from "./mutant.ts";

/** A mutant of the direct sink. */
export function direct(
  breaks: string,
  bug: string,
  Sink: new (options: DirectSinkOptions<LogRecord>) => DirectRecordSink,
): Mutant {
  return { breaks, bug, subject: directSubject(bug, (options) => new Sink(options)) };
}

/** A mutant of the queue sink. */
export function queue(breaks: string, bug: string, Sink: new (options: QueueSinkOptions) => QueueSink): Mutant {
  return { breaks, bug, subject: queueSubject(bug, (options) => new Sink(options)) };
}

/** A mutant of the line sink. */
export function line(
  breaks: string,
  bug: string,
  Sink: new (options: DirectSinkOptions<Uint8Array>) => LineSink,
): Mutant {
  return { breaks, bug, subject: lineSubject(bug, (options) => new Sink(options)) };
}
