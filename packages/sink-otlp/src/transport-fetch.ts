import { type PageEvents, pageIsHidden } from "./page-events.ts";
import {
  errorCode,
  MAX_RESPONSE_BYTES,
  type PostRequest,
  type PostResponse,
  type Transport,
  TransportError,
} from "./transport.ts";

/** Browsers refuse `keepalive` requests with more than 64 KiB of body between them. */
const MAX_KEEPALIVE_BYTES = 60_000;

/** Posts over `fetch`; while the page is hidden with `keepalive`, so that requests outlive it. */
export class FetchTransport implements Transport {
  readonly #url: string;
  readonly #fetch: typeof globalThis.fetch;
  readonly #page: PageEvents | undefined;
  #stopListening: (() => void) | undefined;

  /** @param page where hiding is announced; none outside of pages. */
  constructor(url: URL, fetch: typeof globalThis.fetch, page: PageEvents | undefined) {
    this.#url = url.href;
    this.#fetch = fetch;
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
      contentType: response.headers.get("content-type") ?? "",
      retryAfter: response.headers.get("retry-after") ?? undefined,
      body: readBody(response),
    };
  }

  onLeaving(callback: () => void): void {
    this.#stopListening = this.#page?.onHidden(callback);
  }

  close(): void {
    this.#stopListening?.();
  }
}

async function readBody(response: Response): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  try {
    const reader = response.body?.getReader();
    if (reader === undefined) return new Uint8Array();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      bytes += value.length;
      parts.push(value);
      if (bytes <= MAX_RESPONSE_BYTES) continue;
      await reader.cancel();
      return undefined;
    }
  } catch {
    return undefined; // cut off; the status is known, and the caller reports what it could not read
  }
  const body = new Uint8Array(bytes);
  let offset = 0;
  for (const part of parts) {
    body.set(part, offset);
    offset += part.length;
  }
  return body;
}
