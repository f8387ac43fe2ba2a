import { type LogRecord, OptionsCheck } from "@dagstack/logger-core";
import {
  BatchingSink,
  type BatchingSinkSettings,
  type DeliveryContext,
  DeliveryError,
  type DeliveryOutcome,
} from "@dagstack/logger-core/delivery";
import { toDagstackJsonl } from "@dagstack/logger-core/wire";

const ENGINE_OPTIONS = ["minSeverity", "queueSize", "queueBytes", "batchSize", "flushIntervalMs", "retry"] as const;
const REQUEST_TIMEOUT_MS = 10_000;
const PLAIN_URL = /^https?:\/\/[^/@?#]+(\/[^?#]*)?$/;
const LABEL = /^(?!__)[A-Za-z_][A-Za-z0-9_]*=/;
const HEADER = /^[\w-]+=[\x20-\x7e]*$/;

type Labels = Readonly<Record<string, string>>;
type Stream = { readonly stream: Labels; readonly values: string[][] };

export interface LokiSinkOptions extends Pick<BatchingSinkSettings<LogRecord>, (typeof ENGINE_OPTIONS)[number]> {
  /** Where Loki listens, without `/loki/api/v1/push`. Credentials belong in `headers`. */
  readonly url: string;
  /** Labels of every stream. Keep them few and constant: Loki holds a stream for each combination of values. */
  readonly labels?: Labels | undefined;
  /** Sent with each request, such as `authorization` or `x-scope-orgid`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Sends records to Loki, in streams by service and severity; a line is our JSON line. */
export class LokiSink extends BatchingSink {
  readonly #pushUrl: string;
  readonly #labels: Labels;
  readonly #headers: Headers;

  /** @throws ConfigError listing every problem. */
  constructor(options: LokiSinkOptions) {
    const check = new OptionsCheck("LokiSink", options, ["url", "labels", "headers", ...ENGINE_OPTIONS]);
    // What came is not repeated: a URL and headers may hold secrets.
    const refuse = (path: string, allowed: string): void =>
      check.add({ path, reason: "validation_failed", received: "something else", allowed });
    const given = check.get("url");
    if (typeof given !== "string" || !URL.canParse(given) || !PLAIN_URL.test(given))
      refuse("url", "an http or https URL without user info and query");
    if (!isMap(check.get("labels") ?? {}, LABEL)) refuse("labels", "a map of label names to strings");
    if (!isMap(check.get("headers") ?? {}, HEADER)) refuse("headers", "a map of header names to printable ASCII");
    check.finish();
    const { url, labels, headers, ...engine } = options;
    super({ ...engine, id: `loki:${url}` });
    this.#pushUrl = `${url.replace(/\/+$/, "")}/loki/api/v1/push`;
    this.#labels = labels ?? {};
    this.#headers = new Headers(headers);
    this.#headers.set("content-type", "application/json");
  }

  protected override async deliver(batch: readonly LogRecord[], { signal }: DeliveryContext): Promise<DeliveryOutcome> {
    const request = new AbortController();
    signal.addEventListener("abort", () => request.abort());
    const late = new DeliveryError(`no answer within ${REQUEST_TIMEOUT_MS} ms`);
    const timer = setTimeout(() => request.abort(late), REQUEST_TIMEOUT_MS);
    try {
      const response = await fetch(this.#pushUrl, {
        method: "POST",
        headers: this.#headers,
        body: JSON.stringify({ streams: this.#streams(batch) }),
        redirect: "manual", // headers with credentials go nowhere else
        signal: request.signal,
      });
      return readResponse(response, batch.length);
    } finally {
      clearTimeout(timer);
    }
  }

  #streams(batch: readonly LogRecord[]): Stream[] {
    const streams = new Map<string, Stream>();
    for (const record of batch) {
      const service = String(record.resource?.attributes["service.name"] || "unknown_service");
      const key = `${record.severityText} ${service}`;
      const stream = { ...this.#labels, service_name: service, severity: record.severityText };
      const entries: Stream = streams.get(key) ?? { stream, values: [] };
      entries.values.push([String(record.timeUnixNano), toDagstackJsonl(record)]);
      streams.set(key, entries);
    }
    return [...streams.values()];
  }
}

function readResponse({ ok, status, headers, body }: Response, count: number): DeliveryOutcome {
  body?.cancel().catch(() => {}); // not read: it may repeat a record; what is counted follows from the status
  const reason = `HTTP ${status}`;
  if (ok) return { status: "delivered" };
  if (status === 413) return { status: "split" };
  // Loki may have taken some of a batch that it refuses; which, only its text would say. All of it counts as lost.
  if (status !== 429 && status < 500) return { status: "rejected", count, reason };
  return { status: "retry", afterMs: Number(headers.get("retry-after")) * 1000, reason }; // 0 and NaN: back-off
}

/** Whether a value is a map whose pairs, written `name=value`, all match. */
function isMap(value: unknown, pair: RegExp): boolean {
  const matches = ([name, text]: [string, unknown]): boolean =>
    typeof text === "string" && pair.test(`${name}=${text}`);
  return typeof value === "object" && value !== null && Object.entries(value).every(matches);
}
