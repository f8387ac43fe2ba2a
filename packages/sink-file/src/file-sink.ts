import { pathToFileURL } from "node:url";
import {
  type Clock,
  type FlushResult,
  type LedgerSnapshot,
  type LineFormat,
  type LogRecord,
  type Sink,
  type SinkContext,
  systemClock,
  withObservedTime,
} from "@dagstack/logger-core";
import { toDagstackJsonl, toOtlpJson } from "@dagstack/logger-core/wire";
import { DeliveryAccount } from "./delivery-account.ts";
import { errorCode, type FileSystem, nodeFileSystem } from "./file-system.ts";
import { flushResult } from "./flush-result.ts";
import { LineWriter } from "./line-writer.ts";
import { LiveFile } from "./live-file.ts";
import { notRotatable, openError } from "./open-error.ts";
import { type FileSinkOptions, MAX_TIMEOUT_MS, readSettings } from "./options.ts";
import { RotationSchedule } from "./rotation.ts";

/** For tests and unusual runtimes. */
export interface FileSinkSeams {
  readonly fs?: FileSystem;
  /** Wins over the clock that comes with `attach`. */
  readonly clock?: Clock;
}

const DEFAULT_FLUSH_TIMEOUT_MS = 5_000;
const NANOS_PER_MS = 1_000_000n;
const encoder = new TextEncoder();

/**
 * Appends records to a file, one line each (§7.2). Nothing is lost while the file can be written: bytes are gathered
 * and written at the next turn of the event loop, or at once when the buffer is full. While it cannot be written they
 * wait, up to `maxBufferBytes`; beyond that the oldest are dropped and counted as `buffer_overflow`.
 *
 * The path is trusted and opened as given; links are followed. A rotated file belongs to one process. Attributes arrive
 * masked and are passed through unchanged.
 */
export class FileSink implements Sink {
  readonly id: string;
  /** Absolute path of the live file. */
  readonly path: string;
  readonly lineFormat: LineFormat;
  readonly #minSeverity: number;
  readonly #closeTimeoutMs: number;
  readonly #ownClock: Clock | undefined;
  #clock: Clock;
  readonly #account: DeliveryAccount;
  readonly #file: LiveFile;
  readonly #writer: LineWriter;
  /** While `emit` runs: a record that reaches the sink meanwhile was caused by it (D-63). */
  #isEmitting = false;
  #reentryReported = false;
  #isClosed = false;
  #closing: Promise<void> | undefined;
  #lastFlush: { readonly ledger: LedgerSnapshot; readonly appended: number };

