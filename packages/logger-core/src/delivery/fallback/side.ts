import { Ledger, type SinkAccount } from "../../accounting/index.ts";
import type { LogRecord } from "../../record/index.ts";
import type { DropReason, Sink } from "../../sink/index.ts";
import { contextFrom, promised } from "../foreign/index.ts";

/** What a side tells of its sink; counts are never more than the sink was given. */
export interface SideListener {
  delivered(count: number): void;
  dropped(count: number, reason: DropReason, expected: boolean): void;
  /** A failure that is no loss by itself. @param pending whether the sink still has records. */
  failed(error: unknown, errorType: string | undefined, pending: boolean): void;
}

/** One of the two sinks of a `FallbackSink`: guarded, and what it was given and told kept apart from the other. */
export class Side {
  readonly sink: Sink;
  readonly #listener: SideListener;
  readonly #ledger = new Ledger();
  #attached = false;
  #tellsDeliveries = false;
  /** Records whose `emit` answered a promise that has not settled. */
  #unanswered = 0;

  constructor(sink: Sink, account: SinkAccount, listener: SideListener) {
    this.sink = sink;
    this.#listener = listener;
    const context = contextFrom(account, {
      onDelivered: (count) => {
        this.#tellsDeliveries = true;
        this.#delivered(count);
      },
      onDrop: (count, reason, expected) => this.#dropped(count, reason, expected === true),
      onError: (error, errorType) => listener.failed(error, errorType, this.pending > 0),
    });
    try {
      if (typeof sink.attach !== "function") return;
      sink.attach(context);
      this.#attached = true;
    } catch (error) {
      listener.failed(error, undefined, false);
    }
  }

  /** Records that it was given and has not told of. */
  get pending(): number {
    return this.#ledger.pending;
  }

  supports(severityNumber: number): boolean {
    try {
      return this.sink.supportsSeverity(severityNumber);
    } catch {
      return true; // it cannot say: its `emit` shows what becomes of the record, which is counted there
    }
  }

  emit(record: LogRecord): void {
    this.#hand(() => this.sink.emit(record));
  }

  emitLine(severityNumber: number, line: Uint8Array): void {
    this.#hand(() => this.sink.emitLine?.(severityNumber, line));
  }

  /** After a flush or close that succeeded: what a sink that tells nothing had by then was delivered. */
  settle(count: number): void {
    if (!this.#tellsDeliveries) this.#delivered(Math.min(count, this.pending - this.#unanswered));
  }

  /** Counts what the sink has not told of when its close is over. */
  abandon(): void {
    this.#dropped(this.pending, "closed", false);
  }

  #hand(call: () => unknown): void {
    const pendingBefore = this.pending;
    this.#ledger.accept();
    try {
      const later = promised(call());
      if (later === undefined) {
        if (!this.#attached) this.#delivered(1);
      } else this.#await(later);
    } catch (error) {
      // The record is lost, unless the sink told of its fate before it threw.
      this.#lost(error, this.pending > pendingBefore ? 1 : 0);
    }
  }

  #await(later: Promise<unknown>): void {
    this.#unanswered += 1;
    later.then(
      () => {
        this.#unanswered -= 1;
        if (!this.#attached) this.#delivered(1);
      },
      (error: unknown) => {
        this.#unanswered -= 1;
        this.#lost(error, this.#attached ? 0 : 1);
      },
    );
  }

  #lost(error: unknown, count: number): void {
    this.#dropped(count, "sink_error", false);
    this.#listener.failed(error, undefined, true);
  }

  #delivered(count: number): void {
    const counted = Math.min(count, this.pending);
    if (counted <= 0) return;
    this.#ledger.deliver(counted);
    this.#listener.delivered(counted);
  }

  #dropped(count: number, reason: DropReason, expected: boolean): void {
    const counted = Math.min(count, this.pending);
    if (counted <= 0) return;
    this.#ledger.drop(counted, reason);
    this.#listener.dropped(counted, reason, expected);
  }
}
