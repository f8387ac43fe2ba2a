/** What sends requests: `node:http` under Node, `fetch` elsewhere. One attempt a call; retries are the engine's. */

/** Header names in lower case, and their values. */
export type HeaderMap = Readonly<Record<string, string>>;

/** What is posted. */
export interface PostRequest {
  readonly headers: HeaderMap;
  readonly body: Uint8Array;
}

/** What was read of a body. */
export interface ReceivedBody {
  readonly bytes: Uint8Array;
  /** Whether that is all of it: not cut off, not larger than what is read, not compressed in a way that nobody knows. */
  readonly isWhole: boolean;
}

/** What came back, whatever the status. Redirects are not followed. */
export interface PostResponse {
  /** 0 for a redirect that the browser hides. */
  readonly status: number;
  readonly headers: HeaderMap;
  /** Never rejects: the status counts, whatever becomes of the body. */
  readonly body: Promise<ReceivedBody>;
}

/** A way to one URL. */
export interface Transport {
  /**
   * Resolves when the head of a response is there. Rejects with a `TransportError` when there is none: no connection, no
   * DNS, no TLS, cut off, aborted.
   */
  post(request: PostRequest, signal: AbortSignal): Promise<PostResponse>;
  /** Whether something listens at the URL, or at the proxy before it (D-85). Left out where that cannot be known. */
  probe?(timeoutMs: number): Promise<void>;
  /** The largest body that gets through just now, bytes. A page that is being left may send little. */
  readonly maxBodyBytes: number;
  /** Whether there is no time for anything but sending: the page is being left. */
  readonly isLeaving: boolean;
  /** Calls back each time the page is hidden, which may be the last that it sees. */
  onLeaving?(callback: () => void): void;
  /** Releases connections and listeners. */
  close(): void;
}

/** No response. Carries a code and nothing that the other side said. */
export class TransportError extends Error {
  override readonly name = "TransportError";
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** OpenSSL has codes with a slash. */
const CODE = /^[A-Z][A-Z0-9_/]{1,63}$/;

/** The code of a system or library error, such as `ECONNREFUSED`, looked for in its causes too. */
export function errorCode(error: unknown, fallback = "no connection"): string {
  let current = error;
  for (let depth = 0; depth < 4 && typeof current === "object" && current !== null; depth++) {
    const { code, errors, cause } = current as { code?: unknown; errors?: unknown; cause?: unknown };
    if (typeof code === "string" && CODE.test(code)) return code;
    // Node tries several addresses and reports all of them in one AggregateError.
    current = Array.isArray(errors) ? errors[0] : cause;
  }
  return fallback;
}
