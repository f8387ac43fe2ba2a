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
import { type BatchingSinkOptions, type CheckedOptions, checkBatchingSinkOptions } from "./batching-sink-options.ts";
import { Intake } from "./intake.ts";
import { loseRecords } from "./lose-records.ts";
import { type DeliveryOutcome, describeThrown, type Losses } from "./outcome/index.ts";
import { Batcher, BoundedQueue } from "./queue/index.ts";
import {
  BatchRun,
  type DeliveryContext,
  type DeliveryPort,
  type FlyingBatch,
  InFlight,
  Outage,
  RetryPolicy,
  ServerHold,
} from "./run/index.ts";

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
  /** Writes what waits before it returns. Only there with `syncDrain`; batches in flight are left alone. */
  readonly flushSync?: () => void;
  /** The option `lineFormat`. */
  readonly lineFormat: EncodedFormat | undefined;
  /** All foreign code runs through it: in the asynchronous context in which the sink was made. */
  readonly #inContext: RunInContext = captureAsyncContext();
  readonly #options: CheckedOptions<Item>;
  readonly #account: SinkAccount;
  readonly #batcher: Batcher<Item>;
  readonly #intake: Intake<Item>;
  readonly #inFlight: InFlight;
  readonly #hold: ServerHold = new ServerHold();
  readonly #waiters: Waiters = new Waiters();
  readonly #port: DeliveryPort<Item>;
  /** Runs when the pause that the receiver asked for is over. */
  #resume: Timer | undefined;
  #closing: Promise<void> | undefined;

  /** @throws ConfigError for an unknown option, a bad value, or unless there is exactly one way to deliver. */
  constructor(options: BatchingSinkOptions<Item>) {
    const overridden = this.deliver !== BatchingSink.prototype.deliver;
    const checked = checkBatchingSinkOptions<Item>(new.target.name || "BatchingSink", options, overridden);
    const account = new SinkAccount(checked.id);
    const queue = new BoundedQueue<Item>({ maxItems: checked.queueSize, maxBytes: checked.queueBytes });
    this.id = checked.id;
    this.lineFormat = checked.lineFormat;
    this.#options = checked;
    this.#account = account;
    this.#batcher = new Batcher(queue, checked, () => account.clock, this.#pump);
    this.#intake = new Intake(checked, account, queue, this.#batcher, this.#inContext, () => this.#wakeWaiters());
    this.#inFlight = new InFlight(checked.concurrency);
    this.#port = {
      get clock() {
        return account.clock;
      },
      random: () => account.random(),
      retry: new RetryPolicy(checked.retry),
      hold: this.#hold,
      outage: new Outage(checked.id, account),
      deliver: (batch, context) => this.deliver(batch, context),
      settled: (run, delivered, losses) => this.#settle(run, delivered, losses),
      complain: ({ type, text }) => account.error(new Error(text), type),
    };
    if (checked.syncDrain !== undefined) this.flushSync = () => this.#intake.drain();
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
    this.#batcher.demand();
    return this.#account.flush(this.#settled(upTo), timeoutMs, () => this.#unsettled(upTo));
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
    else this.#account.refuse("closed");
  }

  readonly #pump = (): void => this.#inContext(this.#startRuns);

  /** Starts a run for each batch that is due, as far as there is room. */
  readonly #startRuns = (): void => {
    const { clock } = this.#account;
    while (this.#inFlight.hasRoom && this.#batcher.due) {
      const heldMs = this.#hold.remainingMs(clock.monotonicMs());
      if (heldMs > 0) {
        this.#resume ??= clock.schedule(this.#resumed, heldMs);
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

  #settle(run: FlyingBatch, delivered: number, { lost, failure }: Losses): void {
    if (run.remaining === 0) this.#inFlight.delete(run);
    if (delivered > 0) this.#account.deliver(delivered);
    if (lost > 0) loseRecords(this.#account, lost, failure ?? { type: "delivery_rejected", text: "no reason given" });
    this.#wakeWaiters();
  }

  async #close(timeoutMs: number): Promise<void> {
    const { clock } = this.#account;
    const deadlineMs = clock.monotonicMs() + timeoutMs;
    this.#batcher.demand();
    await settlesWithin(this.#settled(this.#batcher.newest), timeoutMs, clock);
    this.#inContext(() => this.#abandonRest());
    await this.#release(Math.max(0, deadlineMs - clock.monotonicMs()));
  }

  #abandonRest(): void {
    this.#resume?.cancel();
    const left = this.#batcher.clear() + this.#inFlight.abandon();
    if (left === 0) return;
    this.#account.error(new Error(`close ran out of time: records dropped: ${left}`), "close_timeout");
    this.#account.drop(left, "closed");
    this.#wakeWaiters();
  }

  async #release(timeoutMs: number): Promise<void> {
    const { release } = this.#options;
    if (release === undefined) return;
    const released = this.#inContext(async () => {
      try {
        await release();
      } catch (error) {
        const { type, text } = describeThrown(error, "release");
        this.#account.error(new Error(text), type);
      }
    });
    if (await settlesWithin(released, timeoutMs, this.#account.clock)) return;
    this.#account.error(new Error("release did not end before close ran out of time"), "release_timeout");
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
