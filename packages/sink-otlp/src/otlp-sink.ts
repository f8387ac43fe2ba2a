import {
  type Clock,
  FLUSH_SUCCEEDED,
  type FlushResult,
  type LogRecord,
  type Sink,
  type SinkContext,
  systemClock,
} from "@dagstack/logger-core";
import { BatchingSink, type DeliverFunction } from "@dagstack/logger-core/delivery";
import { platform } from "#platform";
import { processVariables } from "./environment.ts";
import { ExporterDelivery } from "./exporter-delivery.ts";
import { HttpDelivery } from "./http-delivery.ts";
import { type OTLPSettings, type OTLPSinkOptions, type RequestSettings, readSettings } from "./options.ts";
import type { Transport } from "./transport.ts";
import { FetchTransport } from "./transport-fetch.ts";

/** How long `open` waits for a connection (D-85). */
const PROBE_TIMEOUT_MS = 2_000;
/**
 * What a waiting byte costs the process: under a burst the garbage collector leaves evicted records lying until they are
 * about three times what is alive. Measured with a million records onto a receiver that hangs (design §8 row 5).
 */
const MEMORY_PER_BYTE = 4;
/** The longest delay that timers of every runtime can hold. */
const MAX_TIMER_MS = 2_147_483_647;

/**
 * Sends records over OTLP (§7.2): batched, one request at a time and in order, retried for `retryBudgetMs`, and counted
 * to the last one. A receiver that is down when the sink is made is an outage like any other, not an error.
 */
export class OTLPSink implements Sink {
  readonly id: string;
  readonly #sink: BatchingSink;
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
    let deliver: DeliverFunction;
    if ("exporter" in delivery) {
      const exporter = new ExporterDelivery(delivery.exporter, settings.timeoutMs, () => this.#clock);
      this.#exporter = exporter;
      deliver = (batch, context) => exporter.deliver(batch, context);
    } else {
      const transport = transportTo(delivery.request);
      const http = this.#httpDelivery(settings, delivery.request, transport);
      this.#transport = transport;
      deliver = (batch, context) => http.deliver(batch, context);
    }
    this.#sink = new BatchingSink({
      ...queue,
      queueBytes: Math.ceil(queue.queueBytes / MEMORY_PER_BYTE),
      deliver,
      retry: { budgetMs: settings.retryBudgetMs },
      release: () => this.#release(),
    });
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

  #httpDelivery(settings: OTLPSettings, request: RequestSettings, transport: Transport): HttpDelivery {
    return new HttpDelivery({
      transport,
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

function transportTo({ url, tls, fetch }: RequestSettings): Transport {
  return fetch === undefined ? platform.createTransport(url, tls) : new FetchTransport(url, fetch, undefined);
}
