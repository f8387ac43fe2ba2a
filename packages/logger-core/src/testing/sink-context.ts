import { Ledger } from "../accounting/index.ts";
import { describeError } from "../options/index.ts";
import type { Clock, Diagnostic, DropReason, SinkContext } from "../sink/index.ts";
import { ManualClock } from "./manual-clock.ts";

/** A context that keeps what a sink reports, for tests of sinks. */
export class RecordingContext implements SinkContext {
  readonly clock: Clock;
  readonly random: () => number;
  /** Counts `onDelivered` and `onDrop`; `accept` is the test's to call. */
  readonly ledger: Ledger = new Ledger();
  readonly errors: { readonly type: string; readonly error: unknown }[] = [];
  readonly diagnostics: Diagnostic[] = [];

  constructor(clock: Clock = new ManualClock(), random: () => number = () => 0.5) {
    this.clock = clock;
    this.random = random;
  }

  onDelivered(count: number): void {
    this.ledger.deliver(count);
  }

  onDrop(count: number, reason: DropReason): void {
    this.ledger.drop(count, reason);
  }

  onError(error: unknown, errorType: string = describeError(error).type): void {
    this.errors.push({ type: errorType, error });
  }

  diagnostic(event: Diagnostic): void {
    this.diagnostics.push(event);
  }
}
