import { FLUSH_SUCCEEDED, type FlushResult } from "@dagstack/logger-core";
import { QueueSink, type QueueSinkOptions } from "../reference/queue-sink.ts";
import { queue } from "./make.ts";
import type { Mutant } from "./mutant.ts";

/** Answers of flush that say the wrong thing. */
class MisAnswering extends QueueSink {
  readonly #misread: (answer: FlushResult, inTime: boolean) => unknown;

  constructor(options: QueueSinkOptions, misread: (answer: FlushResult, inTime: boolean) => unknown) {
    super(options);
    this.#misread = misread;
  }

  protected override answer(inTime: boolean): FlushResult {
    return this.#misread(super.answer(inTime), inTime) as FlushResult;
  }
}

function misAnswer(breaks: string, bug: string, misread: (answer: FlushResult, inTime: boolean) => unknown): Mutant {
  return queue(
    breaks,
    bug,
    class extends MisAnswering {
      constructor(options: QueueSinkOptions) {
        super(options, misread);
      }
    },
  );
}

export const flushAnswerMutants: readonly Mutant[] = [
  misAnswer("FLUSH-04", "a flush that runs out of time gives a reason that says nothing", (answer) => ({
    ...answer,
    failedSinks: answer.failedSinks.map(({ sinkId }) => ({ sinkId, error: "flush failed" })),
  })),
  queue(
    "FLUSH-06",
    "flush rejects when it runs out of time",
    class extends QueueSink {
      override async flush(timeoutMs?: number): Promise<FlushResult> {
        const answer = await super.flush(timeoutMs);
        if (answer.failedSinks.some(({ error }) => error.includes("timeout"))) throw new Error("flush timed out");
        return answer;
      }
    },
  ),
  misAnswer("FLUSH-07", "flush says success after a lost batch, since the queue is empty", (answer, inTime) =>
    inTime ? FLUSH_SUCCEEDED : answer,
  ),
  misAnswer("FLUSH-07", "flush counts lost batches instead of lost records", (answer) => ({
    ...answer,
    droppedCount: Math.ceil((answer.droppedCount ?? 0) / 4),
  })),
  queue(
    "FLUSH-08",
    "one loss fails every flush after it",
    class extends QueueSink {
      protected override answer(inTime: boolean): FlushResult {
        const { lost } = this;
        const answer = super.answer(inTime);
        this.lost = lost;
        return answer;
      }
    },
  ),
  misAnswer("FLUSH-09", "partial is always false", (answer) => ({ ...answer, partial: false })),
  misAnswer("FLUSH-09", "partial is true whenever success is false", (answer) => ({
    ...answer,
    partial: !answer.success,
  })),
  queue(
    "FLUSH-09",
    "partial looks back to the first record ever delivered",
    class extends QueueSink {
      protected override answer(inTime: boolean): FlushResult {
        const { gotThrough } = this;
        const answer = super.answer(inTime);
        this.gotThrough = gotThrough;
        return answer;
      }
    },
  ),
  misAnswer("FLUSH-11", "flush answers true", (answer) => (answer.success ? true : answer)),
  misAnswer("FLUSH-11", "failedSinks holds ids alone", (answer) => ({
    ...answer,
    failedSinks: answer.failedSinks.map(({ sinkId }) => sinkId),
  })),
  misAnswer("FLUSH-11", "a failed flush does not say which sink", ({ success }) => ({ success })),
];
