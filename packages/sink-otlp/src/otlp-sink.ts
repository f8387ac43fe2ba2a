import {
  type Clock,
  type EncodedFormat,
  FLUSH_SUCCEEDED,
  type FlushResult,
  type LogRecord,
  type Sink,
  type SinkContext,
  systemClock,
} from "@dagstack/logger-core";
import { BatchingSink, type BatchingSinkSettings } from "@dagstack/logger-core/delivery";
import { OtlpRequestEncoder } from "@dagstack/logger-core/wire";
import { platform } from "#platform";
import { type EncodedBatch, encodeJson } from "./encode-batch.ts";
import { processVariables } from "./environment.ts";
import { ExporterDelivery } from "./exporter-delivery.ts";
import { HttpDelivery } from "./http-delivery.ts";
import { type OTLPSettings, type OTLPSinkOptions, type RequestSettings, readSettings } from "./options.ts";
import { type PackedRecord, packedSize, RecordPacker, requestOf } from "./packed-records.ts";
import type { Transport } from "./transport.ts";
import { FetchTransport } from "./transport-fetch.ts";

/** How long `open` waits for a connection (D-85). */
const PROBE_TIMEOUT_MS = 2_000;
/**
 * What a waiting byte costs the process: under a burst the garbage collector leaves evicted records lying until they are
 * about three times what is alive, and chunks of encoded ones until they are as much again. Measured with a million
 * records onto a receiver that hangs (design §8 row 5).
 */
const MEMORY_PER_OBJECT_BYTE = 4;
const MEMORY_PER_PACKED_BYTE = 3;
/** The longest delay that timers of every runtime can hold. */
const MAX_TIMER_MS = 2_147_483_647;

/**
 * Sends records over OTLP (§7.2): batched, one request at a time and in order, retried for `retryBudgetMs`, and counted
 * to the last one. A receiver that is down when the sink is made is an outage like any other, not an error.
 */
export class OTLPSink implements Sink {
  readonly id: string;
  /** `otlp_protobuf` where that is sent: records are encoded by the logger, as they are emitted. */
  readonly lineFormat: EncodedFormat | undefined;
  readonly #sink: BatchingSink | BatchingSink<PackedRecord>;
  readonly #disabled: boolean;
  readonly #ignoredVariables: readonly string[];
  readonly #transport: Transport | undefined;
  readonly #exporter: ExporterDelivery | undefined;
  #context: SinkContext | undefined;
  #answerReported = false;

