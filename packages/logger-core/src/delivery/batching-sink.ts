/**
 * The queue of §7.1 around one function that delivers a batch: what every remote sink is made of.
 *
 *   emit ─► Intake ─────► BoundedQueue ─► Batcher ────────► InFlight ─► BatchRun ─► deliver(batch, { signal, attempt })
 *           (what gives   (records        (full: now;       (how many   (attempts, back-off, halves)
 *            way when      and bytes)      partial: later)   at once)       │
 *            it is full)                                                    └─► SinkAccount: delivered or lost, and why
 *
 * `emit` only queues. In a microtask at the earliest, the pump cuts due batches off the queue, while fewer than
 * `concurrency` are in flight and the receiver has not asked for a pause, and starts a run for each. A run ends when
 * each of its records is delivered or lost; then the pump goes on. Records are numbered as they are queued: "everything
 * accepted before this flush" is a number, and the flush waits until the oldest unsettled record is past it. At every
 * step accepted = delivered + dropped + pending.
 */

import { SinkAccount, settlesWithin, Waiters } from "../accounting/index.ts";
import type { LogRecord } from "../record/index.ts";
import {
  captureAsyncContext,
  type EncodedFormat,
  type FlushResult,
  type RunInContext,
  type Sink,
  type SinkContext,
  type Timer,
} from "../sink/index.ts";
import type { BatchingSinkOptions } from "./batching-sink-options.ts";
import { type CheckedOptions, checkBatchingSinkOptions } from "./checked-options.ts";
import { DeadLetters } from "./dead-letters.ts";
import { Intake } from "./intake.ts";
import { loseRecords } from "./lose-records.ts";
import type { DeliveryOutcome, Losses } from "./outcome/index.ts";
import { Batcher, BoundedQueue, type Contents, type Entry, itemsAlone, itemsWithRecords } from "./queue/index.ts";
import { releaseWithin } from "./release.ts";
import {
  BatchRun,
  type DeliveryContext,
  type DeliveryPort,
  type FlyingBatch,
  InFlight,
  type Letter,
  Outage,
  RetryPolicy,
} from "./run/index.ts";
import { Alarms, ServerHold } from "./time/index.ts";

/** Of the time that `close` has; the rest is for dead letters, which may be many when it is over. */
const DELIVERY_SHARE = 0.8;

/**
 * A sink that delivers records in batches, with a bounded queue, retries and an exact count of what was lost.
 *
 * ```ts
 * const sink = new BatchingSink({
 *   id: "loki:https://logs.example",
 *   deliver: async (batch, { signal }) => push(batch, signal),
 * });
 *
 * class LokiSink extends BatchingSink {
 *   constructor() {
 *     super({ id: "loki:https://logs.example" });
 *   }
 *   override async deliver(batch: readonly LogRecord[], { signal }: DeliveryContext): Promise<DeliveryOutcome> { … }
 * }
 * ```
 *
 * A failed delivery is tried again with back-off while newer records queue up behind it; batches keep their order. No
 * timer of this class keeps the process alive, but for the deadlines of `flush` and `close`. Attributes arrive masked
 * (§10): pass masks through unchanged.
 */
export class BatchingSink<Item = LogRecord> implements Sink {
  /** The option `id`, without user info and query of a URL in it. */
  readonly id: string;
  /**
   * Writes what waits before it returns; batches in flight are left alone. Only there with `syncDrain`, or with a dead
   * letter sink that has it: what waits there is written too.
   */
  readonly flushSync?: () => void;
  /** The option `lineFormat`; none with `deadLetter`. */
  readonly lineFormat: EncodedFormat | undefined;
  /** All foreign code runs through it: in the asynchronous context in which the sink was made. */
  readonly #inContext: RunInContext = captureAsyncContext();
  readonly #options: CheckedOptions<Item>;
  readonly #account: SinkAccount;
  readonly #alarms: Alarms;
  readonly #contents: Contents<Item>;
  readonly #letters: DeadLetters | undefined;
  readonly #batcher: Batcher<Entry>;
  readonly #intake: Intake<Item>;
  readonly #inFlight: InFlight<Entry>;
  readonly #outage: Outage;
  readonly #hold: ServerHold = new ServerHold();
  readonly #waiters: Waiters = new Waiters();
  readonly #port: DeliveryPort<Entry>;
  /** Runs when the pause that the receiver asked for is over. */
  #resume: Timer | undefined;
  #closing: Promise<void> | undefined;

