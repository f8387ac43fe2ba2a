/** Calls of a sink that somebody else wrote: each comes to an end, and answers what went wrong instead of throwing. */

import { type SinkAccount, settlesWithin } from "../../accounting/index.ts";
import type { Clock, Sink, SinkContext } from "../../sink/index.ts";
import { describeThrown, member, shortText } from "../outcome/index.ts";

/** Has the sink flush; answers why it failed, `undefined` when it did not. What foreign sinks may answer: D-66. */
export function flushForeign(sink: Sink, timeoutMs: number | undefined, clock: Clock): Promise<string | undefined> {
  return within("flush", timeoutMs, clock, async () => {
    const answer: unknown = await sink.flush(timeoutMs);
    if (member(answer, "success") !== false && member(answer, "ok") !== false) return undefined;
    return shortText(member(member(member(answer, "failedSinks"), "0"), "error"), "no reason given");
  });
}

/** Closes the sink, likewise. */
export function closeForeign(sink: Sink, timeoutMs: number, clock: Clock): Promise<string | undefined> {
  return within("close", timeoutMs, clock, async () => {
    await sink.close(timeoutMs);
    return undefined;
  });
}

async function within(
  what: string,
  timeoutMs: number | undefined,
  clock: Clock,
  call: () => Promise<string | undefined>,
): Promise<string | undefined> {
  let failure: string | undefined = `timeout: ${what} did not end`;
  const ended = (async (): Promise<void> => {
    try {
      failure = await call();
    } catch (error) {
      failure = describeThrown(error, what).text;
    }
  })();
  await settlesWithin(ended, timeoutMs, clock);
  return failure;
}

/** What a sink within a sink is told with: clock and chance of the outer one, whatever context that gets later. */
export function contextFrom(
  account: SinkAccount,
  told: Pick<SinkContext, "onDelivered" | "onDrop" | "onError">,
): SinkContext {
  const clock: Clock = {
    now: () => account.clock.now(),
    monotonicMs: () => account.clock.monotonicMs(),
    schedule: (callback, delayMs, holdProcess) => account.clock.schedule(callback, delayMs, holdProcess),
  };
  const { onDelivered, onDrop, onError } = told;
  return {
    clock,
    random: () => account.random(),
    onDelivered: (count) => isCount(count) && onDelivered(count),
    onDrop: (count, reason, expected) => isCount(count) && onDrop(count, reason, expected === true),
    onError,
    diagnostic: (event) => account.diagnostic(event),
  };
}

/** A number of records, as a foreign sink may tell it. */
function isCount(count: unknown): count is number {
  return typeof count === "number" && Number.isSafeInteger(count) && count > 0;
}

/** The answer of a sink's `emit` when it is a promise, which breaks the contract: its rejection ends no process. */
export function promised(answer: unknown): Promise<unknown> | undefined {
  return typeof member(answer, "then") === "function" ? Promise.resolve(answer) : undefined;
}
