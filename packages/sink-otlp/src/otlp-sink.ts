import {
  type EncodedFormat,
  FLUSH_SUCCEEDED,
  type FlushResult,
  type LogRecord,
  type Sink,
  type SinkContext,
} from "@dagstack/logger-core";
import type { BatchingSink } from "@dagstack/logger-core/delivery";
import { HttpSink, processVariables } from "@dagstack/logger-core/http";
import { OtlpRequestEncoder } from "@dagstack/logger-core/wire";
import { AnswerReader } from "./answer.ts";
import { bodyEncoder } from "./encode.ts";
import { ExporterSink } from "./exporter-sink.ts";
import { type OTLPSinkOptions, type QueueSettings, type RequestSettings, readSettings } from "./options.ts";
import { type PackedRecord, packedSize, RecordPacker } from "./packed-records.ts";

/**
 * What a waiting byte costs the process: under a burst the garbage collector leaves evicted records lying until they are
 * about three times what is alive, and chunks of encoded ones until they are as much again. Measured with a million
 * records onto a receiver that hangs (design §8 row 5).
 */
const MEMORY_PER_OBJECT_BYTE = 4;
const MEMORY_PER_PACKED_BYTE = 3;
/** The answer of a receiver is a number or two. */
const MAX_ANSWER_BYTES = 65_536;

/**
 * Sends records over OTLP (§7.2): batched, one request at a time and in order, retried for `retryBudgetMs`, and counted
 * to the last one. A receiver that is down when the sink is made is an outage like any other, not an error.
 */
export class OTLPSink implements Sink {
  readonly id: string;
  /** `otlp_protobuf`, but with `exporter`: records are encoded by the logger, as they are emitted. */
  readonly lineFormat: EncodedFormat | undefined;
  /** Only there with a dead-letter sink that has it: writes what waits there. */
  readonly flushSync?: () => void;
  readonly #sink: BatchingSink | BatchingSink<PackedRecord>;
  readonly #disabled: boolean;
  readonly #ignoredVariables: readonly string[];
  #context: SinkContext | undefined;
  #answerReported = false;

  /** @throws ConfigError listing every problem of the options. */
  constructor(options?: OTLPSinkOptions) {
    const { queue, delivery, disabled, ignoredVariables } = readSettings(options, processVariables());
    this.#disabled = disabled;
    this.#ignoredVariables = ignoredVariables;
    if ("request" in delivery) this.#sink = httpSink(queue, delivery.request, () => this.#reportAnswer());
    else this.#sink = new ExporterSink(objectsOf(queue), delivery.exporter, delivery.timeoutMs);
    this.id = this.#sink.id;
    this.lineFormat = this.#sink.lineFormat;
    if (this.#sink.flushSync !== undefined) this.flushSync = this.#sink.flushSync;
  }

  attach(context: SinkContext): void {
    this.#context = context;
    this.#sink.attach(context);
    if (this.#ignoredVariables.length === 0) return;
    context.onError(
      new Error(`environment variables were ignored: ${this.#ignoredVariables.join("; ")}`),
      "environment",
    );
  }

  supportsSeverity(severityNumber: number): boolean {
    return !this.#disabled && this.#sink.supportsSeverity(severityNumber);
  }

  /** Queues the record; nothing is sent before the next microtask. */
  emit(record: LogRecord): void {
    if (!this.#disabled) this.#sink.emit(record);
  }

  /** The same for an encoded record; the bytes are copied. */
  emitLine(severityNumber: number, line: Uint8Array): void {
    if (!this.#disabled) this.#sink.emitLine(severityNumber, line);
  }

  /** For `reconfigure`: rejects unless something accepts a TCP connection at the endpoint within 2 s (D-85). */
  async open(): Promise<void> {
    if (!this.#disabled && this.#sink instanceof HttpSink) await this.#sink.open();
  }

  /**
   * Sends what waits and resolves when everything accepted before is delivered or lost, or the time is over. Keeps the
   * process alive until then; shortens neither back-off nor a `Retry-After`.
   */
  async flush(timeoutMs?: number): Promise<FlushResult> {
    return this.#disabled ? FLUSH_SUCCEEDED : this.#sink.flush(timeoutMs);
  }

  /**
   * Accepts nothing more and delivers what it can in `timeoutMs` (default `closeTimeoutMs`); the rest counts as `closed`.
   * Of a request that is cut off then, the receiver may still have the records.
   */
  close(timeoutMs?: number): Promise<void> {
    return this.#sink.close(timeoutMs);
  }

  /** Once: a receiver that answers nonsense does so every time. */
  #reportAnswer(): void {
    if (this.#answerReported) return;
    this.#answerReported = true;
    const text = "the receiver took a batch, but its answer is no OTLP response, so refused records cannot be counted";
    this.#context?.onError(new Error(text), "unreadable_answer");
  }
}

/** Records wait in protobuf; in JSON they are written when they are sent. */
function httpSink(
  queue: QueueSettings,
  { url, protocol, options, defaults }: RequestSettings,
  onUnreadable: () => void,
): HttpSink<PackedRecord> {
  const answers = new AnswerReader(protocol, onUnreadable);
  const packer = new RecordPacker();
  const encoder = new OtlpRequestEncoder();
  return new HttpSink<PackedRecord>({
    ...queue,
    ...options,
    url,
    defaults,
    queueBytes: Math.ceil(queue.queueBytes / MEMORY_PER_PACKED_BYTE),
    encode: bodyEncoder(protocol),
    read: (answer, batch) => answers.read(answer, batch.length),
    maxAnswerBytes: MAX_ANSWER_BYTES,
    userAgent: "dagstack-sink-otlp",
    lineFormat: "otlp_protobuf",
    transform: (record) => packer.pack(encoder.encode([record])),
    transformLine: (line) => packer.pack(line),
    sizeOf: packedSize,
  });
}

function objectsOf(queue: QueueSettings): QueueSettings {
  return { ...queue, queueBytes: Math.ceil(queue.queueBytes / MEMORY_PER_OBJECT_BYTE) };
}
