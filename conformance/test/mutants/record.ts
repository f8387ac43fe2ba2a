import type { Attributes, LogRecord, Value } from "@dagstack/logger-core";
import { DirectRecordSink } from "../reference/direct-sink.ts";
import { QueueSink } from "../reference/queue-sink.ts";
import { direct, queue } from "./make.ts";
import type { Mutant } from "./mutant.ts";

export const recordMutants: readonly Mutant[] = [
  direct(
    "EMIT-01",
    "attributes that are false, zero or empty are left out: if (value)",
    class extends DirectRecordSink {
      protected override toItem(record: LogRecord): LogRecord {
        const truthy = Object.entries(record.attributes).filter(([, value]) => Boolean(value));
        return { ...record, attributes: Object.fromEntries(truthy) };
      }
    },
  ),
  direct(
    "EMIT-01",
    "the body is cut to what the column of a table holds",
    class extends DirectRecordSink {
      protected override toItem(record: LogRecord): LogRecord {
        return { ...record, body: typeof record.body === "string" ? record.body.slice(0, 15) : record.body };
      }
    },
  ),
  direct(
    "EMIT-01",
    "numbers are whole: 0.5 comes back as 0",
    class extends DirectRecordSink {
      protected override toItem(record: LogRecord): LogRecord {
        const whole = ([key, value]: [string, Value]): [string, Value] => [
          key,
          typeof value === "number" ? Math.trunc(value) : value,
        ];
        return { ...record, attributes: Object.fromEntries(Object.entries(record.attributes).map(whole)) };
      }
    },
  ),
  queue(
    "EMIT-05",
    "a queue that has grown long is emptied from its newer end, to catch up",
    class extends QueueSink {
      protected override deliver(): Promise<void> {
        if (this.queue.length > 30) this.batch.reverse();
        return super.deliver();
      }
    },
  ),
  direct(
    "EMIT-06",
    "the observed time is set on the shared record, in code that is not strict",
    class extends DirectRecordSink {
      protected override observe(record: LogRecord): LogRecord {
        if (record.observedTimeUnixNano === null) {
          Reflect.set(record, "observedTimeUnixNano", this.context.clock.now());
        }
        return super.observe(record);
      }
    },
  ),
  queue(
    "EMIT-06",
    "the name of the host is added to the shared attributes when the batch is sent",
    class extends QueueSink {
      protected override deliver(): Promise<void> {
        for (const { attributes } of this.batch) Reflect.set(attributes, "host.name", "host-1");
        return super.deliver();
      }
    },
  ),
  direct(
    "EMIT-06",
    "a list in the attributes is sorted in place",
    class extends DirectRecordSink {
      protected override observe(record: LogRecord): LogRecord {
        for (const value of Object.values(record.attributes)) {
          if (Array.isArray(value) && !Object.isFrozen(value)) value.reverse();
        }
        return super.observe(record);
      }
    },
  ),
  direct(
    "EMIT-07",
    "the record is passed on without an observed time",
    class extends DirectRecordSink {
      protected override observe(record: LogRecord): LogRecord {
        return record;
      }
    },
  ),
  queue(
    "EMIT-07",
    "the observed time is set when the batch is sent",
    class extends QueueSink {
      protected override observe(record: LogRecord): LogRecord {
        return record;
      }
      protected override deliver(): Promise<void> {
        this.batch = this.batch.map((record) => super.observe(record));
        return super.deliver();
      }
    },
  ),
  direct(
    "EMIT-07",
    "the observed time is in milliseconds",
    class extends DirectRecordSink {
      protected override observe(record: LogRecord): LogRecord {
        if (record.observedTimeUnixNano !== null) return record;
        return { ...record, observedTimeUnixNano: this.context.clock.now() / 1_000_000n };
      }
    },
  ),
  direct(
    "EMIT-08",
    "the observed time is set, whether there was one or not",
    class extends DirectRecordSink {
      protected override observe(record: LogRecord): LogRecord {
        return { ...record, observedTimeUnixNano: this.context.clock.now() };
      }
    },
  ),
  direct(
    "EMIT-10",
    "severities are mapped to their six names and back",
    class extends DirectRecordSink {
      protected override toItem(record: LogRecord): LogRecord {
        return { ...record, severityNumber: record.severityNumber - ((record.severityNumber - 1) % 4) };
      }
    },
  ),
  queue(
    "EMIT-11",
    "JSON.stringify throws on a bigint, and the whole batch is gone without a word",
    class extends QueueSink {
      protected override async deliver(): Promise<void> {
        if (
          !this.batch.some(({ attributes }) => Object.values(attributes).some((value) => typeof value === "bigint"))
        ) {
          return super.deliver();
        }
        this.batch = [];
        this.wake();
        this.startBatch();
      }
    },
  ),
  direct(
    "EMIT-11",
    "a record that is too large for a datagram is left out without being counted",
    class extends DirectRecordSink {
      override emit(record: LogRecord): void {
        if (typeof record.body !== "string" || record.body.length < 65_507) super.emit(record);
      }
    },
  ),
  queue(
    "EMIT-11",
    "the worker ends at a record that it cannot encode",
    class extends QueueSink {
      protected override async deliver(): Promise<void> {
        if (this.batch.every(({ attributes }) => Object.keys(attributes).length < 1000)) await super.deliver();
      }
    },
  ),
  direct(
    "EMIT-12",
    "a callback that logs calls itself until the stack is full",
    class extends DirectRecordSink {
      protected override guarded(step: () => void): void {
        step();
      }
      protected override failed(error: unknown): void {
        this.busy = true;
        super.failed(error);
        this.busy = false;
      }
    },
  ),
  direct(
    "EMIT-12",
    "a record that comes while the callback runs is ignored and not counted",
    class extends DirectRecordSink {
      #telling = false;
      protected override take(item: () => LogRecord): void {
        if (!this.busy || this.#telling) super.take(item);
      }
      protected override failed(error: unknown): void {
        this.#telling = true;
        super.failed(error);
        this.#telling = false;
      }
    },
  ),
  direct(
    "EMIT-13",
    "the failure is reported after the guard is down, and the report comes in as a record",
    class extends DirectRecordSink {
      protected override failed(error: unknown): void {
        this.busy = false;
        super.failed(error);
      }
    },
  ),
  direct(
    "EMIT-14",
    "attributes are copied by assignment, so the key __proto__ is lost",
    class extends DirectRecordSink {
      protected override toItem(record: LogRecord): LogRecord {
        const attributes: Record<string, Value> = {};
        for (const [key, value] of Object.entries(record.attributes)) attributes[key] = value;
        return { ...record, attributes };
      }
    },
  ),
  direct(
    "EMIT-14",
    "attributes are merged in depth into an object, which pollutes Object.prototype",
    class extends DirectRecordSink {
      protected override toItem(record: LogRecord): LogRecord {
        return { ...record, attributes: merge({}, record.attributes) };
      }
    },
  ),
  direct(
    "EMIT-14",
    "keys are cleaned of what a column name cannot hold",
    class extends DirectRecordSink {
      protected override toItem(record: LogRecord): LogRecord {
        const clean = ([key, value]: [string, Value]): [string, Value] => [key.replace(/[^\w.-]/g, "_"), value];
        return { ...record, attributes: Object.fromEntries(Object.entries(record.attributes).map(clean)) };
      }
    },
  ),
];

/** The merge of many a library before 2019. */
function merge(target: Record<string, Value>, source: Attributes): Attributes {
  for (const key of Object.keys(source)) {
    const value = source[key] as Value;
    if (typeof value !== "object" || value === null || Array.isArray(value)) target[key] = value;
    else target[key] = merge((target[key] ?? {}) as Record<string, Value>, value as Attributes);
  }
  return target;
}
