import { type LogRecord, OptionsCheck } from "@dagstack/logger-core";
import {
  BatchingSink,
  type BatchingSinkSettings,
  type DeliveryContext,
  DeliveryError,
  type DeliveryOutcome,
} from "@dagstack/logger-core/delivery";
import { toDagstackJsonl } from "@dagstack/logger-core/wire";

const ENGINE_OPTIONS = [
  "minSeverity",
  "queueSize",
  "queueBytes",
  "batchSize",
  "flushIntervalMs",
  "overflow",
  "retry",
] as const;
const REQUEST_TIMEOUT_MS = 10_000;
const PLAIN_URL = /^https?:\/\/[^/@?#]+(\/[^?#]*)?$/;
const HEADER = /^[\w-]+$/;
const HEADER_VALUE = /^[\x20-\x7e]*$/;

export interface __CLASS__Options extends Pick<BatchingSinkSettings<LogRecord>, (typeof ENGINE_OPTIONS)[number]> {
  /** Where to POST batches. Credentials belong in `headers`: the URL is part of the sink's id. */
  readonly url: string;
  /** Sent with each request, such as `authorization`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Sends records over HTTP in batches, one JSON line per record. */
export class __CLASS__ extends BatchingSink {
  readonly #url: string;
  readonly #headers: Headers;

  /** @throws ConfigError listing every problem. */
  constructor(options: __CLASS__Options) {
    const check = new OptionsCheck("__CLASS__", options, ["url", "headers", ...ENGINE_OPTIONS]);
    // What came is not repeated: a URL and headers may hold secrets.
    const refuse = (path: string, allowed: string): void =>
      check.add({ path, reason: "validation_failed", received: "something else", allowed });
    const given = check.get("url");
    if (typeof given !== "string" || !URL.canParse(given) || !PLAIN_URL.test(given)) {
      refuse("url", "an http or https URL without user info and query");
    }
    if (!areHeaders(check.get("headers") ?? {})) refuse("headers", "a map of header names to printable ASCII");
    check.finish();
    const { url, headers, ...engine } = options;
    super({ ...engine, id: `__FILE__:${url}` });
    this.#url = url;
    this.#headers = new Headers(headers);
    this.#headers.set("content-type", "application/x-ndjson");
  }

  protected override async deliver(batch: readonly LogRecord[], { signal }: DeliveryContext): Promise<DeliveryOutcome> {
    const request = new AbortController();
    signal.addEventListener("abort", () => request.abort());
    const late = new DeliveryError(`no answer within ${REQUEST_TIMEOUT_MS} ms`);
    const timer = setTimeout(() => request.abort(late), REQUEST_TIMEOUT_MS);
    try {
      const response = await fetch(this.#url, {
        method: "POST",
        headers: this.#headers,
        body: batch.map((record) => `${toDagstackJsonl(record)}\n`).join(""),
        redirect: "manual", // headers with credentials go nowhere else
        signal: request.signal,
      });
      return readResponse(response, batch.length);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** What an answer means for a batch: adapt it to what your destination answers. */
function readResponse({ ok, status, headers, body }: Response, count: number): DeliveryOutcome {
  body?.cancel().catch(() => {}); // not read: servers repeat what they were sent, and reasons are not redacted
  const reason = `HTTP ${status}`;
  if (ok) return { status: "delivered" };
  if (status === 413) return { status: "split" };
  if (status !== 429 && status < 500) return { status: "rejected", count, reason };
  return { status: "retry", afterMs: Number(headers.get("retry-after")) * 1000, reason }; // 0 and NaN: back-off
}

function areHeaders(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).every(
    ([name, text]) => HEADER.test(name) && typeof text === "string" && HEADER_VALUE.test(text),
  );
}