  /** @throws ConfigError listing every problem of the options. */
  constructor(options?: OTLPSinkOptions) {
    const settings = readSettings(options, processVariables());
    const { delivery, queue } = settings;
    this.id = queue.id;
    this.#disabled = settings.disabled;
    this.#ignoredVariables = settings.ignoredVariables;
    const common = { ...queue, retry: { budgetMs: settings.retryBudgetMs }, release: () => this.#release() };
    if ("exporter" in delivery) {
      const exporter = new ExporterDelivery(delivery.exporter, settings.timeoutMs, () => this.#clock);
      this.#exporter = exporter;
      this.#sink = sinkOfObjects({ ...common, deliver: (batch, context) => exporter.deliver(batch, context) });
    } else {
      const { request } = delivery;
      this.#transport = transportTo(request);
      if (request.protocol === "http/json") {
        const http = this.#httpDelivery(settings, request, this.#transport, encodeJson);
        this.#sink = sinkOfObjects({ ...common, deliver: (batch, context) => http.deliver(batch, context) });
      } else {
        const http = this.#httpDelivery(settings, request, this.#transport, encodePacked);
        this.#sink = sinkOfBytes({ ...common, deliver: (batch, context) => http.deliver(batch, context) });
      }
    }
    this.lineFormat = this.#sink.lineFormat;
    if (!this.#disabled) this.#transport?.onLeaving?.(() => void this.#sink.flush());
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
    if (this.#disabled || this.#transport?.probe === undefined) return;
    try {
      await this.#transport.probe(PROBE_TIMEOUT_MS);
    } catch (error) {
      const code = (error as { code?: unknown }).code;
      throw new Error(`${this.id} does not accept connections (${String(code)}): check that the receiver runs`);
    }
  }

  /**
   * Sends what waits and resolves when everything accepted before is delivered or lost, or the time is over. Keeps the
   * process alive until then; shortens neither back-off nor a `Retry-After`.
   */
  async flush(timeoutMs?: number): Promise<FlushResult> {
    if (this.#disabled) return FLUSH_SUCCEEDED;
    const clock = this.#clock;
    const startMs = clock.monotonicMs();
    // Without a time limit there is no timer of the engine's either, and requests alone do not keep the process alive.
    const hold = clock.schedule(() => {}, MAX_TIMER_MS, true);
    try {
      const result = await this.#sink.flush(timeoutMs);
      if (this.#exporter === undefined) return result;
      const leftMs = (timeoutMs ?? MAX_TIMER_MS) - (clock.monotonicMs() - startMs);
      return await this.#exporter.flush(result, this.id, Math.max(0, leftMs));
    } finally {
      hold.cancel();
    }
  }

  /**
   * Accepts nothing more and delivers what it can in `timeoutMs` (default `closeTimeoutMs`); the rest counts as `closed`.
   * Of a request that is cut off then, the receiver may still have the records.
   */
  close(timeoutMs?: number): Promise<void> {
    return this.#sink.close(timeoutMs);
  }

  get #clock(): Clock {
    return this.#context?.clock ?? systemClock;
  }

  #httpDelivery<Item>(
    settings: OTLPSettings,
    request: RequestSettings,
    transport: Transport,
    encode: (batch: readonly Item[]) => EncodedBatch,
  ): HttpDelivery<Item> {
    return new HttpDelivery({
      transport,
      encode,
      protocol: request.protocol,
      headers: request.headers,
      compression: request.compression,
      timeoutMs: settings.timeoutMs,
      gzip: platform.gzip,
      clock: () => this.#clock,
      onUnreadableAnswer: () => this.#reportAnswer(),
    });
  }

  /** Once: a receiver that answers nonsense does so every time. */
  #reportAnswer(): void {
    if (this.#answerReported) return;
    this.#answerReported = true;
    const text = "the receiver took a batch, but its answer is no OTLP response, so refused records cannot be counted";
    this.#context?.onError(new Error(text), "unreadable_answer");
  }

  async #release(): Promise<void> {
    this.#transport?.close();
    await this.#exporter?.shutdown();
  }
}

/** Records wait as they are. */
function sinkOfObjects(settings: BatchingSinkSettings<LogRecord> & { readonly queueBytes: number }): BatchingSink {
  return new BatchingSink({ ...settings, queueBytes: Math.ceil(settings.queueBytes / MEMORY_PER_OBJECT_BYTE) });
}

/** Records wait as the bytes that are sent. */
function sinkOfBytes(
  settings: BatchingSinkSettings<PackedRecord> & { readonly queueBytes: number },
): BatchingSink<PackedRecord> {
  const packer = new RecordPacker();
  const encoder = new OtlpRequestEncoder();
  return new BatchingSink<PackedRecord>({
    ...settings,
    queueBytes: Math.ceil(settings.queueBytes / MEMORY_PER_PACKED_BYTE),
    lineFormat: "otlp_protobuf",
    transform: (record) => packer.pack(encoder.encode([record])),
    transformLine: (line) => packer.pack(line),
    sizeOf: packedSize,
  });
}

function encodePacked(batch: readonly PackedRecord[]): EncodedBatch {
  return { body: requestOf(batch), unencodable: 0 };
}

function transportTo({ url, tls, fetch }: RequestSettings): Transport {
  return fetch === undefined ? platform.createTransport(url, tls) : new FetchTransport(url, fetch, undefined);
}
