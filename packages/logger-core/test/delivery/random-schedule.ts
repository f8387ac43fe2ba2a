/** One random schedule against a real sink and the model of it, compared after every step. */
import { BatchingSink } from "../../src/delivery/index.ts";
import { FLUSH_SUCCEEDED, type FlushResult, type Sink } from "../../src/index.ts";
import { ManualClock, RecordingContext, testRecord } from "../../src/testing/index.ts";
import { act, chanceFrom, randomAnswer } from "./schedule-answers.ts";
import { type Answer, type Item, type ModelRun, type ModelSettings, SinkModel } from "./sink-model.ts";

type Mode = "deliver" | "fail" | "mixed" | "stall";

export interface ScheduleReport {
  readonly steps: number;
  readonly accepted: number;
  readonly delivered: number;
  readonly dropped: number;
  readonly failedFlushes: number;
}

/** Runs the schedule of this seed. @throws Error naming seed, step and difference where sink and model part. */
export async function runSchedule(seed: number): Promise<ScheduleReport> {
  const random = chanceFrom(seed);
  const pick = <T>(...choices: readonly T[]): T => choices[Math.floor(random() * choices.length)] as T;
  const queueBytes = pick(7, 20, 1000, 1000);
  const settings: ModelSettings = {
    queueSize: pick(1, 2, 3, 5, 8, 13),
    queueBytes,
    batchSize: pick(1, 2, 3, 4, 6),
    batchBytes: pick(3, 6, 1000),
    flushIntervalMs: pick(0, 1, 20, 100),
    overflow: pick("drop_oldest", "drop_oldest", "drop_newest", "block"),
    concurrency: pick(1, 1, 1, 2, 3),
    retry: {
      initialMs: pick(1, 10),
      maxMs: pick(10, 40),
      budgetMs: pick(0, 15, 200, 10_000),
      maxAttempts: pick(1, 2, 4, 1000),
    },
    chance: pick(0, 0.25, 0.99),
    deadLetter: pick(true, false),
  };
  const trace: string[] = [JSON.stringify(settings)];
  let mode: Mode = "deliver";

  const answerFor = (items: readonly Item[], attempt: number): Answer | undefined => {
    if (mode === "deliver") return { is: "delivered" };
    if (mode === "fail") return { is: "retry", afterMs: undefined };
    if (mode === "stall") return undefined;
    const answer = randomAnswer(chanceFrom(seed * 31 + (items[0]?.id ?? 0) * 7 + attempt), items.length);
    // Whether one batch asks for a pause just before or just after another frees its place is a matter of microtasks:
    // with several in flight only stalled calls, answered one at a time, ask for one.
    const asks = answer.is === "retry" || answer.is === "mixed";
    return asks && settings.concurrency > 1 ? { ...answer, afterMs: undefined } : answer;
  };
  const syncFails = (items: readonly Item[]): boolean => ((items[0]?.id ?? 0) + seed) % 5 === 0;

  const model = new SinkModel(
    {
      ...settings,
      batchSize: Math.min(settings.batchSize, settings.queueSize),
      batchBytes: Math.min(settings.batchBytes, Math.ceil(queueBytes / 2)),
    },
    answerFor,
    syncFails,
  );

  const clock = new ManualClock();
  const context = new RecordingContext(clock, () => settings.chance);
  const calls: {
    readonly ids: readonly number[];
    readonly attempt: number;
    readonly reply: (answer: Answer) => void;
  }[] = [];
  const unanswered: number[] = [];
  const synced: number[] = [];
  const itemsById = new Map<number, Item>();
  const idsOf = (batch: readonly { readonly body: unknown }[]): number[] => batch.map(({ body }) => body as number);
  const itemsOf = (ids: readonly number[]): Item[] => ids.map((id) => itemsById.get(id) as Item);
  const { chance: _, deadLetter, ...engineSettings } = settings;
  const letters: number[] = [];
  const letterBox: Sink = {
    id: "letters",
    supportsSeverity: () => true,
    emit: ({ body }) => void letters.push(body as number),
    flush: async () => FLUSH_SUCCEEDED,
    close: async () => {},
  };
  const sink = new BatchingSink({
    id: "s",
    ...engineSettings,
    ...(deadLetter && { deadLetter: letterBox }),
    sizeOf: ({ body }) => itemsById.get(body as number)?.bytes ?? 0,
    syncDrain: (batch) => {
      const ids = idsOf(batch);
      if (syncFails(itemsOf(ids))) throw new Error("scripted");
      synced.push(...ids);
    },
    deliver: async (batch, { attempt }) => {
      const ids = idsOf(batch);
      let reply: (answer: Answer) => void = () => {};
      const replied = new Promise<Answer>((resolve) => {
        reply = resolve;
      });
      calls.push({ ids, attempt, reply });
      const known = answerFor(itemsOf(ids), attempt);
      if (known === undefined) unanswered.push(calls.length - 1);
      return act(known ?? (await replied));
    },
  });
  sink.attach(context);

  const results: (FlushResult | undefined)[] = [];
  let closeResolved = false;
  let nextId = 0;

  const fail = (what: string, expected: unknown, actual: unknown): never => {
    const text = (value: unknown): string => JSON.stringify(value);
    throw new Error(`seed ${seed}: ${what}: expected ${text(expected)}, got ${text(actual)}\n${trace.join("\n")}`);
  };
  const same = (what: string, expected: unknown, actual: unknown): void => {
    if (JSON.stringify(expected) !== JSON.stringify(actual)) fail(what, expected, actual);
  };

  const compare = (): void => {
    const { accepted, ...ledger } = context.ledger.snapshot();
    same("accepted", model.accepted, accepted);
    same(
      "ledger",
      { delivered: model.delivered, pending: model.pending },
      { delivered: ledger.delivered, pending: ledger.pending },
    );
    const { buffer_overflow = 0, sink_error = 0, closed = 0 } = ledger.dropped;
    same("dropped", model.dropped, { buffer_overflow, sink_error, closed });
    same("drained synchronously", model.synced, synced);
    if (settings.concurrency === 1) same("letters", model.letters, letters);
    else same("letters in any order", model.letters.toSorted(byNumber), letters.toSorted(byNumber));
    const seen = calls.map(({ ids, attempt }) => ({ ids, attempt }));
    if (settings.concurrency === 1) {
      same("calls", model.calls, seen);
      if (seen.some(({ ids }) => ids.some((id, index) => id <= (ids[index - 1] ?? -1))))
        fail("order", "ascending", seen);
    } else same("calls in any order", model.calls.map(text).sort(), seen.map(text).sort());
    for (const [index, flush] of model.flushes.entries()) compareFlush(index, flush.result, results[index]);
    same("close resolved", model.closeResolved, closeResolved);
  };

  const compareFlush = (
    index: number,
    expected: (typeof model.flushes)[number]["result"],
    actual: FlushResult | undefined,
  ): void => {
    const what = `flush ${index}`;
    if (expected === undefined || actual === undefined) {
      same(what, expected, actual);
      return;
    }
    same(`${what} timeout`, expected.timedOut, actual.failedSinks[0]?.error.startsWith("timeout") ?? false);
    const { success, partial, droppedCount } = actual;
    if (success) same(`${what} succeeds after a loss`, 0, droppedCount);
    // With several batches in flight, whether one is lost just before or just after a flush ends is a matter of microtasks.
    if (settings.concurrency > 1) return;
    same(
      what,
      { success: expected.success, partial: expected.partial, droppedCount: expected.droppedCount },
      { success, partial, droppedCount },
    );
  };

  const emit = (count: number): void => {
    trace.push(`emit ${count}`);
    for (let index = 0; index < count; index++) {
      const item = { id: nextId++, bytes: pick(1, 1, 2, 3, 9) };
      itemsById.set(item.id, item);
      context.ledger.accept();
      sink.emit(testRecord({ body: item.id }));
      model.emit(item);
    }
  };

  const flush = (timeoutMs: number | undefined): void => {
    trace.push(`flush ${timeoutMs}`);
    const index = results.push(undefined) - 1;
    void sink.flush(timeoutMs).then((result) => {
      results[index] = result;
    });
    model.flush(timeoutMs);
  };

  const close = (timeoutMs: number): void => {
    trace.push(`close ${timeoutMs}`);
    void sink.close(timeoutMs).then(() => {
      closeResolved = true;
    });
    model.close(timeoutMs);
  };

  /** Answers a stalled call, of the sink and of the model: the same batch, whatever the order of calls was. */
  const answerStalled = (answer?: Answer): void => {
    const at = Math.floor(random() * unanswered.length);
    const [index] = unanswered.splice(at, 1);
    const call = calls[index ?? -1];
    if (call === undefined) return;
    const chosen = answer ?? randomAnswer(random, call.ids.length);
    trace.push(`answer ${call.ids} ${JSON.stringify(chosen)}`);
    const run = model.unanswered.find(({ parts }: ModelRun) => parts[0]?.[0]?.id === call.ids[0]);
    if (run === undefined) fail("a call that waits", "in the model too", call.ids);
    call.reply(chosen);
    model.answer(run as ModelRun, chosen);
  };

  const step = async (): Promise<void> => {
    const dice = random();
    if (dice < 0.4) emit(1 + Math.floor(random() * 6));
    else if (dice < 0.5) {
      mode = pick("deliver", "fail", "mixed", "mixed", "stall");
      trace.push(`mode ${mode}`);
    } else if (dice < 0.65) answerStalled();
    else if (dice < 0.85) {
      const ms = pick(0, 1, 5, 10, 20, 100, 1000);
      trace.push(`advance ${ms}`);
      await clock.advance(ms);
      model.advance(ms);
    } else if (dice < 0.96) flush(pick(undefined, 0, 3, 30, 300));
    else if (dice < 0.98) {
      trace.push("step the wall clock");
      clock.stepWallClock(BigInt(Math.floor(random() * 1e15)) * 1_000_000n);
    } else close(pick(0, 3, 30, 300));
    await clock.settle();
    model.settle();
    compare();
  };

  const steps = 10 + Math.floor(random() * 30);
  for (let index = 0; index < steps; index++) await step();

  // The end of every schedule: the receiver is well again, everything is answered, the sink closes.
  mode = "deliver";
  flush(undefined);
  close(5000);
  for (let round = 0; round < 3; round++) {
    while (unanswered.length > 0) {
      answerStalled({ is: "delivered" });
      await clock.settle();
      model.settle();
      compare();
    }
    await clock.advance(6000);
    model.advance(6000);
    compare();
  }
  flush(0);
  await clock.settle();
  compare();
  same("pending at the end", 0, context.ledger.pending);
  const answered = results.reduce((sum, result) => sum + (result?.droppedCount ?? 0), 0);
  if (answered < model.droppedTotal) fail("losses that flushes told of", model.droppedTotal, answered);
  same("timers at the end", 0, clock.pendingTimers);
  const failedFlushes = results.filter((result) => result?.success === false).length;
  return { steps, accepted: model.accepted, delivered: model.delivered, dropped: model.droppedTotal, failedFlushes };
}

function byNumber(a: number, b: number): number {
  return a - b;
}

function text(call: { readonly ids: readonly number[]; readonly attempt: number }): string {
  return `${String(call.ids[0]).padStart(5, "0")} ${call.ids.length} ${call.attempt}`;
}
