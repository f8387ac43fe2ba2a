import type { DeliveryContext, DeliveryOutcome } from "../delivery/index.ts";
import type { Clock } from "../sink/index.ts";
import { Attempt } from "./attempt.ts";
import type { HeaderSource } from "./headers.ts";
import { type HttpAnswer, outcomeByStatus, ReceivedAnswer } from "./http-answer.ts";
import { pauseMs } from "./retry-after.ts";
import { withoutTracing } from "./suppress-tracing.ts";
import { type HeaderMap, type PostResponse, type Transport, TransportError } from "./transport/index.ts";

/** A batch as it is sent. */
export interface HttpBody {
  readonly body: string | Uint8Array;
  readonly contentType: string;
  /** Headers of this request alone; those of the option `headers` go over them. Names in lower case. */
  readonly headers?: HeaderMap | undefined;
}

/** Makes a batch the body of a request. What it throws costs a record that is alone in its batch, else halves the batch. */
export type EncodeFunction<Item> = (batch: readonly Item[]) => HttpBody;

/**
 * Says what an answer means for the batch that was sent; `undefined` leaves that to the status (`outcomeByStatus`). What
 * it throws means that this is no answer of the destination, and the batch is tried again.
 */
export type ReadFunction<Item> = (answer: HttpAnswer, batch: readonly Item[]) => DeliveryOutcome | undefined;

/** What an `HttpDelivery` works with. */
export interface HttpDeliveryParts<Item> {
  readonly url: URL;
  readonly transport: Transport;
  readonly encode: EncodeFunction<Item>;
  readonly read: ReadFunction<Item> | undefined;
  readonly headers: HeaderSource;
  readonly timeoutMs: number;
  /** Left out for bodies that go as they are. */
  readonly compress: ((bytes: Uint8Array) => Promise<Uint8Array>) | undefined;
  readonly maxRequestBytes: number;
  readonly clock: () => Clock;
}

const NANOS_PER_MS = 1_000_000n;

/** Sends a batch in one request and says what became of it. One attempt a call, over in `timeoutMs` at the latest. */
export class HttpDelivery<Item> {
  readonly #parts: HttpDeliveryParts<Item>;

  constructor(parts: HttpDeliveryParts<Item>) {
    this.#parts = parts;
  }

  /** The `deliver` of the engine. Never rejects. */
  async deliver(batch: readonly Item[], { signal }: Pick<DeliveryContext, "signal">): Promise<DeliveryOutcome> {
    const { transport, clock, timeoutMs, maxRequestBytes } = this.#parts;
    let request: HttpBody;
    let body: Uint8Array;
    try {
      request = this.#parts.encode(batch);
      body = typeof request.body === "string" ? new TextEncoder().encode(request.body) : request.body.subarray();
    } catch {
      // One record that cannot be encoded must not cost the others. The error may hold it, so it is not passed on.
      if (batch.length > 1) return { status: "split" };
      return { status: "rejected", count: 1, reason: "a record that cannot be encoded" };
    }
    if (body.length > maxRequestBytes || (body.length > transport.maxBodyBytes && batch.length > 1)) {
      return { status: "split" };
    }
    const attempt = new Attempt(clock(), timeoutMs, signal);
    try {
      const response = await attempt.race(this.#send(request, body, attempt));
      // Read in any case, so that the connection can be used again; without it the status says enough.
      const received = await attempt.race(response.body).catch(() => ({ bytes: new Uint8Array(), isWhole: false }));
      const nowMs = Number(clock().now() / NANOS_PER_MS);
      const { status, headers } = response;
      return this.#read(new ReceivedAnswer(status, headers, received, pauseMs(headers, nowMs)), batch);
    } catch (error) {
      return { status: "retry", reason: attempt.timedOut ? `no answer in ${timeoutMs} ms` : reasonOf(error) };
    } finally {
      attempt.end();
    }
  }

  async #send(request: HttpBody, plain: Uint8Array, attempt: Attempt): Promise<PostResponse> {
    const { transport, compress } = this.#parts;
    let body = plain;
    let own: HeaderMap = { "content-type": request.contentType };
    // Compressing takes a moment that a page being left may not have.
    if (compress !== undefined && !transport.isLeaving) {
      body = await compress(plain);
      own = { ...own, "content-encoding": "gzip" };
    }
    const headers = { ...request.headers, ...(await this.#headers(request, body, own)), ...own };
    if (attempt.signal.aborted) throw new TransportError("ABORTED");
    return withoutTracing(() => transport.post({ headers, body }, attempt.signal));
  }

  async #headers(request: HttpBody, body: Uint8Array, own: HeaderMap): Promise<HeaderMap> {
    const { headers, url } = this.#parts;
    try {
      return await withoutTracing(() => headers.of({ url, body, headers: { ...request.headers, ...own } }));
    } catch {
      // The error may hold a token, so it is not passed on; the engine reports the failure and tries again.
      throw new HeadersFailed();
    }
  }

  #read(answer: HttpAnswer, batch: readonly Item[]): DeliveryOutcome {
    const { read, headers } = this.#parts;
    try {
      const outcome = read?.(answer, batch);
      if (outcome !== undefined) return outcome;
    } catch {
      // The error may hold what was answered, so it is not passed on.
      return {
        status: "retry",
        reason: `HTTP ${answer.status} with an answer that makes no sense`,
        afterMs: answer.afterMs,
      };
    }
    return outcomeByStatus(answer, batch.length, headers.areAsked);
  }
}

class HeadersFailed extends Error {}

function reasonOf(error: unknown): string {
  if (error instanceof HeadersFailed) return "the headers function failed or gave a bad header";
  return error instanceof TransportError ? `no response (${error.code})` : "the request could not be made";
}
