/**
 * One random schedule of a `FallbackSink` over two `BatchingSink`s whose receivers come and go, compared after every
 * step with a model of the rule: where each record went, and that the ledger is the sum of the two sinks' own.
 */
import { BatchingSink, FallbackSink } from "../../../src/delivery/index.ts";
import type { Sink, SinkContext } from "../../../src/index.ts";
import { ManualClock, RecordingContext, testRecord } from "../../../src/testing/index.ts";
import { act, chanceFrom, randomAnswer } from "../schedule-answers.ts";
import type { Answer } from "../sink-model.ts";

type Mode = "deliver" | "fail" | "mixed" | "stall";

export interface FallbackReport {
  readonly primary: number;
  readonly secondary: number;
  readonly delivered: number;
  readonly dropped: number;
}

/** A sink between the fallback and one of its sinks: sees what goes in, and what is told. */
class Tap {
  readonly got: number[] = [];
  readonly sums = { delivered: 0, dropped: 0 };
  readonly sink: Sink;

  constructor(inner: BatchingSink, onTold: (what: "delivered" | "lost" | "error") => void) {
    const { got, sums } = this;
    this.sink = {
      id: inner.id,
      supportsSeverity: () => true,
      emit(record) {
        got.push(record.body as number);
        inner.emit(record);
      },
      flush: (ms) => inner.flush(ms),
      close: (ms) => inner.close(ms),
      attach(context: SinkContext) {
        inner.attach({
          ...context,
          onDelivered(count) {
            sums.delivered += count;
            onTold("delivered");
            context.onDelivered(count);
          },
          onDrop(count, reason, expected) {
            sums.dropped += count;
            if (reason !== "closed") onTold("lost");
            context.onDrop(count, reason, expected);
          },
          onError(error, type) {
            onTold("error");
            context.onError(error, type);
          },
        });
      },
    };
  }

  get pending(): number {
    return this.got.length - this.sums.delivered - this.sums.dropped;
  }
}

/** Runs the schedule of this seed. @throws Error naming seed, step and difference where sink and model part. */
export async function runFallbackSchedule(seed: number): Promise<FallbackReport> {
  const random = chanceFrom(seed);
  const pick = <T>(...choices: readonly T[]): T => choices[Math.floor(random() * choices.length)] as T;
  const afterMs = pick(0, 50, 300, 1200);
  const trace: string[] = [`afterMs ${afterMs}`];
  const clock = new ManualClock();
  const context = new RecordingContext(clock, () => pick(0, 0.5, 0.9));
  const modes: Record<"primary" | "secondary", Mode> = { primary: "deliver", secondary: "deliver" };
  const stalled: (() => void)[] = [];

  const batching = (id: "primary" | "secondary"): BatchingSink =>
    new BatchingSink({
      id,
      queueSize: pick(2, 5, 50),
      batchSize: pick(1, 3),
      flushIntervalMs: pick(0, 20),
      retry: { initialMs: 20, maxMs: pick(20, 400), budgetMs: pick(0, 100, 1500) },
      attemptTimeoutMs: pick(200, 300_000),
      deliver: async (batch) => {
        if (modes[id] === "stall") await new Promise<void>((resolve) => stalled.push(resolve));
        const answers: Partial<Record<Mode, Answer>> = {
          deliver: { is: "delivered" },
          fail: { is: "retry", afterMs: undefined },
        };
        return act(answers[modes[id]] ?? randomAnswer(random, batch.length));
      },
    });

  // The model: when the primary began to fail, and when it failed last.
  let failingSince: number | undefined;
  let lastFailure = 0;
  const primary = new Tap(batching("primary"), (what) => {
    if (what === "delivered") failingSince = undefined;
    else if (what === "lost" || primary.pending > 0) {
      failingSince ??= clock.monotonicMs();
      lastFailure = clock.monotonicMs();
    }
  });
  const secondary = new Tap(batching("secondary"), () => {});
  const expected: { readonly primary: number[]; readonly secondary: number[] } = { primary: [], secondary: [] };
  const seen = { primary: 0, secondary: 0 };
  const route = (): "primary" | "secondary" => {
    const nowMs = clock.monotonicMs();
    if (failingSince === undefined || nowMs - failingSince < afterMs) return "primary";
    if (primary.pending > 0 || nowMs - lastFailure < Math.max(afterMs, 1000)) return "secondary";
    return "primary";
  };

  const sink = new FallbackSink(primary.sink, secondary.sink, { afterMs });
  sink.attach(context);

  const same = (what: string, wanted: unknown, actual: unknown): void => {
    const [left, right] = [JSON.stringify(wanted), JSON.stringify(actual)];
    if (left !== right) throw new Error(`seed ${seed}: ${what}: expected ${left}, got ${right}\n${trace.join("\n")}`);
  };
  const compare = (): void => {
    // Their order as well: what was compared once need not be again.
    same("primary got", expected.primary.splice(0), primary.got.slice(seen.primary));
    same("secondary got", expected.secondary.splice(0), secondary.got.slice(seen.secondary));
    seen.primary = primary.got.length;
    seen.secondary = secondary.got.length;
    const { accepted, delivered, pending, dropped } = context.ledger.snapshot();
    const lost = Object.values(dropped).reduce((sum, count) => sum + count, 0);
    same(
      "ledger",
      { accepted, delivered, lost, pending },
      {
        accepted: primary.got.length + secondary.got.length,
        delivered: primary.sums.delivered + secondary.sums.delivered,
        lost: primary.sums.dropped + secondary.sums.dropped,
        pending: primary.pending + secondary.pending,
      },
    );
  };

  let nextId = 0;
  const emit = (count: number): void => {
    trace.push(`emit ${count}`);
    for (let index = 0; index < count; index++) {
      expected[route()].push(nextId);
      context.ledger.accept();
      sink.emit(testRecord({ body: nextId++ }));
    }
  };

  const steps = 8 + Math.floor(random() * 20);
  for (let step = 0; step < steps; step++) {
    const dice = random();
    if (dice < 0.45) emit(1 + Math.floor(random() * 4));
    else if (dice < 0.65) {
      const which = pick("primary", "primary", "secondary");
      modes[which] = pick("deliver", "fail", "mixed", "stall");
      trace.push(`${which} ${modes[which]}`);
    } else if (dice < 0.7) void sink.flush(pick(0, 30));
    else {
      const ms = pick(0, 1, 20, 60, 200, 1000);
      trace.push(`advance ${ms}`);
      await clock.advance(ms);
    }
    if (random() < 0.3) for (const resume of stalled.splice(0)) resume();
    await clock.settle();
    compare();
  }
  void sink.close(100);
  await clock.advance(100);
  compare();
  same("pending at the end", 0, context.ledger.pending);
  same("timers at the end", 0, clock.pendingTimers);
  return {
    primary: primary.got.length,
    secondary: secondary.got.length,
    delivered: context.ledger.delivered,
    dropped: context.ledger.droppedTotal,
  };
}
