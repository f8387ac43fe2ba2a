import type { LogRecord, SinkContext } from "@dagstack/logger-core";
import { DirectRecordSink, type DirectSinkOptions } from "../reference/direct-sink.ts";
import { QueueSink } from "../reference/queue-sink.ts";
import { queueSubject } from "../reference/subjects.ts";
import { direct, queue } from "./make.ts";
import type { Mutant } from "./mutant.ts";

export const shapeMutants: readonly Mutant[] = [
  {
    breaks: "SHAPE-01",
    bug: "the sink has log and end, as another logger's transports do",
    subject: {
      name: "a transport",
      create: () => ({ sink: { id: "transport", log: () => {}, end: () => {} }, delivered: () => [] }),
    },
  },
  direct(
    "SHAPE-02",
    "the endpoint goes into the id as it is, credentials and all",
    class extends DirectRecordSink {
      override readonly id = "reference:https://user:pass@logs.example/v1";
    },
  ),
  direct(
    "SHAPE-02",
    "the id keeps the query of the URL, where the token is",
    class extends DirectRecordSink {
      override readonly id = "reference:https://logs.example/v1?token=5f1d";
    },
  ),
  direct(
    "SHAPE-02",
    "the id says whether the sink is open, so metrics of one sink have two labels",
    class extends DirectRecordSink {
      constructor(options: DirectSinkOptions<LogRecord>) {
        super(options);
        Object.defineProperty(this, "id", { get: () => (this.closed ? "reference:closed" : "reference:open") });
      }
    },
  ),
  direct(
    "SHAPE-03",
    "supportsSeverity answers what a bit mask leaves over",
    class extends DirectRecordSink {
      override supportsSeverity(severityNumber: number): boolean {
        return Number(super.supportsSeverity(severityNumber)) as unknown as boolean;
      }
    },
  ),
  direct(
    "SHAPE-03",
    "supportsSeverity counts what it says no to as filtered",
    class extends DirectRecordSink {
      override supportsSeverity(severityNumber: number): boolean {
        const supports = super.supportsSeverity(severityNumber);
        if (!supports) this.context.onDrop(1, "filtered");
        return supports;
      }
    },
  ),
  {
    breaks: "SHAPE-04",
    bug: "a sink with a queue takes no context, so nobody hears of what it loses",
    subject: {
      ...queueSubject("queue sink without attach"),
      async create(env) {
        const instance = await queueSubject().create(env);
        const sink = instance.sink as QueueSink;
        sink.attach(env.context);
        Object.defineProperty(sink, "attach", { value: undefined });
        return instance;
      },
    },
  },
  queue(
    "SHAPE-05",
    "the worker is started by attach, which tests and scripts do not call",
    class extends QueueSink {
      #started = false;
      override attach(context: SinkContext): void {
        super.attach(context);
        this.#started = true;
      }
      protected override startBatch(): void {
        if (this.#started) super.startBatch();
      }
    },
  ),
  direct(
    "SHAPE-05",
    "emit reads the clock of a context that may not be there",
    class extends DirectRecordSink {
      protected override context = undefined as unknown as SinkContext;
    },
  ),
  direct(
    "SHAPE-06",
    "attach registers a metric that is registered already, which throws",
    class extends DirectRecordSink {
      override attach(context: SinkContext): void {
        super.attach(context);
        throw new Error("a metric with this name is registered already");
      }
    },
  ),
];
