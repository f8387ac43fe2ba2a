/**
 * The sink contract (§7.1): any object with the five required members is a sink. No base class, no registration.
 */

import type { LogRecord } from "../record/index.ts";
import type { Clock } from "./clock.ts";
import type { Diagnostic, DropReason } from "./diagnostics.ts";

/** One sink that could not deliver everything, and why. The text never holds record content. */
export interface FailedSink {
  readonly sinkId: string;
  readonly error: string;
}

/** What a flush or close achieved (§7.1, D-51 to D-53). */
export interface FlushResult {
  /** True only when nothing accepted since the previous flush was lost and everything before this call is delivered. */
  readonly success: boolean;
  /** True exactly when `success` is false and something did get through. */
  readonly partial: boolean;
  readonly failedSinks: readonly FailedSink[];
  /** Records lost since the previous flush. Our sinks always set it; foreign ones may leave it out. */
  readonly droppedCount?: number;
}

/** What the logger gives a sink that wants it; every member is optional to use. */
export interface SinkContext {
  /** Time source for observed times, timers and deadlines. */
  readonly clock: Clock;
  /** Uniform in [0, 1), for jitter. */
  readonly random: () => number;
  /** Report records that reached the destination. A sink that never calls this is settled by its `flush` and `close`. */
  onDelivered(count: number): void;
  /**
   * Report records lost after `emit` took them, once each, whenever it happens. `expected` says that this is how the
   * sink works, as with a ring that evicts: it is counted like any other loss but not reported.
   */
  onDrop(count: number, reason: DropReason, expected?: boolean): void;
  /** Report a failure that is no loss by itself, such as a delivery that will be retried. */
  onError(error: unknown, errorType?: string): void;
  /** Say something on `dagstack.logger.internal` (§7.4). Must not carry bodies or attribute values. */
  diagnostic(event: Diagnostic): void;
}

/** The formats of a line of text (§1.5, §1.6). */
export type LineFormat = "dagstack" | "otlp_json";

/**
 * What a sink may ask for instead of record objects: a line of text, or `otlp_protobuf`, the bytes of an
 * `ExportLogsServiceRequest` that holds the one record (§1.7). A logger hands records to a sink whose format it does not
 * encode, as in a browser.
 */
export type EncodedFormat = LineFormat | "otlp_protobuf";

/**
 * A destination for records (§7.1).
 *
 * Attributes arrive already masked: pass masks through unchanged and never try to undo them.
 */
export interface Sink {
  /** Non-empty, unique within one configuration, without credentials. For diagnostics and metric labels. */
  readonly id: string;
  /** Takes the record in. Never blocks, never throws; below its threshold it does nothing at all. */
  emit(record: LogRecord): void;
  /**
   * Resolves when everything accepted before the call is delivered or lost, or `timeoutMs` is over; never rejects.
   * The logger also accepts foreign sinks that answer `undefined` or `{ ok }`, synchronously or not (D-66).
   */
  flush(timeoutMs?: number): Promise<FlushResult>;
  /** Stops accepting at once, delivers what was accepted, counts the rest as `closed`, releases. Idempotent. */
  close(timeoutMs?: number): Promise<void>;
  /** Whether the sink wants records of this severity. Pure, cheap, synchronous; asked before every hand-over. */
  supportsSeverity(severityNumber: number): boolean;
  /** Eager start, called by `reconfigure`: a rejection keeps the old configuration. */
  open?(): Promise<void>;
  /** Last chance at process exit: write what is waiting, synchronously. */
  flushSync?(): void;
  /** Called once, before the first record, by the logger that uses the sink. */
  attach?(context: SinkContext): void;
  /** Set by sinks whose output is one of our formats: the logger then calls `emitLine` instead of `emit`. */
  readonly lineFormat?: EncodedFormat | undefined;
  /**
   * Takes one encoded line in, without line end, redacted and with its observed time set. The bytes are valid during
   * the call only: copy what must be kept.
   */
  emitLine?(severityNumber: number, line: Uint8Array): void;
}

/** The result of a flush with nothing lost and nothing failed. */
export const FLUSH_SUCCEEDED: FlushResult = Object.freeze({
  success: true,
  partial: false,
  failedSinks: Object.freeze([]),
  droppedCount: 0,
});

const REQUIRED_METHODS = ["emit", "flush", "close", "supportsSeverity"] as const;

/**
 * What keeps a value from being a sink (§7.1): the names of missing or mistyped members, empty for a sink. Reading a
 * member that throws counts as missing.
 */
export function missingSinkMembers(value: unknown): string[] {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) {
    return ["id", ...REQUIRED_METHODS];
  }
  const read = (name: string): unknown => {
    try {
      return (value as Record<string, unknown>)[name];
    } catch {
      return undefined; // counted: the member is listed as missing
    }
  };
  const missing: string[] = [];
  const id = read("id");
  if (typeof id !== "string" || id === "") missing.push("id");
  for (const name of REQUIRED_METHODS) if (typeof read(name) !== "function") missing.push(name);
  return missing;
}
