import { BatchingSink, type BatchingSinkSettings } from "../../src/delivery/index.ts";
import type { FlushResult, LogRecord } from "../../src/index.ts";
import { ManualClock, RecordingContext, ScriptedDelivery, testRecord } from "../../src/testing/index.ts";

/** A batching sink around a scripted delivery, on a clock and with a source of chance that the test owns. */
export function rig(settings: Partial<BatchingSinkSettings<LogRecord>> = {}, random: () => number = () => 0.5) {
  const clock = new ManualClock();
  const context = new RecordingContext(clock, random);
  const delivery = new ScriptedDelivery();
  const sink = new BatchingSink({ id: "sink", deliver: delivery.deliver, ...settings });
  sink.attach(context);
  const emit = (...bodies: string[]): void => {
    for (const body of bodies) {
      context.ledger.accept();
      sink.emit(testRecord({ body }));
    }
  };
  return {
    sink,
    clock,
    context,
    delivery,
    emit,
    delivered: () => delivery.delivered.map(({ body }) => body),
    batches: () => delivery.calls.map(({ batch }) => batch.map(({ body }) => body)),
    attempts: () => delivery.calls.map(({ attempt }) => attempt),
    ledger: () => context.ledger.snapshot(),
    errorTypes: () => context.errors.map(({ type }) => type),
    errorTexts: () => context.errors.map(({ error }) => (error as Error).message),
    /** The result of a promise that settles within `ms` on the manual clock, or "unsettled". */
    within: async <T>(promise: Promise<T>, ms: number): Promise<T | "unsettled"> => {
      let result: T | "unsettled" = "unsettled";
      void promise.then((value) => {
        result = value;
      });
      await clock.advance(ms);
      await clock.settle();
      return result;
    },
  };
}

/** `count` bodies: r1, r2, … */
export function bodies(count: number, from = 1): string[] {
  return Array.from({ length: count }, (_, index) => `r${index + from}`);
}

export const SUCCEEDED: Partial<FlushResult> = { success: true, partial: false, failedSinks: [] };
