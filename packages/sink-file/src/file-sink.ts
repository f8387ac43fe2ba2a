import { pathToFileURL } from "node:url";
import {
  type Clock,
  FlushAccount,
  type FlushResult,
  type LineFormat,
  type LogRecord,
  type Sink,
  SinkAccount,
  type SinkContext,
  settlesWithin,
  withObservedTime,
} from "@dagstack/logger-core";
import {
  errorCode,
  type FileSystem,
  LineWriter,
  nodeFileSystem,
  pauseThread,
  systemProcesses,
} from "@dagstack/logger-core/files";
import { toLine } from "@dagstack/logger-core/wire";
import { createFile } from "./create-file.ts";
import { FailureReports } from "./failure-reports.ts";
import { onHangup } from "./hangup.ts";
import type { LiveFile } from "./live-file.ts";
import { notRotatable, openError } from "./open-error.ts";
import { type FileSinkOptions, type FileSinkSettings, MAX_TIMEOUT_MS, readSettings } from "./options.ts";
import { systemPath, type Upkeep } from "./rotation/index.ts";
import type { FileSinkSeams } from "./seams.ts";

const DEFAULT_FLUSH_TIMEOUT_MS = 5_000;
const HEALED = "the file ended in the middle of a line, which got its line end";
const encoder = new TextEncoder();

/**
 * Appends records to a file, one line each (§7.2). Nothing is lost while the file can be written: bytes are gathered
 * and written at the next turn of the event loop, or at once when the buffer is full. While it cannot be written they
 * wait, up to `maxBufferBytes`; beyond that the oldest are dropped and counted as `buffer_overflow`.
 *
 * The path is trusted and opened as given; links are followed. Several processes may write to one rotated file. Attributes
 * arrive masked and are passed through unchanged.
 */
export class FileSink implements Sink {
  readonly id: string;
  /** Absolute path of the live file. */
  readonly path: string;
  readonly lineFormat: LineFormat;
  readonly #minSeverity: number;
  readonly #closeTimeoutMs: number;
  readonly #clock: () => Clock;
  readonly #account: SinkAccount;
  readonly #flushes: FlushAccount;
  readonly #failures: FailureReports;
  readonly #file: LiveFile;
  readonly #upkeep: Upkeep | undefined;
  readonly #writer: LineWriter;
  readonly #stopListening: () => void;
  /** While `emit` runs: a record that reaches the sink meanwhile was caused by it (D-63). */
  #isEmitting = false;
  #reentryReported = false;
  #isClosed = false;
  #closing: Promise<void> | undefined;
  /** Lines appended when the last flush ended. */
  #flushedLines = 0;

