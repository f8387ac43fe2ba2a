import {
  captureAsyncContext,
  describeValue,
  type FlushResult,
  type Level,
  type LogRecord,
  OptionsCheck,
  type RunInContext,
  type Sink,
  SinkAccount,
  type SinkContext,
  settlesWithin,
  Waiters,
} from "@dagstack/logger-core";
import { RecordQueue } from "./record-queue.ts";
import { settlementOf } from "./settlement.ts";

/** Options of `CallbackSink`. */
export interface CallbackSinkOptions {
  /** Default `callback:<function name>`, or `callback:anonymous` (D-50). */
  readonly id?: string | undefined;
  /** Records below are ignored without a trace. Default: everything. */
  readonly minSeverity?: Level | undefined;
  /** How many records may wait for a running callback; one more and the oldest is dropped. Default 10 000. */
  readonly queueSize?: number | undefined;
  /** How many calls may run at the same time. Above 1 the order of completion is not kept. Default 1. */
  readonly concurrency?: number | undefined;
  /** How long `close` waits for what was accepted, when it is given no time. Default 5000. */
  readonly closeTimeoutMs?: number | undefined;
}

/**
 * Takes one record, its observed time set. What it returns counts as delivered at once, a promise or other thenable when
 * it resolves. A throw or a rejection loses the record (`sink_error`).
 */
export type LogCallback = (record: LogRecord) => unknown;

const OPTIONS = ["id", "minSeverity", "queueSize", "concurrency", "closeTimeoutMs"] as const;

/**
 * Forwards each record to a function (§7.2): to an error tracker, a socket, a test.
 *
 * While fewer than `concurrency` calls run and nothing waits, the callback is called inside `emit`. Otherwise the record
 * waits, in order, in a bounded queue. What the callback itself logs into this sink while it runs synchronously is
 * dropped and reported, so it cannot recurse (D-63). It runs in the asynchronous context in which the sink was made, never
 * in that of a record.
 */
export class CallbackSink implements Sink {
  readonly id: string;
  readonly #callback: LogCallback;
  readonly #inContext: RunInContext = captureAsyncContext();
  readonly #minSeverity: number;
  readonly #queueSize: number;
  readonly #concurrency: number;
  readonly #closeTimeoutMs: number;
  readonly #account: SinkAccount;
  readonly #waiting = new RecordQueue();
  readonly #waiters = new Waiters();
  /** Numbers of the calls that have not settled, oldest first: a record's number is its place in the order taken in. */
  readonly #running = new Set<number>();
  #nextNumber = 0;
  #calling = false;
  #reentryReported = false;
  #closing: Promise<void> | undefined;

  /** @throws ConfigError for a callback that is no function, an unknown option or a bad value. */
  constructor(callback: LogCallback, options?: CallbackSinkOptions) {
    const check = new OptionsCheck("CallbackSink", options, OPTIONS);
    if (typeof callback !== "function") {
      check.add({
        path: "callback",
        reason: callback === undefined ? "missing" : "type_mismatch",
        received: describeValue(callback),
        allowed: "a function of a record",
      });
    }
    this.id = check.text("id", `callback:${nameOf(callback)}`);
    this.#callback = callback;
    this.#minSeverity = check.level("minSeverity");
    this.#queueSize = check.integer("queueSize", { min: 1, default: 10_000, unit: "records" });
    this.#concurrency = check.integer("concurrency", { min: 1, default: 1 });
    this.#closeTimeoutMs = check.integer("closeTimeoutMs", { min: 0, default: 5000, unit: "milliseconds" });
    check.finish();
    this.#account = new SinkAccount(this.id);
  }

  attach(context: SinkContext): void {
    this.#account.attach(context);
  }

  supportsSeverity(severityNumber: number): boolean {
    return severityNumber >= this.#minSeverity;
  }

