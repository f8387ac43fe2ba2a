/** One sink as the logger holds it: guarded, isolated from the others, its ledger kept (§7.3, §12). */
import {
  type Clock,
  type Diagnostic,
  type DropReason,
  type EncodedFormat,
  type LogRecord,
  MAX_SEVERITY,
  MIN_SEVERITY,
  type Sink,
} from "@dagstack/logger-core";
import { SinkBooks } from "./sink-books.ts";
import type { SinkCounters } from "./sink-counters.ts";
import { SinkFailures } from "./sink-failures.ts";
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
  declare readonly sink: Sink;
  declare readonly id: string;
  declare readonly books: SinkBooks;
  /** The format that the sink asked for when it was last asked, if it takes encoded records. */
  format: EncodedFormat | undefined;
  readonly #host: SinkPortHost;
  readonly #failures: SinkFailures;
  #attached = false;
  #asking = false;
  #emitting = false;
  #tellsDeliveries = false;
  /** Records whose `emit` returned a promise that has not settled: what a flush says does not hold for them. */
  #unanswered = 0;
  /** The severities that the sink wanted when it was closed; `undefined` while it is not. */
  #wantedAtClose: ReadonlySet<number> | undefined;
  #closing: Promise<unknown> | undefined;
  #released = false;

  constructor(sink: Sink, host: SinkPortHost) {
    this.sink = sink;
    this.id = sinkId(sink);
    this.#host = host;
    this.books = new SinkBooks(this.id, () => host.countersOf(this.id));
    this.#failures = new SinkFailures(this.id, this.books, (diagnostic) => host.report(diagnostic));
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

  /** Whether the sink wants a record of this severity. A sink that throws instead loses the record, counted. */
  wants(severityNumber: number): boolean {
    if (this.#wantedAtClose !== undefined) return this.#wantedAtClose.has(severityNumber);
    if (this.#asking) return this.#loseUnasked(new ReentrantEmit());
    this.#asking = true;
    try {
      return this.sink.supportsSeverity(severityNumber);
    } catch (error) {
      return this.#loseUnasked(error);
    } finally {
      this.#asking = false;
    }
  }

  /** Sets `format` anew. @param protobuf whether `otlp_protobuf` can be had. */
  askFormat(protobuf: boolean): EncodedFormat | undefined {
    try {
      const { lineFormat } = this.sink;
      const known =
        lineFormat === "dagstack" || lineFormat === "otlp_json" || (protobuf && lineFormat === "otlp_protobuf");
      this.format = known && typeof this.sink.emitLine === "function" ? lineFormat : undefined;
    } catch (error) {
      this.fail(error);
      this.format = undefined;
    }
    return this.format;
  }

  emit(record: LogRecord): void {
    this.#hand(record, 0, undefined);
  }

  emitLine(severityNumber: number, line: Uint8Array): void {
    this.#hand(undefined, severityNumber, line);
  }

  /** Whether the sink is closed; then the record that it wanted is counted. */
  isClosed(): boolean {
    if (this.#closing === undefined) return false;
    this.refuse("closed");
    return true;
  }

  /** Counts a record that must not reach the sink any more. */
  refuse(reason: DropReason): void {
    this.books.accept();
    this.books.dropUntold(1, reason);
  }

  /** After a flush or close that succeeded: what a sink that never tells had accepted by then was delivered. */
  settle(count: number): void {
    if (!this.#tellsDeliveries) this.books.deliver(Math.min(count, this.books.pending - this.#unanswered));
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
  }

  /** Counts what the sink has not told of when its close ran out of time. What it tells later finds nothing pending. */
  abandon(): void {
    this.#unanswered = 0;
    this.books.dropUntold(this.books.pending, "closed");
  }

  /** Lets the sink write what it can before the process exits. */
  flushSync(): void {
    try {
      this.sink.flushSync?.();
    } catch (error) {
      this.fail(error);
    }
  }

  /** Counts and reports a failure; without `droppedCount` it is no loss by itself. */
  fail(error: unknown, errorType?: string, droppedCount?: number): void {
    this.#failures.add(error, errorType, droppedCount);
  }

  /** Reports losses that the sink told of without saying why. */
  tellLosses(): void {
    this.#failures.tellLosses();
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

  /** Gives the sink its context. Once, when the port can be found: the sink may use the logger. */
  attach(): void {
    try {
      if (typeof this.sink.attach !== "function") return;
      this.#attached = true;
      this.sink.attach({
        clock: this.#host.clock,
        random: this.#host.random,
        onDelivered: (count) => this.#toldDelivered(count),
        onDrop: (count, reason, expected) => this.#toldDropped(count, reason, expected),
        onError: (error, errorType) => this.#failures.told(error, errorType),
        diagnostic: (event) => this.#host.report(event),
      });
    } catch (error) {
      this.#attached = false;
      this.fail(error);
    }
  }

  /** Hands over a record or else a line. D-63: what reaches a sink while its own `emit` runs is dropped for it. */
  #hand(record: LogRecord | undefined, severityNumber: number, line: Uint8Array | undefined): void {
    const { books, sink } = this;
    const pendingBefore = books.pending;
    books.accept();
    if (this.#emitting) {
      this.#lose(new ReentrantEmit());
      return;
    }
    this.#emitting = true;
    try {
      const answer: unknown =
        record === undefined ? sink.emitLine?.(severityNumber, line as Uint8Array) : sink.emit(record);
      if (isThenable(answer)) this.#await(answer);
      else if (!this.#attached) books.deliver(1);
    } catch (error) {
      this.#thrown(error, pendingBefore);
    } finally {
      this.#emitting = false;
    }
  }

  /** An `emit` that is async breaks the contract; its rejection must not reach the process. */
  #await(answer: PromiseLike<unknown>): void {
    this.#unanswered += 1;
    const answered = (): void => {
      this.#unanswered = Math.max(0, this.#unanswered - 1);
    };
    Promise.resolve(answer).then(
      () => {
        answered();
        if (!this.#attached) this.books.deliver(1);
      },
      (error: unknown) => {
        answered();
        this.#thrown(error, 0);
      },
    );
  }

  /** The record is lost, unless the sink told of its fate before it threw. */
  #thrown(error: unknown, pendingBefore: number): void {
    if (this.books.pending > pendingBefore) this.#lose(error);
    else this.fail(error);
  }

  #toldDelivered(count: number): void {
    if (!isCount(count)) return;
    this.#tellsDeliveries = true;
    this.books.deliver(count);
  }

  #toldDropped(count: number, reason: DropReason, expected = false): void {
    if (!isCount(count)) return;
    const droppedCount = this.books.dropTold(count, reason, expected);
    if (expected || droppedCount === 0) return;
    if (reason === "buffer_overflow") this.#host.report({ event: "buffer_overflow", sinkId: this.id, droppedCount });
    // A sink that drops as `closed` what it gets was closed by somebody else than the loggers.
    if (reason === "sink_error" || (reason === "closed" && !this.closed)) this.#failures.toldLoss(droppedCount);
  }

  #lose(error: unknown): void {
    this.books.dropUntold(1, "sink_error");
    this.fail(error, undefined, 1);
  }

  #loseUnasked(error: unknown): false {
    this.books.accept();
    this.#lose(error);
    return false;
  }
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
