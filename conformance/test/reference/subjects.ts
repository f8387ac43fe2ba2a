import type { LogRecord } from "@dagstack/logger-core";
import type { OverflowStrategy } from "../../src/subject/claims.ts";
import type { SinkSubject } from "../../src/subject/subject.ts";
import { Destination } from "./destination.ts";
import { QueueSink, type QueueSinkOptions } from "./queue-sink.ts";

const STRATEGIES: readonly OverflowStrategy[] = ["drop_oldest", "drop_newest", "block"];

/** The queue sink, or one that breaks it, as a subject. */
export function queueSubject(
  name = "reference queue sink",
  make = (options: QueueSinkOptions) => new QueueSink(options),
): SinkSubject {
  return {
    name,
    time: "manual",
    claims: {
      threshold: true,
      buffered: true,
      retries: true,
      overflow: { strategies: STRATEGIES, unit: "records" },
    },
    create({ settings: { minSeverity, overflow } }) {
      const destination = new Destination<LogRecord>();
      const sink = make({
        destination,
        ...(minSeverity === undefined ? {} : { minSeverity }),
        ...(overflow === undefined ? {} : { queueSize: overflow.limit, overflow: overflow.strategy }),
      });
      return { sink, delivered: () => destination.items, faults: destination };
    },
  };
}
