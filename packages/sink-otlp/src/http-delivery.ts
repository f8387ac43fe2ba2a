import type { Clock } from "@dagstack/logger-core";
import type { DeliveryContext, DeliveryOutcome } from "@dagstack/logger-core/delivery";
import { contentTypes, type EncodedBatch } from "./encode-batch.ts";
import type { Compression, Protocol } from "./environment.ts";
import { rejectedRecords } from "./export-response.ts";
import type { HeaderSource } from "./headers.ts";
import { retryAfterMs } from "./retry-after.ts";
import { withoutTracing } from "./suppress-tracing.ts";
import { type PostRequest, type PostResponse, type Transport, TransportError } from "./transport.ts";

/** What an `HttpDelivery` works with. */
export interface HttpDeliveryParts<Item> {
  readonly transport: Transport;
  readonly protocol: Protocol;
  /** Makes a batch one message of the protocol. Must not throw. */
  readonly encode: (batch: readonly Item[]) => EncodedBatch;
  readonly headers: HeaderSource;
  readonly compression: Compression;
  readonly timeoutMs: number;
  readonly gzip: (bytes: Uint8Array) => Promise<Uint8Array>;
  readonly clock: () => Clock;
  /** Says that a batch was delivered, but the receiver's answer made no sense. */
  readonly onUnreadableAnswer: () => void;
}

const NANOS_PER_MS = 1_000_000n;
/** The statuses after which OTLP wants the request repeated. */
const RETRYABLE: ReadonlySet<number> = new Set([429, 502, 503, 504]);
const PAYLOAD_TOO_LARGE = 413;
const BAD_REQUEST = 400;
/** With these words Go's body limit, and so the OpenTelemetry Collector, explains a 400 that should be a 413. */
const BODY_LIMIT_TEXT = "request body too large";

/** Sends a batch in one request and says what became of it. One attempt a call, over in `timeoutMs` at the latest. */
export class HttpDelivery<Item> {
  readonly #parts: HttpDeliveryParts<Item>;

  constructor(parts: HttpDeliveryParts<Item>) {
    this.#parts = parts;
  }

  /** The `deliver` of the engine. Never rejects. */
  async deliver(batch: readonly Item[], { signal }: Pick<DeliveryContext, "signal">): Promise<DeliveryOutcome> {
    const { transport, encode } = this.#parts;
    const { body, unencodable } = encode(batch);
    if (body === undefined) return rejected(batch.length, unencodableReason(unencodable));
    if (body.length > transport.maxBodyBytes && batch.length > 1) return { status: "split" };
    const attempt = new Attempt(this.#parts.clock(), this.#parts.timeoutMs, signal);
    try {
      const response = await attempt.race(this.#send(body, attempt));
      // Read in any case, so that the connection can be used again; without it the status says enough.
      const answer = await attempt.race(response.body).catch(() => undefined);
      return this.#outcome(response, answer, batch.length, unencodable);
    } catch (error) {
      return {
        status: "retry",
        reason: attempt.timedOut ? `no answer in ${this.#parts.timeoutMs} ms` : reasonOf(error),
      };
    } finally {
      attempt.end();
    }
  }

  async #send(body: Uint8Array, attempt: Attempt): Promise<PostResponse> {
    const { transport, protocol, compression, gzip } = this.#parts;
    const headers: Record<string, string> = { ...(await this.#headers()), "content-type": contentTypes[protocol] };
    let request: PostRequest = { headers, body };
    // Compressing takes a moment that a page being left may not have.
    if (compression === "gzip" && !transport.isLeaving) {
      request = { headers: { ...headers, "content-encoding": "gzip" }, body: await gzip(body) };
    }
    if (attempt.signal.aborted) throw new TransportError("ABORTED");
    return withoutTracing(() => transport.post(request, attempt.signal));
  }

  async #headers(): Promise<Readonly<Record<string, string>>> {
    try {
      return await withoutTracing(this.#parts.headers);
    } catch {
      // The error may hold a token, so it is not passed on; the engine reports the failure and tries again.
      throw new HeadersFailed();
    }
  }

  #outcome(
    { status, contentType, retryAfter }: PostResponse,
    answer: Uint8Array | undefined,
    size: number,
    unencodable: number,
  ): DeliveryOutcome {
    if (status >= 200 && status < 300) return this.#accepted(answer, contentType, size, unencodable);
    if (status === PAYLOAD_TOO_LARGE || (status === BAD_REQUEST && isBodyLimit(answer))) return { status: "split" };
    if (RETRYABLE.has(status)) {
      const nowMs = Number(this.#parts.clock().now() / NANOS_PER_MS);
      return { status: "retry", reason: `HTTP ${status}`, afterMs: retryAfterMs(retryAfter, nowMs) };
    }
    const isRedirect = status === 0 || (status >= 300 && status < 400);
    return rejected(size, `HTTP ${status === 0 ? "3xx" : status}${isRedirect ? ": redirects are not followed" : ""}`);
  }

  #accepted(answer: Uint8Array | undefined, contentType: string, size: number, unencodable: number): DeliveryOutcome {
    const fallback = contentTypes[this.#parts.protocol];
    const said = answer === undefined ? undefined : rejectedRecords(answer, contentType || fallback);
    if (said === undefined) this.#parts.onUnreadableAnswer();
    const sent = size - unencodable;
    const refused = Math.min(sent, Math.max(0, said ?? 0));
    if (refused === 0) {
      return unencodable === 0 ? { status: "delivered" } : rejected(unencodable, unencodableReason(unencodable));
    }
    const reason = `${refused} of ${sent} records refused by the receiver (partial success)`;
    return rejected(refused + unencodable, unencodable === 0 ? reason : `${reason}; ${unencodableReason(unencodable)}`);
  }
}

function isBodyLimit(answer: Uint8Array | undefined): boolean {
  return answer !== undefined && new TextDecoder().decode(answer).includes(BODY_LIMIT_TEXT);
}

/** The time limit of one attempt, on the injected clock, joined to the engine's signal. */
class Attempt {
  readonly #controller = new AbortController();
  readonly #aborted: Promise<never>;
  readonly #end: () => void;
  timedOut = false;

  constructor(clock: Clock, timeoutMs: number, outer: AbortSignal) {
    const abort = (): void => this.#controller.abort();
    const timer = clock.schedule(() => {
      this.timedOut = true;
      abort();
    }, timeoutMs);
    outer.addEventListener("abort", abort);
    this.#aborted = new Promise((_, reject) => {
      this.signal.addEventListener("abort", () => reject(new TransportError("ABORTED")), { once: true });
    });
    this.#aborted.catch(() => {}); // nobody may be racing any more; the outcome has been told by then
    this.#end = () => {
      timer.cancel();
      outer.removeEventListener("abort", abort);
    };
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The work, or a rejection when the time is over: a header function or a transport may ignore the signal. */
  race<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#aborted]);
  }

  end(): void {
    this.#end();
  }
}

class HeadersFailed extends Error {}

function reasonOf(error: unknown): string {
  if (error instanceof HeadersFailed) return "the headers function failed or gave a bad header";
  return error instanceof TransportError ? `no response (${error.code})` : "the request could not be made";
}

function rejected(count: number, reason: string): DeliveryOutcome {
  return { status: "rejected", count, reason };
}

function unencodableReason(count: number): string {
  return `records that hold something that is no log value: ${count}`;
}
