import { type Diagnostic, describeError } from "@dagstack/logger-core";
import type { SinkBooks } from "./sink-books.ts";

interface Failure {
  readonly type: string;
  readonly message: string;
}

/** Of a sink that says that it lost records and never why. */
const UNTOLD: Failure = { type: "sink_error", message: "the sink lost records and did not say why" };

/** Counts and reports the failures of one sink, each with the records that it cost. */
export class SinkFailures {
  readonly #sinkId: string;
  readonly #books: SinkBooks;
  readonly #report: (diagnostic: Diagnostic) => void;
  /** Losses that the sink told of and that no diagnostic has told yet. */
  #lost = 0;
  /** The newest failure that the sink told of. */
  #newest: Failure = UNTOLD;

  constructor(sinkId: string, books: SinkBooks, report: (diagnostic: Diagnostic) => void) {
    this.#sinkId = sinkId;
    this.#books = books;
    this.#report = report;
  }

  /** A failure; without `droppedCount` it is no loss by itself. */
  add(error: unknown, errorType?: string, droppedCount?: number): void {
    const { type, message } = describeError(error);
    const failure = { type: errorType ?? type, message };
    this.#books.counters.countError(failure.type);
    this.#tell(failure, droppedCount);
  }

  /** A failure that the sink tells of; what it has just said to be lost is what it cost. */
  told(error: unknown, errorType?: string): void {
    const droppedCount = this.#lost === 0 ? undefined : this.#lost;
    this.#lost = 0;
    const { type, message } = describeError(error);
    this.#newest = { type: errorType ?? type, message };
    this.add(error, errorType, droppedCount);
  }

  /** Records that the sink says are lost: it has the rest of the turn to say why. */
  toldLoss(droppedCount: number): void {
    if (this.#lost === 0) void Promise.resolve().then(() => this.tellLosses());
    this.#lost += droppedCount;
  }

  /** Reports what the sink said to be lost, without waiting for the reason. */
  tellLosses(): void {
    const droppedCount = this.#lost;
    this.#lost = 0;
    if (droppedCount > 0) this.#tell(this.#newest, droppedCount);
  }

  #tell({ type, message }: Failure, droppedCount: number | undefined): void {
    this.#report({
      event: "sink_error",
      sinkId: this.#sinkId,
      errorType: type,
      errorMessage: message,
      ...(droppedCount === undefined ? {} : { droppedCount }),
    });
  }
}
