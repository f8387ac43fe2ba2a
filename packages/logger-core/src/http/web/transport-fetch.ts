import {
  BodyCollector,
  errorCode,
  type PostRequest,
  type PostResponse,
  type ReceivedBody,
  type Transport,
  TransportError,
} from "../transport/index.ts";
import { type PageEvents, pageIsHidden } from "./page-events.ts";

/** Browsers refuse `keepalive` requests with more than 64 KiB of body between them. */
const MAX_KEEPALIVE_BYTES = 60_000;

/** What a `FetchTransport` works with. */
export interface FetchTransportSettings {
  readonly url: URL;
  readonly fetch: typeof globalThis.fetch;
  /** How much of an answer is read. */
  readonly maxAnswerBytes: number;
  /** Where hiding is announced; none outside of pages. */
  readonly page?: PageEvents | undefined;
}

/** Posts over `fetch`; while the page is hidden with `keepalive`, so that requests outlive it. */
export class FetchTransport implements Transport {
  readonly #url: string;
  readonly #fetch: typeof globalThis.fetch;
  readonly #maxAnswerBytes: number;
  readonly #page: PageEvents | undefined;
  #stopListening: (() => void) | undefined;

  constructor({ url, fetch, maxAnswerBytes, page }: FetchTransportSettings) {
    this.#url = url.href;
    this.#fetch = fetch;
    this.#maxAnswerBytes = maxAnswerBytes;
    this.#page = page;
  }

  get isLeaving(): boolean {
    return this.#page !== undefined && pageIsHidden(this.#page);
  }

  get maxBodyBytes(): number {
    return this.isLeaving ? MAX_KEEPALIVE_BYTES : Number.POSITIVE_INFINITY;
  }

  async post({ headers, body }: PostRequest, signal: AbortSignal): Promise<PostResponse> {
    const fetch = this.#fetch; // called as a plain function: browsers refuse it as a method of something else
    let response: Response;
    try {
      response = await fetch(this.#url, {
        method: "POST",
        headers,
        body: body as Uint8Array<ArrayBuffer>,
        signal,
        redirect: "manual",
        // Only where it counts: some runtimes throw for members they do not know.
        ...(this.isLeaving && body.length <= MAX_KEEPALIVE_BYTES ? { keepalive: true } : {}),
      });
    } catch (error) {
      throw new TransportError(errorCode(error));
    }
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: readBody(response, this.#maxAnswerBytes),
    };
  }

  onLeaving(callback: () => void): void {
    this.#stopListening = this.#page?.onHidden(callback);
  }

  close(): void {
    this.#stopListening?.();
  }
}

async function readBody(response: Response, maxBytes: number): Promise<ReceivedBody> {
  const collector = new BodyCollector(maxBytes);
  try {
    const reader = response.body?.getReader();
    if (reader === undefined) return collector.body(true);
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return collector.body(true);
      if (collector.add(value)) continue;
      await reader.cancel();
      return collector.body(false);
    }
  } catch {
    return collector.body(false); // cut off; the status is known, and whoever reads the answer sees that it is not whole
  }
}