  /**
   * Opens the file.
   *
   * @throws ConfigError for bad options, and when the file cannot be opened, unless `onOpenError` is `"retry"`.
   */
  constructor(path: string | URL, options?: FileSinkOptions, seams: FileSinkSeams = {}) {
    const { path: absolutePath, settings } = readSettings(path, options);
    const clock = (): Clock => this.#clock;
    this.path = absolutePath;
    this.id = settings.id ?? pathToFileURL(absolutePath).href;
    this.lineFormat = settings.format;
    this.#minSeverity = settings.minSeverity;
    this.#closeTimeoutMs = settings.closeTimeoutMs;
    this.#ownClock = seams.clock;
    this.#clock = seams.clock ?? systemClock;
    const account = new DeliveryAccount(clock);
    this.#account = account;
    const rotation = new RotationSchedule(settings.rotationSizeBytes, settings.rotationIntervalMs);
    this.#file = new LiveFile({
      fs: seams.fs ?? nodeFileSystem,
      path: absolutePath,
      fileMode: settings.fileMode,
      mkdir: settings.mkdir,
      fsync: settings.fsync,
      rotation,
      keep: settings.rotationKeep,
      now: () => Number(this.#clock.now() / NANOS_PER_MS),
      onError: (error) => void account.fileFailed(error),
    });
    this.#writer = new LineWriter({
      destination: this.#file,
      bufferBytes: settings.bufferBytes,
      maxBufferBytes: settings.maxBufferBytes,
      sync: settings.sync,
      clock,
      onDelivered: (lines) => account.delivered(lines),
      onDropped: (lines, reason) => account.dropped(lines, reason),
      onRefused: (error) => account.fileFailed(error),
    });
    this.#lastFlush = { ledger: account.ledger.snapshot(), appended: 0 };
    try {
      this.#file.reopen(0);
    } catch (error) {
      // With "retry" the first record tries again, and what goes wrong then is reported.
      if (settings.onOpenError === "throw") throw openError(error, absolutePath);
      return;
    }
    if (!rotation.isOff && !this.#file.isRegular) {
      this.#file.close(0);
      throw notRotatable(absolutePath);
    }
  }

  attach(context: SinkContext): void {
    this.#clock = this.#ownClock ?? context.clock;
    this.#account.attach(context);
  }

  supportsSeverity(severityNumber: number): boolean {
    return severityNumber >= this.#minSeverity;
  }

  /** Stamps the observed time (D-14), encodes and takes the line in. A record that cannot be encoded is a `sink_error`. */
  emit(record: LogRecord): void {
    if (record.severityNumber < this.#minSeverity) return;
    if (!this.#accept()) return;
    this.#isEmitting = true;
    try {
      const observed = withObservedTime(record, this.#clock.now());
      const text = this.lineFormat === "dagstack" ? toDagstackJsonl(observed) : toOtlpJson([observed]);
      this.#writer.append(encoder.encode(text));
    } catch (error) {
      this.#account.failed(error);
    } finally {
      this.#isEmitting = false;
    }
  }

  /** Copies the encoded line and LF into the buffer; with `sync` it is written before this returns. */
  emitLine(severityNumber: number, line: Uint8Array): void {
    if (severityNumber < this.#minSeverity) return;
    if (!this.#accept()) return;
    this.#isEmitting = true;
    try {
      this.#writer.append(line);
    } catch (error) {
      this.#account.failed(error); // no memory for the copy: the one way to fail, before anything is kept
    } finally {
      this.#isEmitting = false;
    }
  }

  /** Writes what is waiting and, unless `fsync` is `never`, forces it to the disk. Never rejects. */
  async flush(timeoutMs?: number): Promise<FlushResult> {
    const before = this.#lastFlush;
    this.#writer.drain();
    const waiting = await this.#writer.settled(milliseconds(timeoutMs, DEFAULT_FLUSH_TIMEOUT_MS));
    this.#file.sync();
    const after = this.#account.ledger.snapshot();
    this.#lastFlush = { ledger: after, appended: this.#writer.appended };
    return flushResult({
      sinkId: this.id,
      before: before.ledger,
      after,
      waiting,
      refusedBy: errorCode(this.#writer.refusal?.error),
      syncFailure: this.#file.takeSyncFailure(),
      someDelivered: this.#writer.deliveredEnd > before.appended,
    });
  }

  /** Writes, synchronously, everything the file takes: for process exit. */
  flushSync(): void {
    this.#writer.drain();
    this.#file.sync();
  }

  /** Writes what is waiting, then opens the path again: for `logrotate` and the like. Fails as a write does: later. */
  reopen(): void {
    if (!this.#isClosed) this.#writer.reopen();
  }

  /**
   * Takes nothing more in, keeps trying until everything is written or `timeoutMs` (default `closeTimeoutMs`) is over,
   * counts the rest as `closed` and releases the file. Later calls return the first promise, which never rejects.
   */
  close(timeoutMs?: number): Promise<void> {
    this.#closing ??= this.#close(milliseconds(timeoutMs, this.#closeTimeoutMs));
    return this.#closing;
  }

  async #close(timeoutMs: number): Promise<void> {
    this.#isClosed = true;
    this.#writer.drain();
    if (this.#writer.pendingLines > 0) await this.#writer.settled(timeoutMs);
    const begunBytes = this.#writer.begunBytes;
    this.#writer.dropAll("closed");
    this.#file.close(begunBytes);
  }

  /** Counts the record in; false when it is lost at once: after close, or when it was caused by the one being taken in. */
  #accept(): boolean {
    this.#account.ledger.accept();
    if (this.#isClosed) {
      this.#account.refused("closed");
      return false;
    }
    if (!this.#isEmitting) return true;
    if (this.#reentryReported) {
      this.#account.refused("sink_error");
    } else {
      this.#reentryReported = true;
      this.#account.failed(new Error("a record reached the sink while it was taking one in"), "reentrancy");
    }
    return false;
  }
}

/** A duration given at a call: rounded into what a timer takes, the default for anything that is no number. */
function milliseconds(value: number | undefined, fallback: number): number {
  if (typeof value !== "number" || Number.isNaN(value)) return fallback;
  return Math.min(Math.max(0, value), MAX_TIMEOUT_MS);
}
