import type { Attributes, LogRecord, SinkContext } from "@dagstack/logger-core";
import { systemClock } from "@dagstack/logger-core";
import { ManualClock, RecordingContext, testRecord } from "@dagstack/logger-core/testing";
import {
  type Answer,
  decodeLogs,
  OtlpReceiver,
  type OtlpReceiverOptions,
  type ReceivedRecord,
} from "@dagstack/otlp-receiver";
import { OTLPSink, type OTLPSinkOptions } from "../src/index.ts";

/** A sink and what it reports. */
export interface Rig {
  readonly sink: OTLPSink;
  readonly context: RecordingContext;
  /** Emits as the logger does: counted first. */
  emit(...records: LogRecord[]): void;
  /** Emits this many numbered records. */
  emitMany(count: number, first?: number): void;
}

/** A sink attached to a context that keeps what it is told. */
export function rigOf(sink: OTLPSink, context: RecordingContext): Rig {
  sink.attach(context as SinkContext);
  const emit = (...records: LogRecord[]): void => {
    for (const record of records) {
      context.ledger.accept();
      sink.emit(record);
    }
  };
  return {
    sink,
    context,
    emit,
    emitMany(count, first = 0) {
      for (let n = first; n < first + count; n++) emit(numbered(n));
    },
  };
}

/** A record with the attribute `n`. */
export function numbered(n: number, more: Attributes = {}): LogRecord {
  return testRecord({ body: "order placed", attributes: { n, ...more } });
}

/** A rig on a clock that stands still until `advance`. */
export interface ManualRig extends Rig {
  readonly clock: ManualClock;
  readonly requests: FakeRequest[];
  /** Moves time on, a second at a time, and lets the many promises of many batches settle. */
  advance(ms: number): Promise<void>;
}

/** A sink over a `fetch` that the test answers for, on a clock that stands still. */
export function manualRig(
  respond: (request: FakeRequest) => Response | Error | "hang",
  options: OTLPSinkOptions = {},
): ManualRig {
  const clock = new ManualClock();
  const requests: FakeRequest[] = [];
  const fetch = (url: unknown, init: RequestInit = {}): Promise<Response> => {
    const request: FakeRequest = {
      url: String(url),
      atMs: clock.monotonicMs(),
      headers: init.headers as Readonly<Record<string, string>>,
      body: init.body as Uint8Array,
      init,
    };
    requests.push(request);
    const answered = respond(request);
    if (answered instanceof Response) return Promise.resolve(answered);
    if (answered instanceof Error) return Promise.reject(answered);
    return new Promise((_, reject) => {
      init.signal?.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError")));
    });
  };
  const sink = new OTLPSink({ ...options, fetch: fetch as typeof globalThis.fetch });
  const advance = async (ms: number): Promise<void> => {
    for (let left = ms, step = 0; left >= 0; left -= Math.max(1, step)) {
      step = Math.min(left, 1_000);
      await clock.advance(step);
      for (let before = -1; before !== requests.length; await clock.settle()) before = requests.length;
    }
  };
  return { ...rigOf(sink, new RecordingContext(clock)), clock, requests, advance };
}

/** A request that a fake `fetch` got. */
export interface FakeRequest {
  readonly url: string;
  readonly atMs: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly init: RequestInit;
}

/** A sink on the real clock and a real receiver. Stops both at the end. */
export async function withReceiver(
  options: OTLPSinkOptions,
  use: (rig: Rig & { readonly receiver: OtlpReceiver }) => Promise<void>,
  receiverOptions: OtlpReceiverOptions = {},
): Promise<void> {
  const receiver = await OtlpReceiver.start(receiverOptions);
  const sink = new OTLPSink({ endpoint: receiver.url, flushIntervalMs: 5, ...options });
  try {
    await use({ ...rigOf(sink, new RecordingContext(systemClock)), receiver });
  } finally {
    await sink.close(0);
    await receiver.stop();
  }
}

/** An answer with this status. */
export function status(code: number, headers: Readonly<Record<string, string>> = {}): Answer {
  return { kind: "status", status: code, headers };
}

/** The numbers of received records, in order. */
export function numbersOf(records: readonly { readonly attributes: Readonly<Record<string, unknown>> }[]): unknown[] {
  return records.map(({ attributes }) => attributes.n);
}

/** 0, 1, … count − 1. */
export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** An answer of a fake `fetch`. */
export function answer(code: number, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(null, { status: code, headers });
}

/** What Node's `fetch` rejects with. */
export function networkError(code: string): Error {
  return new TypeError("fetch failed", { cause: Object.assign(new Error("a text that may name anything"), { code }) });
}

/** The records of requests that a fake `fetch` got. */
export function recordsOf(requests: readonly FakeRequest[]): readonly ReceivedRecord[] {
  return requests.flatMap(({ body }) => decodeLogs(body, "protobuf"));
}
