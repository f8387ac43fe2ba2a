import {
  type Clock,
  type FlushResult,
  type LogRecord,
  type SinkContext,
  settlesWithin,
  systemClock,
} from "@dagstack/logger-core";
import { BatchingSink, type DeliveryContext, type DeliveryOutcome } from "@dagstack/logger-core/delivery";
import { errorCode, withoutTracing } from "@dagstack/logger-core/http";
import {
  type ExportedLogRecord,
  type ExportResult,
  type LogRecordExporter,
  RecordConverter,
} from "./log-record-exporter.ts";
import type { QueueSettings } from "./options.ts";

const SUCCESS = 0;
/** HTTP statuses and gRPC codes after which OTLP wants a request repeated; the two sets do not meet. */
const RETRYABLE_CODES: ReadonlySet<unknown> = new Set([429, 502, 503, 504, 1, 4, 10, 11, 14, 15]);
/** Codes of the system, of undici, and of OpenSSL for a certificate that is not accepted: unknown, expired, of wrong purpose. */
const NETWORK_CODE =
  /^(?:E[A-Z_]{4,}|ERR_(?:SSL|TLS)_[\w/]+|UND_ERR_[A-Z_]+|UNABLE_TO_\w+|\w*SELF_SIGNED_CERT\w*|C(?:ERT|RL)_\w+|INVALID_(?:CA|PURPOSE)|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH)$/;
/** What the stock exporters say when their own attempts are used up, or too many exports are under way. */
const RETRYABLE_MESSAGES: ReadonlySet<unknown> = new Set([
  "Export failed with retryable status",
  "Concurrent export limit reached",
  "Request timed out",
]);

/** The longest delay that timers of every runtime can hold. */
const MAX_TIMER_MS = 2_147_483_647;

/** Delivers through an OpenTelemetry exporter. Its own limits remain: it hides statuses, partial success and retries. */
export class ExporterSink extends BatchingSink {
  readonly #exporter: LogRecordExporter;
  readonly #timeoutMs: number;
  readonly #converter = new RecordConverter();
  #clock: Clock = systemClock;

  /** @param timeoutMs how long to wait for the exporter's callback before the batch is tried again. */
  constructor(queue: QueueSettings, exporter: LogRecordExporter, timeoutMs: number) {
    super({ ...queue, release: () => exporter.shutdown() });
    this.#exporter = exporter;
    this.#timeoutMs = timeoutMs;
  }

  override attach(context: SinkContext): void {
    this.#clock = context.clock;
    super.attach(context);
  }

  /** Has the exporter flush too, within the time that is left. Someone awaits it, so the process stays alive. */
  override async flush(timeoutMs: number = MAX_TIMER_MS): Promise<FlushResult> {
    const clock = this.#clock;
    const startMs = clock.monotonicMs();
    const hold = clock.schedule(() => {}, MAX_TIMER_MS, true);
    try {
      const result = await super.flush(timeoutMs);
      return await this.#flushExporter(result, Math.max(0, timeoutMs - (clock.monotonicMs() - startMs)));
    } finally {
      hold.cancel();
    }
  }

  /** Never rejects. */
  protected override deliver(batch: readonly LogRecord[], { signal }: DeliveryContext): Promise<DeliveryOutcome> {
    return new Promise((resolve) => {
      const end = (outcome: DeliveryOutcome): void => {
        timer.cancel();
        resolve(outcome);
      };
      const timer = this.#clock.schedule(
        () => end({ status: "retry", reason: `the exporter did not call back in ${this.#timeoutMs} ms` }),
        this.#timeoutMs,
      );
      signal.addEventListener("abort", () => end({ status: "retry", reason: "aborted" }), { once: true });
      const records = this.#convert(batch);
      const unconvertible = batch.length - records.length;
      if (records.length === 0) {
        end(outcomeOf({ code: SUCCESS }, batch.length, unconvertible));
        return;
      }
      try {
        withoutTracing(() =>
          this.#exporter.export(records, (result) => end(outcomeOf(result, batch.length, unconvertible))),
        );
      } catch {
        // An exporter throws for a record that it does not understand; trying again would not help.
        end({ status: "rejected", count: batch.length, reason: "the exporter threw" });
      }
    });
  }

  /** Leaves out records that are none of ours; they are counted by what is missing. */
  #convert(batch: readonly LogRecord[]): ExportedLogRecord[] {
    return batch.flatMap((record) => {
      try {
        return [this.#converter.convert(record)];
      } catch {
        return []; // counted by the caller
      }
    });
  }

  /** Puts a failure of the exporter's flush into the result. */
  async #flushExporter(result: FlushResult, timeoutMs: number): Promise<FlushResult> {
    const { forceFlush } = this.#exporter;
    if (typeof forceFlush !== "function") return result;
    let failure = "timeout: the exporter's forceFlush did not end";
    const flushed = (async (): Promise<void> => {
      try {
        await forceFlush.call(this.#exporter);
        failure = "";
      } catch {
        failure = "the exporter's forceFlush failed"; // in the result of this flush
      }
    })();
    await settlesWithin(flushed, timeoutMs, this.#clock);
    if (failure === "") return result;
    const failedSinks = [...result.failedSinks, { sinkId: this.id, error: failure }];
    return { ...result, success: false, failedSinks };
  }
}

function outcomeOf(result: ExportResult | undefined, count: number, unconvertible: number): DeliveryOutcome {
  if (result?.code === SUCCESS) {
    if (unconvertible === 0) return { status: "delivered" };
    return { status: "rejected", count: unconvertible, reason: `records that are malformed: ${unconvertible}` };
  }
  const error = result?.error;
  const { code, message, retryable } = (error ?? {}) as { code?: unknown; message?: unknown; retryable?: unknown };
  const named = typeof code === "number" ? `code ${code}` : errorCode(error);
  const reason = `the exporter reported a failure (${named === "no connection" ? "no code" : named})`;
  const isRetryable =
    retryable === true || RETRYABLE_CODES.has(code) || RETRYABLE_MESSAGES.has(message) || NETWORK_CODE.test(named);
  return isRetryable ? { status: "retry", reason } : { status: "rejected", count, reason };
}
