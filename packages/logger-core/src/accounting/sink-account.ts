import { type LogRecord, withObservedTime } from "../record/index.ts";
import type { Diagnostic, DropReason, FlushResult, SinkContext } from "../sink/index.ts";
import { type Clock, systemClock } from "../sink/index.ts";
import { FlushAccount } from "./flush-account.ts";
import { Ledger } from "./ledger.ts";
import { settlesWithin } from "./settles-within.ts";

/**
 * The book-keeping of one sink: its own ledger, from which flush results are made, and the logger's, told through the
 * context. Works the same before `attach` and without it. No method throws, whatever the context does.
 */
export class SinkAccount {
  /** Read it; write it only through the methods below. */
  readonly ledger: Ledger = new Ledger();
  readonly #flushes: FlushAccount;
  readonly #harmless: readonly DropReason[];
  #clock: Clock;
  #context: SinkContext | undefined;
  /** Records taken in before there was a context: it has not counted them, so it hears of nothing they become. */
  #unattached = 0;
  #closedTold = false;

  /**
   * @param options `harmless`: see `FlushAccount`; `clock`: the time source until a context brings one, default the
   * system's.
   */
  constructor(sinkId: string, options: { readonly harmless?: readonly DropReason[]; readonly clock?: Clock } = {}) {
    this.#harmless = options.harmless ?? [];
    this.#flushes = new FlushAccount(sinkId, this.ledger, this.#harmless);
    this.#clock = options.clock ?? systemClock;
  }

  get clock(): Clock {
    return this.#clock;
  }

  /** Uniform in [0, 1): the context's, for tests to own, or `Math.random`. */
  random(): number {
    const random = this.#context?.random ?? Math.random;
    return random();
  }

  /** What `Sink.attach` forwards to. */
  attach(context: SinkContext): void {
    if (this.#context === undefined) this.#unattached = this.ledger.pending;
    this.#context = context;
    this.#closedTold = false;
    this.#clock = context.clock ?? this.#clock;
  }

  /**
   * What `emit` begins with: the record as accepted, with its observed time. `undefined` when there is nothing more to
   * do: it is below `minSeverity`, or is none, which is counted as lost (`sink_error`).
   */
  takeIn(record: LogRecord, minSeverity: number): LogRecord | undefined {
    try {
      if (record.severityNumber < minSeverity) return undefined;
      const observed = withObservedTime(record, this.#clock.now());
      this.accept();
      return observed;
    } catch (error) {
      this.accept();
      this.refuse("sink_error");
      this.error(error);
      return undefined;
    }
  }

  /** Records that `emit` took; the logger counts these itself. */
  accept(count = 1): void {
    this.ledger.accept(count);
  }

  /** Records that reached the destination. */
  deliver(count = 1): void {
    this.ledger.deliver(count);
    const told = this.#known(count);
    if (told > 0) this.#tell((context) => context.onDelivered(told));
  }

  /** Records lost after `accept`. @param expected see `SinkContext.onDrop`. */
  drop(count: number, reason: DropReason, expected: boolean = this.#harmless.includes(reason)): void {
    this.ledger.drop(count, reason);
    const told = this.#known(count);
    if (told > 0) this.#tell((context) => context.onDrop(told, reason, expected));
  }

  /**
   * An accepted record that is lost at once and overtakes those that wait, which `drop` would take for the oldest. That
   * a closed sink is in use is told once in each configuration that uses it.
   */
  refuse(reason: DropReason): void {
    this.ledger.drop(1, reason);
    this.#tell((context) => context.onDrop(1, reason, this.#harmless.includes(reason)));
    if (reason !== "closed" || this.#closedTold) return;
    this.#closedTold = true;
    this.error(new Error("records reach the sink after it was closed, and are dropped"), reason);
  }

  /** A failure; the records it cost are reported with `drop`, best before it: then they are told together. */
  error(error: unknown, errorType?: string): void {
    this.#tell((context) => context.onError(error, errorType));
  }

  /** Something to say on the internal channel (§7.4) that is no error. */
  diagnostic(event: Diagnostic): void {
    this.#tell((context) => context.diagnostic(event));
  }

  /**
   * The whole of a flush: waits until `done` settles or the time is over and answers for what was lost. Never rejects.
   *
   * @param done settles when everything accepted before the call is delivered or lost.
   * @param pending how many of those records still wait, asked when the time is over.
   * @param afterwards what is to be done then, in the time that is left; answers what failed (no record content).
   */
  async flush(
    done: Promise<unknown>,
    timeoutMs: number | undefined,
    pending: () => number,
    afterwards?: (leftMs: number | undefined) => Promise<string | undefined> | undefined,
  ): Promise<FlushResult> {
    const window = this.#flushes.begin();
    const startMs = this.#clock.monotonicMs();
    const timedOut = !(await settlesWithin(done, timeoutMs, this.#clock));
    const waiting = timedOut ? { timedOut, pending: pending() } : {};
    if (afterwards === undefined) return window.result(waiting);
    const leftMs = timeoutMs === undefined ? undefined : Math.max(0, timeoutMs - (this.#clock.monotonicMs() - startMs));
    const ended = window.end();
    return ended.result({ ...waiting, failure: await afterwards(leftMs) });
  }

  /** How many of the records that settle now the context has counted. Those taken in before it come first. */
  #known(count: number): number {
    const unknown = Math.min(count, this.#unattached);
    this.#unattached -= unknown;
    return count - unknown;
  }

  #tell(what: (context: SinkContext) => void): void {
    if (this.#context === undefined) return;
    try {
      what(this.#context);
    } catch {
      // A context must not throw; the sink's own ledger, which flush answers from, has the count.
    }
  }
}