  /** @throws ConfigError for an unknown option, a bad value, or unless there is exactly one way to deliver. */
  constructor(options: BatchingSinkOptions<Item>) {
    const overridden = this.deliver !== BatchingSink.prototype.deliver;
    const checked = checkBatchingSinkOptions<Item>(new.target.name || "BatchingSink", options, overridden);
    const account = new SinkAccount(checked.id);
    const queue = new BoundedQueue<Entry>({ maxItems: checked.queueSize, maxBytes: checked.queueBytes });
    const { deadLetter, transform } = checked;
    const letters =
      deadLetter === undefined ? undefined : new DeadLetters(deadLetter, checked.id, account, this.#inContext);
    const contents =
      letters !== undefined && transform !== undefined
        ? itemsWithRecords<Item>()
        : itemsAlone<Item>(transform === undefined);
    this.id = checked.id;
    this.lineFormat = letters === undefined ? checked.lineFormat : undefined;
    this.#options = checked;
    this.#account = account;
    this.#alarms = new Alarms(() => account.clock);
    this.#outage = new Outage(checked.id, account, this.#alarms);
    this.#letters = letters;
    this.#contents = contents;
    this.#batcher = new Batcher(queue, checked, this.#alarms, this.#pump);
    this.#intake = new Intake({
      options: checked,
      account,
      alarms: this.#alarms,
      queue,
      batcher: this.#batcher,
      contents,
      letters,
      inContext: this.#inContext,
      onGone: () => this.#wakeWaiters(),
    });
    this.#inFlight = new InFlight(checked.concurrency);
    this.#port = {
      clock: this.#alarms,
      attemptTimeoutMs: checked.attemptTimeoutMs,
      random: () => account.random(),
      retry: new RetryPolicy(checked.retry),
      hold: this.#hold,
      outage: this.#outage,
      // Items in an array of their own: an author who empties it must not empty the next attempt.
      deliver: (entries, context) => this.deliver(contents.items(entries), context),
      settled: (run, delivered, losses, lost) => this.#settle(run, delivered, losses, lost),
      complain: ({ type, text }) => account.error(new Error(text), type),
    };
    if (checked.syncDrain !== undefined || letters?.isSynchronous === true) this.flushSync = () => this.#drain();
  }

  /** Clock, source of chance and the logger's ledger. Works without; call it before the first record. */
  attach(context: SinkContext): void {
    this.#account.attach(context);
  }

  /** Whether a record of this severity reaches `minSeverity`. */
  supportsSeverity(severityNumber: number): boolean {
    return severityNumber >= this.#options.minSeverity;
  }

  /** Queues the record. Delivery starts in a microtask at the earliest. */
  emit(record: LogRecord): void {
    try {
      if (record.severityNumber < this.#options.minSeverity) return;
    } catch {
      // No record at all: counted below, where taking it in fails as well.
    }
    this.#accept(record);
  }

  /** Queues a record in the format of `lineFormat`, copied by `transformLine`. */
  emitLine(severityNumber: number, line: Uint8Array): void {
    if (severityNumber >= this.#options.minSeverity) this.#accept(line);
  }

  /**
   * Starts delivery of partial batches and resolves when everything accepted before is delivered or lost, or when the
   * time is over; what waits then stays waiting (D-52). It shortens neither back-off nor a pause that the receiver
   * asked for. Do not await it inside `deliver`: it would wait for itself.
   */
  flush(timeoutMs?: number): Promise<FlushResult> {
    const upTo = this.#batcher.newest;
    this.#alarms.look();
    this.#batcher.demand();
    const letters = this.#letters;
    const flushLetters =
      letters && ((leftMs: number | undefined) => letters.flush(leftMs ?? this.#options.closeTimeoutMs));
    return this.#account.flush(this.#settled(upTo), timeoutMs, () => this.#unsettled(upTo), flushLetters);
  }

  /**
   * Stops accepting and delivers what was accepted, with back-off as usual, for `timeoutMs` (default `closeTimeoutMs`).
   * Then deliveries under way are aborted, and what is left counts as `closed`; the receiver may still have got a batch
   * that was in flight. Never rejects.
   */
  close(timeoutMs?: number): Promise<void> {
    const valid = typeof timeoutMs === "number" && timeoutMs >= 0;
    this.#closing ??= this.#close(valid ? timeoutMs : this.#options.closeTimeoutMs);
    return this.#closing;
  }

  /**
   * Delivers a batch: the option `deliver`, unless a subclass overrides it. Called for at most `concurrency` batches at
   * a time. A rejection means: try again, unless it is a `DeliveryError` with `retryable: false`.
   */
  protected deliver(
    batch: readonly Item[],
    context: DeliveryContext,
  ): Promise<DeliveryOutcome | undefined> | Promise<void> {
    return this.#options.deliver?.(batch, context) ?? Promise.resolve();
  }

  #accept(record: LogRecord | Uint8Array): void {
    this.#account.accept();
    if (this.#closing === undefined) this.#intake.take(record);
    else this.#intake.refuse(record, "closed");
  }

  #drain(): void {
    if (this.#options.syncDrain !== undefined) this.#intake.drain();
    this.#letters?.flushSync();
  }

  readonly #pump = (): void => this.#inContext(this.#startRuns);

  /** Starts a run for each batch that is due, as far as there is room. */
  readonly #startRuns = (): void => {
    while (this.#inFlight.hasRoom && this.#batcher.due) {
      const heldMs = this.#hold.remainingMs(this.#alarms.monotonicMs());
      if (heldMs > 0) {
        this.#resume ??= this.#alarms.schedule(this.#resumed, heldMs);
        return;
      }
      const run = new BatchRun(this.#batcher.cut(), this.#port);
      this.#inFlight.add(run);
      void run.run().then(this.#pump);
    }
  };

  readonly #resumed = (): void => {
    this.#resume = undefined;
    this.#pump();
  };

  #settle(
    run: FlyingBatch<Entry>,
    delivered: number,
    { lost, failure }: Losses,
    letters: readonly Letter<Entry>[],
  ): void {
    if (run.remaining === 0) this.#inFlight.delete(run);
    // Losses first: where some of a batch arrives, the last that is heard of it is a delivery.
    if (lost > 0) loseRecords(this.#account, lost, failure ?? { type: "delivery_rejected", text: "no reason given" });
    if (delivered > 0) this.#account.deliver(delivered);
    for (const { entry, text } of letters) this.#letters?.hand(this.#contents.record(entry), text);
    this.#wakeWaiters();
  }

  async #close(timeoutMs: number): Promise<void> {
    const { clock } = this.#account;
    const deadlineMs = clock.monotonicMs() + timeoutMs;
    this.#alarms.look();
    this.#batcher.demand();
    const deliveryMs = this.#letters === undefined ? timeoutMs : timeoutMs * DELIVERY_SHARE;
    await settlesWithin(this.#settled(this.#batcher.newest), deliveryMs, clock);
    this.#inContext(() => this.#abandonRest());
    const leftMs = Math.max(0, deadlineMs - clock.monotonicMs());
    const { release } = this.#options;
    await Promise.all([
      release && releaseWithin(release, leftMs, this.#account, this.#inContext),
      this.#letters?.close(leftMs),
    ]);
  }

  #abandonRest(): void {
    this.#resume?.cancel();
    this.#outage.end();
    const left = [...this.#inFlight.abandon(), ...this.#batcher.clear()];
    if (left.length === 0) return;
    this.#account.error(new Error(`close ran out of time: records dropped: ${left.length}`), "close_timeout");
    this.#account.drop(left.length, "closed");
    for (const entry of left) this.#letters?.hand(this.#contents.record(entry), "closed");
    this.#wakeWaiters();
  }

  /** Resolves when everything up to this number is delivered or lost. */
  #settled(upTo: number): Promise<void> {
    return this.#waiters.until(upTo, this.#oldestUnsettled());
  }

  #unsettled(upTo: number): number {
    return Math.max(0, upTo + 1 - this.#batcher.firstWaiting) + this.#inFlight.unsettled(upTo);
  }

  #wakeWaiters(): void {
    this.#waiters.settled(this.#oldestUnsettled);
  }

  readonly #oldestUnsettled = (): number => this.#inFlight.oldest ?? this.#batcher.firstWaiting;
}
