// A sink at work against a collector: numbered records in, and the account of them out.
import { systemClock } from "@dagstack/logger-core";
import { RecordingContext } from "@dagstack/logger-core/testing";
import { OTLPSink } from "@dagstack/sink-otlp";
import { numberedRecord } from "./numbered-records.mjs";

const flushLimitMs = 180_000;

export class SinkRun {
  #sink;
  #context;
  #onDelivered = () => {};

  /** `options` are those of `OTLPSink`; the queue is large enough for every case. */
  constructor(collector, options) {
    const context = new RecordingContext(systemClock, Math.random);
    this.#context = context;
    this.#sink = new OTLPSink({
      endpoint: collector.endpoint,
      queueSize: 1_000_000,
      queueBytes: 1_073_741_824,
      ...options,
    });
    this.#sink.attach({
      clock: context.clock,
      random: context.random,
      onDelivered: (count) => {
        context.onDelivered(count);
        this.#onDelivered();
      },
      onDrop: (count, reason) => context.onDrop(count, reason),
      onError: (error, type) => context.onError(error, type),
      diagnostic: (event) => context.diagnostic(event),
    });
  }

  /** Emits records 0 … count-1 in one go. `padding(number)` is the length of a text in the record. */
  burst(count, padding = () => 0) {
    for (let number = 0; number < count; number++) this.emit(numberedRecord(number, padding(number)));
  }

  emit(record) {
    this.#context.ledger.accept();
    this.#sink.emit(record);
  }

  /** Resolves once this many records are delivered. */
  delivered(count) {
    return new Promise((resolve, reject) => {
      const tooLate = setTimeout(() => reject(new Error(`fewer than ${count} records were delivered`)), flushLimitMs);
      this.#onDelivered = () => {
        if (this.#context.ledger.delivered < count) return;
        clearTimeout(tooLate);
        this.#onDelivered = () => {};
        resolve();
      };
      this.#onDelivered();
    });
  }

  /** Delivers everything and closes: `{ result, ledger, errors, recoveries }`, the last how many outages ended. */
  async finish() {
    const result = await this.#sink.flush(flushLimitMs);
    await this.#sink.close();
    const { ledger, errors, diagnostics } = this.#context;
    const recoveries = diagnostics.filter(({ event }) => event === "sink_recovered").length;
    return { result, ledger: ledger.snapshot(), errors, recoveries };
  }
}
