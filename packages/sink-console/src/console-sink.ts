import {
  type Clock,
  type FlushResult,
  type LineFormat,
  type LogRecord,
  type Sink,
  SinkAccount,
  type SinkContext,
  settlesWithin,
  withObservedTime,
} from "@dagstack/logger-core";
import { escapeText, toLine } from "@dagstack/logger-core/wire";
import { writeToConsole } from "./console-object.ts";
import { LineOutput } from "./line-output.ts";
import { type ConsoleSettings, type ConsoleSinkOptions, readOptions } from "./options.ts";
import { openPort } from "./port/index.ts";
import { PrettyText } from "./pretty-text.ts";
import {
  type ConsoleLike,
  type ConsoleStream,
  type DescriptorWriter,
  globalConsole,
  globalProcess,
  type ProcessLike,
  standardStream,
} from "./runtime/index.ts";
import { TextBytes } from "./text-bytes.ts";

/** What the sink takes from its surroundings, for tests and unusual runtimes. */
export interface ConsoleSinkSeams {
  /** Until a context brings one. Default: the system's. */
  readonly clock?: Clock | undefined;
  /** Default `globalThis.process`. `{}` stands for a browser. */
  readonly process?: ProcessLike | undefined;
  /** Default `globalThis.console`. Used where the process has no such stream. */
  readonly console?: ConsoleLike | undefined;
  /** Local time of pretty text, as `PrettyOptions` has it. Default: the system's zone. */
  readonly utcOffsetMinutes?: ((epochMs: number) => number) | undefined;
  /** How standard streams are written to by descriptor. Default: `node:fs` of the process. */
  readonly descriptors?: DescriptorWriter | undefined;
}

const CLOSE_TIMEOUT_MS = 5000;

/**
 * Pretty text on a terminal, JSON lines elsewhere (§7.2, §1.10). Writes to stderr unless told otherwise, in browsers to
 * the console object. It never ends a stream; a broken pipe is a sink error.
 */
export class ConsoleSink implements Sink {
  readonly id: string;
  /** Set exactly when the output is JSON lines and no terminal reads them: the logger then encodes the line itself. */
  readonly lineFormat: LineFormat | undefined;
  readonly #settings: ConsoleSettings;
  readonly #pretty: PrettyText | undefined;
  /** JSON text has no control characters of the C0 range left; a terminal obeys others. */
  readonly #escapes: boolean;
  readonly #account: SinkAccount;
  readonly #output: LineOutput | undefined;
  readonly #console: ConsoleLike | undefined;
  readonly #bytes = new TextBytes();
  #isInConsole = false;
  #reentryReported = false;
  #closing: Promise<void> | undefined;