  emit(record: LogRecord): void {
    const account = this.#account;
    const observed = account.takeIn(record, this.#minSeverity);
    if (observed === undefined) return;
    if (this.#closing !== undefined) account.refuse("closed");
    else if (this.#calling) this.#refuseReentry();
    else if (this.#waiting.size === 0 && this.#running.size < this.#concurrency)
      this.#call(observed, this.#nextNumber++);
    else this.#enqueue(observed);
  }

  /**
   * Resolves when the callback is done with everything accepted before, calls under way included, or when the time is
   * over; what waits then stays waiting (D-52). Do not await it inside the callback: it would wait for itself.
   */
  flush(timeoutMs?: number): Promise<FlushResult> {
    const upTo = this.#nextNumber - 1;
    return this.#account.flush(this.#settled(upTo), timeoutMs, () => this.#unsettled(upTo));
  }

  /**
   * Stops accepting and waits for the callback to finish what was accepted. What is left after `timeoutMs` (default
   * `closeTimeoutMs`) is counted as `closed`; the callback may still finish a call under way.
   */
  close(timeoutMs: number = this.#closeTimeoutMs): Promise<void> {
    this.#closing ??= this.#close(timeoutMs);
    return this.#closing;
  }

  async #close(timeoutMs: number): Promise<void> {
    const done = this.#settled(this.#nextNumber - 1);
    if (await settlesWithin(done, timeoutMs, this.#account.clock)) return;
    const left = this.#waiting.size + this.#running.size;
    this.#waiting.clear();
    // A call that settles later finds its number gone and changes nothing.
    this.#running.clear();
    this.#account.drop(left, "closed");
    this.#wakeWaiters();
  }

  #refuseReentry(): void {
    this.#account.refuse("sink_error");
    if (this.#reentryReported) return;
    this.#reentryReported = true;
    this.#account.error(new Error("the callback logs into its own sink"), "reentrant_emit");
  }

  #enqueue(record: LogRecord): void {
    this.#nextNumber += 1;
    this.#waiting.add(record);
    if (this.#waiting.size <= this.#queueSize) return;
    // Wakes nobody: while records wait, older ones are running.
    this.#waiting.take();
    this.#account.drop(1, "buffer_overflow");
  }

  #call(record: LogRecord, number: number): void {
    this.#running.add(number);
    let settlement: Promise<unknown> | undefined;
    this.#calling = true;
    this.#reentryReported = false;
    try {
      const callback = this.#callback;
      settlement = this.#inContext(() => settlementOf(callback(record)));
    } catch (error) {
      this.#fail(number, error);
      return;
    } finally {
      this.#calling = false;
    }
    if (settlement === undefined) {
      this.#succeed(number);
      return;
    }
    settlement.then(
      () => {
        this.#succeed(number);
        this.#drain();
      },
      (error: unknown) => {
        this.#fail(number, error);
        this.#drain();
      },
    );
  }

  #succeed(number: number): void {
    if (!this.#running.delete(number)) return;
    this.#account.deliver();
    this.#wakeWaiters();
  }

  #fail(number: number, error: unknown): void {
    if (!this.#running.delete(number)) return;
    this.#account.drop(1, "sink_error");
    this.#account.error(error);
    this.#wakeWaiters();
  }

  #drain(): void {
    while (this.#running.size < this.#concurrency) {
      const number = this.#firstWaiting();
      const record = this.#waiting.take();
      if (record === undefined) return;
      this.#call(record, number);
    }
  }

  /** What waits is numbered without gaps up to the newest, since a record is called directly only when none waits. */
  #firstWaiting(): number {
    return this.#nextNumber - this.#waiting.size;
  }

  #oldestUnsettled(): number {
    const [oldestRunning] = this.#running;
    return oldestRunning ?? this.#firstWaiting();
  }

  #unsettled(upTo: number): number {
    const waiting = Math.max(0, upTo + 1 - this.#firstWaiting());
    return waiting + [...this.#running].filter((number) => number <= upTo).length;
  }

  #settled(upTo: number): Promise<void> {
    return this.#waiters.until(upTo, this.#oldestUnsettled());
  }

  #wakeWaiters(): void {
    this.#waiters.settled(() => this.#oldestUnsettled());
  }
}

function nameOf(callback: unknown): string {
  try {
    const name = (callback as { readonly name?: unknown } | undefined | null)?.name;
    return typeof name === "string" && name !== "" ? name : "anonymous";
  } catch {
    return "anonymous"; // a proxy; nothing is lost, the id says so
  }
}
