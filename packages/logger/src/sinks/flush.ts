/** Flushing and closing sinks under one deadline, whatever they do (§13, D-52 to D-54). */
import {
  type Clock,
  type DropReason,
  describeError,
  type FailedSink,
  FLUSH_SUCCEEDED,
  type FlushResult,
  type LedgerSnapshot,
  settlesWithin,
} from "@dagstack/logger-core";
import { callSink, isWithinCallOf } from "./running-calls.ts";
import { isCount, type SinkPort } from "./sink-port.ts";

interface Answer {
  readonly success: boolean;
  readonly partial: boolean;
  readonly errors: readonly string[];
  /** Losses that a sink without `attach` can tell of in no other way. */
  readonly droppedCount: number;
}

const SUCCEEDED: Answer = { success: true, partial: false, errors: [], droppedCount: 0 };
const failed = (error: string): Answer => ({ ...SUCCEEDED, success: false, errors: [error] });

/** What a sink's `flush` answered: ours, `{ ok }`, or nothing at all count as what they say (D-66). */
function readAnswer(answer: unknown, isAttached: boolean): Answer {
  if (typeof answer !== "object" || answer === null) return SUCCEEDED;
  const { success, ok, partial, failedSinks, droppedCount } = answer as Record<string, unknown>;
  const lost = !isAttached && isCount(droppedCount) ? droppedCount : 0;
  if (success !== false && ok !== false) return { ...SUCCEEDED, droppedCount: lost };
  const errors = Array.isArray(failedSinks) ? failedSinks.map((sink) => String((sink as FailedSink)?.error)) : [];
  return {
    success: false,
    partial: partial === true,
    errors: errors.length > 0 ? errors : ["flush failed"],
    droppedCount: lost,
  };
}

/** What a sink answers in time. That it threw or did not answer is counted and reported (§7.3). */
async function within(port: SinkPort, call: () => unknown, timeoutMs: number, clock: Clock): Promise<Answer> {
  let answer = SUCCEEDED;
  const running = callSink(port.sink, async () => {
    try {
      answer = readAnswer(await call(), port.attached);
    } catch (error) {
      const { type, message } = describeError(error);
      answer = failed(`${type}: ${message}`);
      port.fail(error);
    }
  });
  const inTime = await settlesWithin(running.answer, timeoutMs, clock);
  running.end();
  if (inTime) return answer;
  const error = `timeout: no answer within ${timeoutMs} ms`;
  port.fail(new Error(error), "timeout");
  return failed(error);
}

/** A sink that flushes or closes itself from its own `flush` or `close` would wait for itself, or call without end. */
function refuseReentry(port: SinkPort): FlushResult {
  const error = "called from within a flush or close of the sink itself";
  port.fail(new ReentrantFlush(error));
  return { success: false, partial: false, failedSinks: [{ sinkId: port.id, error }], droppedCount: 0 };
}

class ReentrantFlush extends Error {
  override readonly name = "ReentrantFlush";
}

/** Flushes one sink, and answers as well for the losses that only the logger knows of. */
export async function flushPort(port: SinkPort, timeoutMs: number, clock: Clock): Promise<FlushResult> {
  if (isWithinCallOf(port.sink)) return refuseReentry(port);
  const window = port.books.account.begin();
  const { answered, pending } = port.books;
  const answer = port.closed ? SUCCEEDED : await timedFlush(port, timeoutMs, clock);
  if (answer.success) port.settle(pending);
  const own = window.result();
  const totals = port.books.totals();
  port.books.answered = totals;
  const droppedCount = totals.dropped - answered.dropped + answer.droppedCount;
  const errors = [...answer.errors, ...own.failedSinks.map((sink) => sink.error)];
  const toldLosses = totals.toldLosses - answered.toldLosses;
  if (answer.success && toldLosses > 0) errors.push(dropped(toldLosses));
  if (errors.length === 0) return { ...FLUSH_SUCCEEDED, droppedCount };
  return {
    success: false,
    partial: answer.partial || totals.delivered > answered.delivered,
    failedSinks: [{ sinkId: port.id, error: errors.join("; ") }],
    droppedCount,
  };
}

async function timedFlush(port: SinkPort, timeoutMs: number, clock: Clock): Promise<Answer> {
  const started = clock.monotonicMs();
  const answer = await within(port, () => port.sink.flush(timeoutMs), timeoutMs, clock);
  port.books.counters.countFlush((clock.monotonicMs() - started) / 1000);
  return answer;
}

/**
 * Flushes one sink, then closes it; what it has not told of by the deadline counts as `closed`.
 *
 * @param isWanted asked after the flush: whether the sink is in use again, and stays open.
 * @param isLastChance the process ends afterwards: what waits is written synchronously, whatever time that takes the sink.
 */
export async function closePort(
  port: SinkPort,
  timeoutMs: number,
  clock: Clock,
  { isWanted, isLastChance }: { readonly isWanted?: () => boolean; readonly isLastChance?: boolean } = {},
): Promise<FlushResult> {
  if (isWithinCallOf(port.sink)) return refuseReentry(port);
  const deadline = clock.monotonicMs() + timeoutMs;
  const { answered } = port.books;
  const flushed = await flushPort(port, timeoutMs, clock);
  if (isWanted?.() === true) return flushed;
  if (isLastChance === true && port.books.pending > 0) port.flushSync();
  const before = port.books.ledger();
  const remaining = Math.max(0, deadline - clock.monotonicMs());
  const closed = await within(port, () => port.close(remaining), remaining, clock);
  if (closed.success) port.settle(before.pending);
  if (port.books.pending > 0) port.abandon();
  port.books.account.begin().result();
  port.books.answered = port.books.totals();
  const errors = flushed.failedSinks.map((sink) => sink.error);
  if (!closed.success) errors.push(`close: ${closed.errors.join("; ")}`);
  const after = port.books.ledger();
  const reasons = Object.entries(after.dropped).filter(
    ([reason, n]) => n > (before.dropped[reason as DropReason] ?? 0),
  );
  const lost = total(after) - total(before);
  if (lost > 0) errors.push(`${dropped(lost)}: ${reasons.map(([reason]) => reason).join(", ")}`);
  if (errors.length === 0) return flushed;
  return {
    success: false,
    partial: flushed.partial || after.delivered > answered.delivered,
    failedSinks: [{ sinkId: port.id, error: errors.join("; ") }],
    droppedCount: (flushed.droppedCount ?? 0) + lost,
  };
}

function total(ledger: LedgerSnapshot): number {
  return ledger.accepted - ledger.delivered - ledger.pending;
}

function dropped(count: number): string {
  return `${count} ${count === 1 ? "record" : "records"} dropped`;
}

/** One answer for several sinks: success when all succeed, partial when at least something got through (D-53). */
export function mergeFlushResults(results: readonly FlushResult[]): FlushResult {
  const success = results.every((result) => result.success);
  return Object.freeze({
    success,
    partial: !success && results.some((result) => result.success || result.partial),
    failedSinks: Object.freeze(results.flatMap((result) => result.failedSinks)),
    droppedCount: results.reduce((sum, result) => sum + (result.droppedCount ?? 0), 0),
  });
}
