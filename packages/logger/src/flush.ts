/** Flushing and closing sinks under one deadline, whatever they do (§13, D-52 to D-54). */
import { type Clock, describeError, type FailedSink, FLUSH_SUCCEEDED, type FlushResult, settlesWithin } from "@dagstack/logger-core";
import type { SinkPort } from "./sink-port.ts";

interface Answer {
  readonly success: boolean;
  readonly partial: boolean;
  readonly errors: readonly string[];
}

const SUCCEEDED: Answer = { success: true, partial: false, errors: [] };
const failed = (error: string): Answer => ({ success: false, partial: false, errors: [error] });

/** What a sink's `flush` answered: ours, `{ ok }`, or nothing at all count as what they say (D-66). */
function readAnswer(answer: unknown): Answer {
  if (typeof answer !== "object" || answer === null) return SUCCEEDED;
  const { success, ok, partial, failedSinks } = answer as Record<string, unknown>;
  if (success !== false && ok !== false) return SUCCEEDED;
  const errors = Array.isArray(failedSinks) ? failedSinks.map((sink) => String((sink as FailedSink)?.error)) : [];
  return { success: false, partial: partial === true, errors: errors.length > 0 ? errors : ["flush failed"] };
}

async function within(call: () => unknown, timeoutMs: number, clock: Clock): Promise<Answer> {
  let answer: Answer = failed(`timeout: no answer within ${timeoutMs} ms`);
  const done = (async () => {
    try {
      answer = readAnswer(await call());
    } catch (error) {
      const { type, message } = describeError(error);
      answer = failed(`${type}: ${message}`);
    }
  })();
  const inTime = await settlesWithin(done, timeoutMs, clock);
  return inTime ? answer : failed(`timeout: no answer within ${timeoutMs} ms`);
}

/** Flushes one sink, and answers as well for the losses that only the logger knows of. */
export async function flushPort(port: SinkPort, timeoutMs: number, clock: Clock): Promise<FlushResult> {
  const window = port.account.begin();
  const { answeredDrops, delivered, pending } = port;
  const started = clock.monotonicMs();
  const answer = await within(() => port.sink.flush(timeoutMs), timeoutMs, clock);
  port.counters.countFlush((clock.monotonicMs() - started) / 1000);
  if (answer.success) port.settle(pending);
  const own = window.result();
  const droppedCount = port.droppedTotal - answeredDrops;
  port.answeredDrops = port.droppedTotal;
  if (answer.success && own.success) return { ...FLUSH_SUCCEEDED, droppedCount };
  const errors = [...answer.errors, ...own.failedSinks.map((sink) => sink.error)];
  return {
    success: false,
    partial: answer.partial || (answer.success && port.delivered > delivered),
    failedSinks: [{ sinkId: port.id, error: errors.join("; ") }],
    droppedCount,
  };
}

/** Flushes one sink, then closes it; what it has not told of by the deadline counts as `closed`. */
export async function closePort(port: SinkPort, timeoutMs: number, clock: Clock): Promise<FlushResult> {
  const deadline = clock.monotonicMs() + timeoutMs;
  const flushed = await flushPort(port, timeoutMs, clock);
  const { pending } = port;
  const remaining = Math.max(0, deadline - clock.monotonicMs());
  const closed = await within(() => port.close(remaining), remaining, clock);
  if (closed.success) port.settle(pending);
  if (port.pending > 0) port.abandon();
  port.account.begin().result();
  const lost = port.droppedTotal - port.answeredDrops;
  port.answeredDrops = port.droppedTotal;
  if (closed.success && lost === 0) return flushed;
  const errors = flushed.failedSinks.map((sink) => sink.error);
  if (!closed.success) errors.push(`close: ${closed.errors.join("; ")}`);
  if (lost > 0) errors.push(`${lost} ${lost === 1 ? "record" : "records"} dropped: closed`);
  return {
    success: false,
    partial: flushed.success || flushed.partial,
    failedSinks: [{ sinkId: port.id, error: errors.join("; ") }],
    droppedCount: (flushed.droppedCount ?? 0) + lost,
  };
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
