/** One sink as the logger holds it: guarded, isolated from the others, its ledger kept (§7.3, §12). */
import {
  type Clock,
  type Diagnostic,
  type DropReason,
  describeError,
  FlushAccount,
  Ledger,
  type LedgerSnapshot,
  type LineFormat,
  type LogRecord,
  MAX_SEVERITY,
  MIN_SEVERITY,
  type Sink,
} from "@dagstack/logger-core";
import type { SinkCounters } from "./sink-counters.ts";
import { sinkId } from "./sink-id.ts";

/** What a port needs from the process: time and the diagnostic channel. */
export interface SinkPortHost {
  readonly clock: Clock;
  readonly random: () => number;
  report(diagnostic: Diagnostic): void;
  /** The metrics of a sink id, which may outlive a sink. */
  countersOf(sinkId: string): SinkCounters;
}

/**
 * Hands records to one sink. Whatever the sink does, no method throws, and every record handed over is counted as
 * delivered, pending or dropped.
 */
export class SinkPort {
  readonly sink: Sink;
  readonly id: string;
  /** Turns the losses that only the logger knows of into flush results. */
  readonly account: FlushAccount;
  /** How far earlier flushes have answered. */
  answered: FlushedTotals = { delivered: 0, dropped: 0, toldLosses: 0 };
  readonly #host: SinkPortHost;
  #counters: SinkCounters | undefined;
  /** Records taken in before the metrics were reset: these, the oldest, are not in them. */
  #uncounted = 0;
  /** What became of this sink's own records. */
  readonly #ledger = new Ledger();
  /** The part of it that the sink does not know of: it threw, was re-entered or had been closed. */
  readonly #unknownToSink = new Ledger();
  readonly #attached: boolean;
  #asking = false;
  #emitting = false;
  #tellsDeliveries = false;
  /** Losses that the sink told of and that are not how it works. */
  #toldLosses = 0;
  /** Records whose `emit` returned a promise that has not settled: what a flush says does not hold for them. */
  #unanswered = 0;
  /** The severities that the sink wanted when it was closed; `undefined` while it is not. */
  #wantedAtClose: ReadonlySet<number> | undefined;
  #closing: Promise<unknown> | undefined;
  #released = false;
  #abandoned = false;

