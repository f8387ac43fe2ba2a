import type { LogRecord } from "@dagstack/logger-core";
import type { SinkSubject } from "../../src/subject/subject.ts";
import { Destination } from "../reference/destination.ts";
import { QueueSink } from "../reference/queue-sink.ts";
import type { Mutant } from "./mutant.ts";

/** A broken sink that is run in a process of its own, since its bug is about the process. */
export interface ProcessMutant extends Omit<Mutant, "subject"> {
  /** The module in `process/` that exports it as `subject`. */
  readonly file: string;
}

/** The queue sink with a last chance. */
class SyncQueueSink extends QueueSink {
  flushSync(): void {
    const waiting = this.queue.splice(0);
    if (this.destination.takeNow(waiting)) this.arrived(waiting.length);
    else this.rejected(waiting.length);
    this.wake();
  }
}

function syncSubject(name: string, Sink: typeof SyncQueueSink): SinkSubject {
  return {
    name,
    time: "manual",
    claims: { buffered: true },
    create() {
      const destination = new Destination<LogRecord>();
      return { sink: new Sink({ destination }), delivered: () => destination.items, faults: destination };
    },
  };
}

/** What the mutants below break. */
export const syncQueueSubject: SinkSubject = syncSubject("reference queue sink with flushSync", SyncQueueSink);

export const processMutants: readonly Mutant[] = [
  {
    breaks: "EXIT-03",
    bug: "flushSync starts an asynchronous delivery, and the process has ended before it runs",
    subject: syncSubject(
      "flushSync in the next turn",
      class extends SyncQueueSink {
        override flushSync(): void {
          setImmediate(() => this.startBatch());
        }
      },
    ),
  },
  {
    breaks: "EXIT-03",
    bug: "flushSync throws what the destination threw into the exit handler",
    subject: syncSubject(
      "flushSync throws",
      class extends SyncQueueSink {
        override flushSync(): void {
          super.flushSync();
          throw new Error("write after end");
        }
      },
    ),
  },
];

export const childMutants: readonly ProcessMutant[] = [
  {
    breaks: "EXIT-01",
    bug: "an interval that looks for a batch is never unref'd, so a program that logs does not end",
    file: "interval-not-unrefd.mjs",
  },
  {
    breaks: "EXIT-02",
    bug: "close races with a deadline timer and does not cancel it: the process lives for as long",
    file: "close-deadline-not-cancelled.mjs",
  },
  {
    breaks: "EXIT-04",
    bug: "a delivery runs detached, and its rejection is nobody's",
    file: "rejection-not-handled.mjs",
  },
  {
    breaks: "EXIT-04",
    bug: "each flush adds a listener and none removes it, until Node warns of a leak",
    file: "listener-per-flush.mjs",
  },
  {
    breaks: "MEMORY-01",
    bug: "the queue has no bound while the destination stalls",
    file: "queue-not-bounded.mjs",
  },
  {
    breaks: "MEMORY-01",
    bug: "the queue is bounded, but what it dropped stays referenced until the next flush",
    file: "dropped-stay-referenced.mjs",
  },
  {
    breaks: "DURABLE-01",
    bug: "a new instance opens its file with the flag w and destroys what the last process wrote before it died",
    file: "file-started-anew.mjs",
  },
  {
    breaks: "DURABLE-01",
    bug: "flush says success once the data is in the process's own write buffer",
    file: "flushed-into-own-buffer.mjs",
  },
];