  /**
   * Opens the file.
   *
   * @throws ConfigError for bad options, and when the file cannot be opened, unless `onOpenError` is `"retry"`.
   */
  constructor(path: string | URL, options?: FileSinkOptions, seams: FileSinkSeams = {}) {
    const { path: absolutePath, settings } = readSettings(path, options);
    this.path = absolutePath;
    this.id = settings.id ?? pathToFileURL(absolutePath).href;
    this.lineFormat = settings.format;
    this.#minSeverity = settings.minSeverity;
    this.#closeTimeoutMs = settings.closeTimeoutMs;
    const account = new SinkAccount(this.id);
    const clock = (): Clock => seams.clock ?? account.clock;
    const failures = new FailureReports(this.id, account, clock);
    this.#clock = clock;
    this.#account = account;
    this.#flushes = new FlushAccount(this.id, account.ledger);
    this.#failures = failures;
    const fs = seams.fs ?? nodeFileSystem;
    const { file, upkeep } = createFile(settings, {
      fs,
      path: absolutePath,
      clock,
      processes: seams.processes ?? systemProcesses(),
      pause: seams.pause ?? pauseThread,
      onError: (error) => failures.tell(error),
      onHealed: () => failures.healed(HEALED),
    });
    this.#file = file;
    this.#upkeep = upkeep;
    this.#writer = new LineWriter({
      destination: this.#file,
      bufferBytes: settings.bufferBytes,
      maxBufferBytes: settings.maxBufferBytes,
      sync: settings.sync,
      clock,
      account,
      onRefused: (error) => failures.report(error),
    });
    this.#openFirst(settings, absolutePath, fs);
    const signals = settings.reopenOnSighup ? (seams.signals ?? process) : undefined;
    this.#stopListening = signals === undefined ? () => {} : onHangup(signals, () => this.reopen());
    upkeep?.start();
  }

  attach(context: SinkContext): void {
    this.#account.attach(context);
    this.#failures.attached();
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
      const observed = withObservedTime(record, this.#clock().now());
      this.#writer.append(encoder.encode(toLine(observed, this.lineFormat)));
    } catch (error) {
      this.#fail(error);
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
      this.#fail(error); // no memory for the copy: the one way to fail, before anything is kept
    } finally {
      this.#isEmitting = false;
    }
  }

  /**
   * Writes what is waiting and, unless `fsync` is `never`, forces it to the disk. While it waits for a file that cannot
   * be written it holds the process, until `timeoutMs` (default 5 000) is over. Never rejects.
   */
  async flush(timeoutMs?: number): Promise<FlushResult> {
    const window = this.#flushes.begin();
    const before = this.#flushedLines;
    const writer = this.#writer;
    writer.drain();
    const lines = writer.appended;
    await this.#settled(lines, milliseconds(timeoutMs, DEFAULT_FLUSH_TIMEOUT_MS));
    this.#file.sync();
    this.#flushedLines = writer.appended;
    const pending = writer.waitingBefore(lines);
    return window.result({
      timedOut: true, // if any are pending
      pending,
      failure: this.#failure(pending),
      someDelivered: writer.deliveredEnd > before,
    });
  }

  /** Writes, synchronously, everything the file takes: for process exit. */
  flushSync(): void {
    this.#writer.drain(true);
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
    const clock = this.#clock();
    const endMs = clock.monotonicMs() + timeoutMs;
    this.#isClosed = true;
    this.#stopListening();
    this.#writer.drain();
    if (this.#writer.pendingLines > 0) await this.#settled(this.#writer.appended, timeoutMs);
    if (this.#upkeep !== undefined) {
      await settlesWithin(this.#upkeep.finish(), Math.max(0, endMs - clock.monotonicMs()), clock);
      this.#upkeep.stop();
    }
    const begunBytes = this.#writer.begunBytes;
    this.#writer.abandon();
    this.#file.close(begunBytes);
    this.#failures.close();
  }

  /** Opens the file and heals its end. With `onOpenError: "retry"` a failure is left to the first record. */
  #openFirst(settings: FileSinkSettings, path: string, fs: FileSystem): void {
    const isRotated = settings.rotationSizeBytes > 0 || settings.rotationIntervalMs > 0;
    const system = isRotated ? systemPath(fs, path) : undefined;
    if (system !== undefined) throw notRotatable(path, `leads to ${system}`);
    try {
      this.#file.reopen(0);
    } catch (error) {
      if (settings.onOpenError === "throw") throw openError(error, path);
      return;
    }
    if (isRotated && !this.#file.isRegular) {
      this.#file.close(0);
      throw notRotatable(path, "is a device, a socket or a pipe");
    }
    this.#file.heal();
  }

  #settled(lines: number, timeoutMs: number): Promise<boolean> {
    return settlesWithin(this.#writer.settled(lines), timeoutMs, this.#clock());
  }

  /** Why lines of a flush are still pending, and why bytes could not be forced to the disk. */
  #failure(pending: number): string | undefined {
    const unsyncedBy = this.#file.takeSyncFailure();
    const failures: string[] = [];
    if (pending > 0) failures.push(`cannot write: ${errorCode(this.#writer.refusal?.error) || "unknown error"}`);
    if (unsyncedBy !== undefined) failures.push(`fsync failed: ${unsyncedBy}`);
    return failures.length === 0 ? undefined : failures.join("; ");
  }

  /** Counts the record in; false when it is lost at once: after close, or when it was caused by the one being taken in. */
  #accept(): boolean {
    this.#account.accept();
    if (this.#isClosed) {
      this.#account.refuse("closed");
      return false;
    }
    if (!this.#isEmitting) return true;
    if (this.#reentryReported) {
      this.#account.refuse("sink_error");
    } else {
      this.#reentryReported = true;
      this.#fail(new Error("a record reached the sink while it was taking one in"), "reentrancy");
    }
    return false;
  }

  /** The record being taken in is lost, which is worth a report. */
  #fail(error: unknown, errorType?: string): void {
    this.#account.refuse("sink_error");
    this.#account.error(error, errorType);
  }
}

/** A duration given at a call: rounded into what a timer takes, the default for anything that is no number. */
function milliseconds(value: number | undefined, fallback: number): number {
  if (typeof value !== "number" || Number.isNaN(value)) return fallback;
  return Math.min(Math.max(0, value), MAX_TIMEOUT_MS);
}
