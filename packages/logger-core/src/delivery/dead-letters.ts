/** The way of what a sink has lost for good to another sink, which may do anything. */

import type { SinkAccount } from "../accounting/index.ts";
import { describeError } from "../options/index.ts";
import type { LogRecord } from "../record/index.ts";
import type { RunInContext, Sink } from "../sink/index.ts";
import { closeForeign, contextFrom, flushForeign, promised } from "./foreign/index.ts";
import { describeThrown, member, shortText } from "./outcome/index.ts";

/** Attribute of a dead letter: the id of the sink that lost it. */
export const DEAD_LETTER_SINK = "dagstack.dead_letter.sink";
/** Attribute of a dead letter: why it was lost. */
const DEAD_LETTER_REASON = "dagstack.dead_letter.reason";

/**
 * Hands records to the dead-letter sink, flushes and closes it. Nothing here throws or waits longer than it may. A
 * record is handed over once: the loss of a dead letter is counted where it happens and goes nowhere, so circles of
 * sinks come to an end.
 */
export class DeadLetters {
  readonly #sinkId: string;
  readonly #sink: Sink;
  readonly #account: SinkAccount;
  readonly #inContext: RunInContext;
  readonly #id: string;
  /** A call of the sink is on the stack: it may lead back here. */
  #calling = false;
  #flushing = false;
  #closed = false;
  /** The last hand-over failed, and that has been told. */
  #failing = false;

  /** @param account of the sink whose losses these are: it tells what goes wrong here. */
  constructor(sink: Sink, sinkId: string, account: SinkAccount, inContext: RunInContext) {
    this.#sink = sink;
    this.#sinkId = sinkId;
    this.#account = account;
    this.#inContext = inContext;
    this.#id = shortText(member(sink, "id"), "dead letters");
    this.#attach();
  }

  /** Whether the sink can write synchronously. */
  get isSynchronous(): boolean {
    return typeof member(this.#sink, "flushSync") === "function";
  }

  /** Hands a record over that has been counted as lost. Without effect for one that is a dead letter already. */
  hand(record: LogRecord | undefined, reason: string): void {
    if (record === undefined || this.#closed) return;
    this.#guard("emit", (sink) => {
      if (DEAD_LETTER_SINK in record.attributes || !sink.supportsSeverity(record.severityNumber)) return undefined;
      return sink.emit(this.#letterOf(record, reason));
    });
  }

  /** Answers what went wrong, `undefined` for nothing. @param timeoutMs how long it may take. */
  async flush(timeoutMs: number): Promise<string | undefined> {
    if (this.#flushing) return undefined; // in a circle of sinks: whoever began it waits for the answer
    this.#flushing = true;
    const failure = await this.#inContext(() => flushForeign(this.#sink, timeoutMs, this.#account.clock));
    this.#flushing = false;
    return failure === undefined ? undefined : `dead letters: ${failure}`;
  }

  flushSync(): void {
    this.#guard("flushSync", (sink) => sink.flushSync?.());
  }

  /** Nothing is handed over any more. Never rejects. */
  async close(timeoutMs: number): Promise<void> {
    this.#closed = true;
    const failure = await this.#inContext(() => closeForeign(this.#sink, timeoutMs, this.#account.clock));
    if (failure !== undefined) this.#account.error(new Error(`dead letters: ${failure}`), "dead_letter");
  }

  /** Gives the sink a context of its own: the logger counts what it hands to a sink, and this is not that. */
  #attach(): void {
    const account = this.#account;
    const sinkId = this.#id;
    const context = contextFrom(account, {
      onDelivered: () => {},
      onDrop: (droppedCount, reason, expected) => {
        if (expected === true) return;
        const errorMessage = `dead letters lost: ${reason}`;
        if (reason === "buffer_overflow") account.diagnostic({ event: reason, sinkId, droppedCount });
        else account.diagnostic({ event: "sink_error", sinkId, errorType: "dead_letter", errorMessage, droppedCount });
      },
      onError: (error, type) => {
        const described = describeError(error);
        const errorType = shortText(type ?? described.type, "Error");
        const errorMessage = shortText(described.message, "");
        account.diagnostic({ event: "sink_error", sinkId, errorType, errorMessage });
      },
    });
    this.#guard("attach", (sink) => sink.attach?.(context));
  }

  #letterOf(record: LogRecord, reason: string): LogRecord {
    const marks = { [DEAD_LETTER_SINK]: this.#sinkId, [DEAD_LETTER_REASON]: reason };
    return Object.freeze({ ...record, attributes: Object.freeze({ ...record.attributes, ...marks }) });
  }

  /** Calls the sink, and watches what it answers: an `async emit` breaks the contract, but must not end the process. */
  #guard(what: string, call: (sink: Sink) => unknown): void {
    if (this.#calling) return;
    this.#calling = true;
    try {
      const answer = this.#inContext(() => call(this.#sink));
      const later = promised(answer);
      if (later === undefined) this.#failing = false;
      else
        later.then(
          () => {
            this.#failing = false;
          },
          (error: unknown) => this.#failed(what, error),
        );
    } catch (error) {
      this.#failed(what, error);
    } finally {
      this.#calling = false;
    }
  }

  /** Told once until a call succeeds: a sink that throws for each record must not be told for each. */
  #failed(what: string, error: unknown): void {
    if (this.#failing) return;
    this.#failing = true;
    const { text } = describeThrown(error, what);
    this.#account.error(new Error(`the dead-letter sink failed: ${text}`), "dead_letter");
  }
}