  /** @throws ConfigError for an unknown option, a bad value or a `stream` that cannot be written to. */
  constructor(options?: ConsoleSinkOptions, seams: ConsoleSinkSeams = {}) {
    const settings = readOptions(options);
    const process = seams.process ?? globalProcess();
    const stream = typeof settings.stream === "string" ? standardStream(process, settings.stream) : settings.stream;
    const isTty = stream?.isTTY === true;
    this.id = settings.id;
    this.#settings = settings;
    const isPretty = settings.mode === "pretty" || (settings.mode === "auto" && (isTty || stream === undefined));
    this.#pretty = isPretty ? new PrettyText(stream, process, settings.color, seams.utcOffsetMinutes) : undefined;
    this.lineFormat = isPretty || isTty || stream === undefined ? undefined : settings.format;
    this.#escapes = !isPretty && isTty;
    this.#account = new SinkAccount(settings.id, seams.clock === undefined ? {} : { clock: seams.clock });
    this.#console = seams.console ?? globalConsole();
    if (stream === undefined) return;
    this.#output = new LineOutput({
      port: openPort(stream as ConsoleStream, {
        process,
        writer: seams.descriptors,
        clock: () => this.#account.clock,
      }),
      account: this.#account,
      immediate: isTty,
      maxBufferBytes: settings.maxBufferBytes,
    });
  }

  attach(context: SinkContext): void {
    this.#account.attach(context);
  }

  supportsSeverity(severityNumber: number): boolean {
    return severityNumber >= this.#settings.minSeverity;
  }

  emit(record: LogRecord): void {
    let text: string;
    try {
      if (record.severityNumber < this.#settings.minSeverity) return;
      text = this.#isOpen() ? this.#encode(withObservedTime(record, this.#account.clock.now())) : "";
    } catch (error) {
      this.#account.accept();
      this.#account.refuse("sink_error");
      this.#account.error(error);
      return;
    }
    if (this.#accept()) this.#write(record.severityNumber, text);
  }

  emitLine(severityNumber: number, line: Uint8Array): void {
    if (severityNumber < this.#settings.minSeverity || !this.#accept()) return;
    if (this.#output !== undefined && this.lineFormat !== undefined) {
      this.#output.add(line);
      return;
    }
    // Nobody who asks `lineFormat` comes here; whoever does gets the line, made safe.
    this.#write(severityNumber, escapeText(new TextDecoder().decode(line)));
  }

  /** Resolves when the stream has called back for everything accepted before, or the time is over (D-52). */
  flush(timeoutMs?: number): Promise<FlushResult> {
    const output = this.#output;
    if (output === undefined) return this.#account.flush(Promise.resolve(), timeoutMs, () => 0);
    output.push();
    const upTo = output.newest;
    return this.#account.flush(output.settled(upTo), timeoutMs, () => output.unsettled(upTo));
  }

  /** Hands everything that waits to the stream now. Files, terminals and the pipes of the process have it at return. */
  flushSync(): void {
    this.#output?.pushAllSync();
  }

  /**
   * Stops accepting and waits until what was accepted is written. What is left after `timeoutMs` (default 5000) is
   * counted as `closed`. The stream stays open.
   */
  close(timeoutMs: number = CLOSE_TIMEOUT_MS): Promise<void> {
    this.#closing ??= this.#close(timeoutMs);
    return this.#closing;
  }

  async #close(timeoutMs: number): Promise<void> {
    const output = this.#output;
    if (output === undefined) return;
    output.push();
    if (!(await settlesWithin(output.settled(output.newest), timeoutMs, this.#account.clock))) output.abandon();
  }

  #isOpen(): boolean {
    return this.#closing === undefined;
  }

  /** Takes one record into the books; false when it goes no further. */
  #accept(): boolean {
    this.#account.accept();
    if (!this.#isOpen()) {
      this.#account.refuse("closed");
      return false;
    }
    if (this.#output?.isWriting === true || this.#isInConsole) {
      // The stream or the console logs into the sink that writes to it (D-63).
      const wasReported = this.#reentryReported;
      this.#reentryReported = true; // before it is told, which may bring the next record
      this.#account.refuse("sink_error");
      if (!wasReported) this.#account.error(new Error("the stream logs into its own sink"), "reentrant_emit");
      return false;
    }
    this.#reentryReported = false;
    return true;
  }

  #encode(record: LogRecord): string {
    if (this.#pretty !== undefined) return this.#pretty.of(record);
    const line = toLine(record, this.#settings.format);
    return this.#escapes ? escapeText(line) : line;
  }

  #write(severityNumber: number, text: string): void {
    if (this.#output !== undefined) {
      this.#output.add(this.#bytes.of(text));
      return;
    }
    this.#isInConsole = true;
    try {
      if (this.#console === undefined) throw new Error("there is neither a stream nor a console");
      writeToConsole(this.#console, severityNumber, text);
      this.#account.deliver();
    } catch (error) {
      this.#account.refuse("sink_error");
      this.#account.error(error);
    } finally {
      this.#isInConsole = false;
    }
  }
}
