import {
  type FlushResult,
  type Level,
  type LogRecord,
  OptionsCheck,
  processWide,
  type Sink,
  SinkAccount,
  type SinkContext,
} from "@dagstack/logger-core";
import { compileQuery, type RecordQuery } from "./record-query.ts";
import { RecordRing } from "./record-ring.ts";

/** Options of `InMemorySink`. */
export interface InMemorySinkOptions {
  /** How many records are held; one more and the oldest goes. At least 1, default 1000. */
  readonly capacity?: number | undefined;
  /** Default `in-memory:cap=<capacity>#<k>`, k counting the sinks of the process (D-50). */
  readonly id?: string | undefined;
  /** Records below are ignored without a trace. Default: everything. */
  readonly minSeverity?: Level | undefined;
}

const DEFAULT_CAPACITY = 1000;
const OPTIONS = ["capacity", "id", "minSeverity"] as const;
const DONE = Promise.resolve();

const made = processWide("sink-memory.made", () => ({ sinks: 0 }));

/**
 * A bounded ring of records, for tests and for "what happened just before" views (§7.2).
 *
 * Each record is held with its observed time set. An evicted record counts as dropped (`buffer_overflow`, D-59), so
 * until `clear` the delivered ones are exactly those held. Evictions do not fail a flush: the ring is the destination.
 */
export class InMemorySink implements Sink {
  readonly id: string;
  readonly #minSeverity: number;
  readonly #ring: RecordRing;
  readonly #account: SinkAccount;
  #closed = false;

  /** @throws ConfigError for an unknown option or a capacity that is no whole number of at least 1. */
  constructor(options?: InMemorySinkOptions) {
    const check = new OptionsCheck("InMemorySink", options, OPTIONS);
    const capacity = check.integer("capacity", { min: 1, default: DEFAULT_CAPACITY, unit: "records" });
    const id = check.text("id", "");
    this.#minSeverity = check.level("minSeverity");
    check.finish();
    made.sinks += 1;
    this.id = id === "" ? `in-memory:cap=${capacity}#${made.sinks}` : id;
    this.#ring = new RecordRing(capacity);
    this.#account = new SinkAccount(this.id, { harmless: ["buffer_overflow"] });
  }

  get capacity(): number {
    return this.#ring.capacity;
  }

  /** How many records are held. */
  get size(): number {
    return this.#ring.size;
  }

  /** Records lost since the sink was made: evicted, or emitted after close. `clear` loses none and resets nothing. */
  get droppedCount(): number {
    return this.#account.ledger.droppedTotal;
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
    if (this.#closed) account.refuse("closed");
    else if (this.#ring.add(observed)) account.refuse("buffer_overflow");
    else account.deliver();
  }

  /** The records held, oldest first, in a new array. Works after close too. */
  records(): LogRecord[] {
    return this.#ring.toArray();
  }

  /**
   * The records held that match a query, oldest first.
   *
   * @throws ConfigError for an unknown or mistyped member of the query.
   */
  find(query: RecordQuery): LogRecord[] {
    return this.records().filter(compileQuery(query));
  }

  /** Forgets the records held. What was counted stays counted. */
  clear(): void {
    this.#ring.clear();
  }

  /**
   * Resolves at once: a record is delivered when it is held. `droppedCount` includes evictions, which are no failure;
   * records emitted after close are (§7.1).
   */
  flush(timeoutMs?: number): Promise<FlushResult> {
    return this.#account.flush(DONE, timeoutMs, () => 0);
  }

  /** Stops accepting. The records stay readable. */
  close(): Promise<void> {
    this.#closed = true;
    return DONE;
  }
}
