import type { DeliveryOutcome } from "../delivery/index.ts";
import type { HeaderMap, ReceivedBody } from "./transport/index.ts";

/** What the other side answered. Redirects are not followed. */
export interface HttpAnswer {
  /** 0 for a redirect that the browser hides. */
  readonly status: number;
  /** Names in lower case. */
  readonly headers: HeaderMap;
  /** The body as text, decompressed, up to `maxAnswerBytes`. Never put it into a reason: it may repeat a record. */
  readonly body: string;
  /** The same as bytes. */
  readonly bytes: Uint8Array;
  /** Whether `body` is all of it. */
  readonly isWhole: boolean;
  /** The pause that it asks for, by `Retry-After` or by a rate limit's reset; `undefined` for none. */
  readonly afterMs: number | undefined;
}

/** The parts of an answer, put together; the body becomes text only when somebody asks. */
export class ReceivedAnswer implements HttpAnswer {
  readonly status: number;
  readonly headers: HeaderMap;
  readonly bytes: Uint8Array;
  readonly isWhole: boolean;
  readonly afterMs: number | undefined;

  constructor(status: number, headers: HeaderMap, { bytes, isWhole }: ReceivedBody, afterMs: number | undefined) {
    this.status = status;
    this.headers = headers;
    this.bytes = bytes;
    this.isWhole = isWhole;
    this.afterMs = afterMs;
  }

  get body(): string {
    return new TextDecoder().decode(this.bytes);
  }
}

const REQUEST_TIMEOUT = 408;
const PROXY_AUTHENTICATION = 407;
const PAYLOAD_TOO_LARGE = 413;
const TOO_MANY_REQUESTS = 429;
const NOT_IMPLEMENTED = 501;
const REFUSED_CREDENTIALS: ReadonlySet<number> = new Set([401, 403]);
const HTML = /^\s*<(?:!doctype\s+html|html)\b/i;

/**
 * What a status means for a batch, where a protocol does not say more: 2xx delivered, but a page (of a login, of a proxy)
 * is an outage; 407, 408, 429 and 5xx but 501 are tried again, after the pause that was asked for; 413 is split; all
 * others are final, but for 401 and 403 where the next request may come with other credentials.
 *
 * @param count how many records were sent.
 * @param credentialsMayChange whether headers are made by a function.
 */
export function outcomeByStatus(answer: HttpAnswer, count: number, credentialsMayChange = false): DeliveryOutcome {
  const { status, afterMs } = answer;
  const reason = `HTTP ${status === 0 ? "3xx" : status}`;
  if (status >= 200 && status < 300) {
    return isPage(answer)
      ? { status: "retry", reason: `${reason} with a page in place of an answer` }
      : { status: "delivered" };
  }
  if (status === PAYLOAD_TOO_LARGE) return { status: "split" };
  if (isTemporary(status) || (credentialsMayChange && REFUSED_CREDENTIALS.has(status))) {
    return { status: "retry", reason, afterMs };
  }
  const isRedirect = status === 0 || (status >= 300 && status < 400);
  return { status: "rejected", count, reason: isRedirect ? `${reason}: redirects are not followed` : reason };
}

/** Whether a body is an HTML page: no intake answers with one. */
export function isPage({ bytes }: HttpAnswer): boolean {
  return HTML.test(new TextDecoder().decode(bytes.subarray(0, 256)));
}

function isTemporary(status: number): boolean {
  return (
    status === PROXY_AUTHENTICATION ||
    status === REQUEST_TIMEOUT ||
    status === TOO_MANY_REQUESTS ||
    (status >= 500 && status !== NOT_IMPLEMENTED)
  );
}
