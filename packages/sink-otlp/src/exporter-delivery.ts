import type { Clock, FlushResult, LogRecord } from "@dagstack/logger-core";
import { settlesWithin } from "@dagstack/logger-core";
import type { DeliveryContext, DeliveryOutcome } from "@dagstack/logger-core/delivery";
import {
  type ExportedLogRecord,
  type ExportResult,
  type LogRecordExporter,
  RecordConverter,
} from "./log-record-exporter.ts";
import { withoutTracing } from "./suppress-tracing.ts";
import { errorCode } from "./transport.ts";

const SUCCESS = 0;
/** HTTP statuses and gRPC codes after which OTLP wants a request repeated; the two sets do not meet. */
const RETRYABLE_CODES: ReadonlySet<unknown> = new Set([429, 502, 503, 504, 1, 4, 10, 11, 14, 15]);
const NETWORK_CODE = /^(?:E[A-Z_]{4,}|UND_ERR_[A-Z_]+)$/;
/** What the stock exporters say when their own attempts are used up, or too many exports are under way. */
const RETRYABLE_MESSAGES: ReadonlySet<unknown> = new Set([
  "Export failed with retryable status",
  "Concurrent export limit reached",
  "Request timed out",
]);

/** Delivers through an OpenTelemetry exporter. Its own limits remain: it hides statuses, partial success and retries. */
export class ExporterDelivery {
  readonly #exporter: LogRecordExporter;
  readonly #timeoutMs: number;
  readonly #clock: () => Clock;
  readonly #converter = new RecordConverter();

  /** @param timeoutMs how long to wait for the exporter's callback before the batch is tried again. */
  constructor(exporter: LogRecordExporter, timeoutMs: number, clock: () => Clock) {
    this.#exporter = exporter;
    this.#timeoutMs = timeoutMs;
    this.#clock = clock;
  }

  /** The `deliver` of the engine. Never rejects. */
  deliver(batch: readonly LogRecord[], { signal }: Pick<DeliveryContext, "signal">): Promise<DeliveryOutcome> {
    return new Promise((resolve) => {
      const end = (outcome: DeliveryOutcome): void => {
        timer.cancel();
        resolve(outcome);
      };
      const timer = this.#clock().schedule(
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

  /** Has the exporter flush too, within the time, and puts a failure of it into the result. */
  async flush(result: FlushResult, sinkId: string, timeoutMs: number): Promise<FlushResult> {
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
    await settlesWithin(flushed, timeoutMs, this.#clock());
    if (failure === "") return result;
    const failedSinks = [...result.failedSinks, { sinkId, error: failure }];
    return { ...result, success: false, failedSinks };
  }

  /** Ends the exporter. */
  async shutdown(): Promise<void> {
    await this.#exporter.shutdown();
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