  constructor(sink: Sink, host: SinkPortHost) {
    this.sink = sink;
    this.id = sinkId(sink);
    this.#host = host;
    this.#counters = host.countersOf(this.id);
    this.account = new FlushAccount(this.id, this.#unknownToSink);
    this.#attached = this.#attach();
  }

  get counters(): SinkCounters {
    this.#counters ??= this.#host.countersOf(this.id);
    return this.#counters;
  }

  /** After a reset of the metrics: counts anew from here. */
  countAnew(): void {
    this.#counters = undefined;
    this.#uncounted = this.pending;
  }

  /** Whether the sink took a context, and so can tell of its losses. */
  get attached(): boolean {
    return this.#attached;
  }

  /** Whether the logger has closed the sink: it is not called again until it is configured again. */
  get closed(): boolean {
    return this.#closing !== undefined;
  }

  /** Whether the sink's `close` is done. */
  get released(): boolean {
    return this.#released;
  }

  /** Records whose fate is open, as far as the sink tells. */
  get pending(): number {
    return this.#ledger.pending;
  }

  /** What became of this sink's own records. */
  ledger(): LedgerSnapshot {
    return this.#ledger.snapshot();
  }

  totals(): FlushedTotals {
    const { delivered, droppedTotal } = this.#ledger;
    return { delivered, dropped: droppedTotal, toldLosses: this.#toldLosses };
  }

  /** Whether the sink wants a record of this severity. A sink that throws instead loses the record, counted. */
  wants(severityNumber: number): boolean {
    if (this.#wantedAtClose !== undefined) return this.#wantedAtClose.has(severityNumber);
    try {
      if (this.#asking) throw new ReentrantEmit();
      this.#asking = true;
      return this.sink.supportsSeverity(severityNumber);
    } catch (error) {
      this.#accept();
      this.#lose(error);
      return false;
    } finally {
      this.#asking = false;
    }
  }

  /** The line format the sink asks for, if it takes lines. */
  get lineFormat(): LineFormat | undefined {
    try {
      const { lineFormat } = this.sink;
      const known = lineFormat === "dagstack" || lineFormat === "otlp_json";
      return known && typeof this.sink.emitLine === "function" ? lineFormat : undefined;
    } catch (error) {
      this.fail(error);
      return undefined;
    }
  }

  emit(record: LogRecord): void {
    this.#hand(() => this.sink.emit(record));
  }

  emitLine(severityNumber: number, line: Uint8Array): void {
    this.#hand(() => this.sink.emitLine?.(severityNumber, line));
  }

  /** Counts a record that must not reach the sink any more. */
  refuse(reason: DropReason): void {
    this.#accept();
    this.#loseCounted(1, reason);
  }

  /** After a flush or close that succeeded: what a sink that never tells had accepted by then was delivered. */
  settle(count: number): void {
    if (!this.#tellsDeliveries) this.#deliver(Math.min(count, this.pending - this.#unanswered));
  }

  /** Calls the sink's `close`; later calls return the first promise. */
  close(timeoutMs: number): Promise<unknown> {
    this.#closing ??= this.#close(timeoutMs);
    return this.#closing;
  }

  /** The sink stands in a configuration again. */
  reuse(): void {
    this.#wantedAtClose = undefined;
    this.#closing = undefined;
    this.#released = false;
    this.#abandoned = false;
  }

  /** Counts what the sink has not told of when its close ran out of time. What it tells later is not heard. */
  abandon(): void {
    this.#abandoned = true;
    this.#unanswered = 0;
    this.#loseCounted(this.pending, "closed");
  }

  /** Lets the sink write what it can before the process exits. */
  flushSync(): void {
    try {
      this.sink.flushSync?.();
    } catch (error) {
      this.fail(error);
    }
  }

  /** Counts and reports a failure that is no loss by itself. */
  fail(error: unknown, errorType?: string, droppedCount?: number): void {
    const described = describeError(error);
    const type = errorType ?? described.type;
    this.counters.countError(type);
    this.#host.report({
      event: "sink_error",
      sinkId: this.id,
      errorType: type,
      errorMessage: described.message,
      ...(droppedCount === undefined ? {} : { droppedCount }),
    });
  }

  async #close(timeoutMs: number): Promise<unknown> {
    const wanted = new Set<number>();
    for (let severity = MIN_SEVERITY; severity <= MAX_SEVERITY; severity++) {
      try {
        if (this.sink.supportsSeverity(severity)) wanted.add(severity);
      } catch {
        wanted.add(severity); // it cannot say: its records are counted, as `closed`
      }
    }
    this.#wantedAtClose = wanted;
    try {
      return await this.sink.close(timeoutMs);
    } finally {
      this.#released = true;
    }
  }

  #attach(): boolean {
    try {
      if (typeof this.sink.attach !== "function") return false;
      this.sink.attach({
        clock: this.#host.clock,
        random: this.#host.random,
        onDelivered: (count) => this.#toldDelivered(count),
        onDrop: (count, reason, expected) => this.#toldDropped(count, reason, expected),
        onError: (error, errorType) => this.fail(error, errorType),
        diagnostic: (event) => this.#host.report(event),
      });
      return true;
    } catch (error) {
      this.fail(error);
      return false;
    }
  }

  /** D-63: what reaches a sink while its own `emit` runs is dropped for it. */
  #hand(emit: () => unknown): void {
    const pendingBefore = this.pending;
    this.#accept();
    if (this.#emitting) {
      this.#lose(new ReentrantEmit());
      return;
    }
    this.#emitting = true;
    try {
      const answer = emit();
      if (isThenable(answer)) this.#await(answer);
      else if (!this.#attached) this.#deliver(1);
    } catch (error) {
      this.#thrown(error, pendingBefore);
    } finally {
      this.#emitting = false;
    }
  }

  /** An `emit` that is async breaks the contract; its rejection must not reach the process. */
  #await(answer: PromiseLike<unknown>): void {
    this.#unanswered += 1;
    Promise.resolve(answer).then(
      () => {
        if (this.#abandoned) return;
        this.#unanswered -= 1;
        if (!this.#attached) this.#deliver(1);
      },
      (error: unknown) => {
        if (this.#abandoned) return this.fail(error);
        this.#unanswered -= 1;
        this.#thrown(error, 0);
      },
    );
  }

  /** The record is lost, unless the sink told of its fate before it threw. */
  #thrown(error: unknown, pendingBefore: number): void {
    if (this.pending > pendingBefore) this.#lose(error);
    else this.fail(error);
  }

  #toldDelivered(count: number): void {
    if (!isCount(count) || this.#abandoned) return;
    this.#tellsDeliveries = true;
    this.#deliver(count);
  }

  #toldDropped(count: number, reason: DropReason, expected = false): void {
    if (!isCount(count) || this.#abandoned) return;
    this.#drop(count, reason);
    if (!expected) this.#toldLosses += count;
    if (reason !== "buffer_overflow" || expected) return;
    this.#host.report({ event: "buffer_overflow", sinkId: this.id, droppedCount: count });
  }

  #lose(error: unknown): void {
    this.#loseCounted(1, "sink_error");
    this.fail(error, undefined, 1);
  }

  #loseCounted(count: number, reason: DropReason): void {
    this.#unknownToSink.drop(count, reason);
    this.#drop(count, reason);
  }

  #accept(): void {
    this.#ledger.accept();
    this.counters.ledger.accept();
  }

  #deliver(count: number): void {
    const counted = Math.max(0, Math.min(count, this.pending)); // a sink may tell of more than it was given
    this.#ledger.deliver(counted);
    this.counters.ledger.deliver(this.#inMetrics(counted));
  }

  #drop(count: number, reason: DropReason): void {
    const counted = Math.min(count, this.pending);
    this.#ledger.drop(counted, reason);
    this.counters.ledger.drop(this.#inMetrics(counted), reason);
  }

  /** How many of the records that settle now the metrics know of. */
  #inMetrics(count: number): number {
    const unknown = Math.min(count, this.#uncounted);
    this.#uncounted -= unknown;
    return count - unknown;
  }
}

/** Sums over the life of a sink, as far as a flush has answered for them. */
export interface FlushedTotals {
  readonly delivered: number;
  readonly dropped: number;
  /** Losses that the sink told of and that are not how it works. */
  readonly toldLosses: number;
}

class ReentrantEmit extends Error {
  override readonly name = "ReentrantEmit";
  constructor() {
    super("a record reached the sink from within its own emit (D-63)");
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
}

/** A number of records, as a foreign sink may tell it. */
export function isCount(count: unknown): count is number {
  return typeof count === "number" && Number.isSafeInteger(count) && count > 0;
}
