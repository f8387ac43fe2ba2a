/**
 * A sink for a destination that is spoken to over HTTP: one function makes a request of a batch, one reads the answer.
 * Queue, batches, retries and counts are the engine's (`BatchingSink`); connections, certificates, proxies, compression,
 * time limits and what can go wrong with them are this room's.
 *
 *   deliver(batch) ─► encode ─► maxRequestBytes ─► gzip ─► headers() ─► transport.post ─► read(answer) ─► outcome
 *                     (yours)   (split before it             (user's)   (node:http(s)     (yours, else
 *                                is sent)                                or fetch)         by status)
 */

import { platform } from "#http-platform";
import {
  BatchingSink,
  type BatchingSinkOptions,
  type BatchingSinkSettings,
  type DeliveryContext,
  type DeliveryOutcome,
} from "../delivery/index.ts";
import { OptionsCheck } from "../options/index.ts";
import type { LogRecord } from "../record/index.ts";
import { type FlushResult, type SinkContext, systemClock } from "../sink/index.ts";
import { type EncodeFunction, HttpDelivery, type ReadFunction } from "./http-delivery.ts";
import {
  checkHttpOptions,
  HTTP_REQUEST_OPTIONS,
  type HttpRequestDefaults,
  type HttpRequestOptions,
  type HttpRequestSettings,
} from "./http-options.ts";
import type { HttpTarget } from "./http-url.ts";
import type { Transport } from "./transport/index.ts";
import { FetchTransport } from "./web/index.ts";

/** Options of `HttpSink`, apart from `transform`. */
export interface HttpSinkSettings<Item>
  extends HttpRequestOptions,
    Omit<BatchingSinkSettings<Item>, "id" | "deliver" | "syncDrain"> {
  /** Default `kind`, a colon and the URL, without what may be a secret in it. */
  readonly id?: string | undefined;
  /** What ids of this sink begin with, such as `loki`. Default `http`. */
  readonly kind?: string | undefined;
  /** Where to send. User info becomes an `authorization` header. */
  readonly url: string | URL;
  /** Appended to the URL's path unless that ends in it, such as `/v1/logs`. */
  readonly path?: string | undefined;
  /** What holds where the options above are not given: what is known of the destination. */
  readonly defaults?: HttpRequestDefaults | undefined;
  /** Makes a batch the body of a request. */
  readonly encode: EncodeFunction<Item>;
  /** Says what an answer means. Default: what its status says (`outcomeByStatus`). */
  readonly read?: ReadFunction<Item> | undefined;
  /** How much of an answer is read, in bytes. Default 1 048 576 (1 MiB). */
  readonly maxAnswerBytes?: number | undefined;
  /** How requests name their program, where it may. Default `dagstack-logger`. */
  readonly userAgent?: string | undefined;
}

/** Options of `HttpSink`; `transform` as with `BatchingSink`. */
export type HttpSinkOptions<Item = LogRecord> = HttpSinkSettings<Item> &
  Pick<BatchingSinkOptions<Item>, Extract<keyof BatchingSinkOptions<Item>, "transform">>;

/** How long `open` waits for a connection (D-85). */
const PROBE_TIMEOUT_MS = 2_000;
/** The longest delay that timers of every runtime can hold. */
const MAX_TIMER_MS = 2_147_483_647;
const DEFAULT_ANSWER_BYTES = 1_048_576;
const AUTHOR_OPTIONS = ["kind", "path", "defaults", "encode", "read", "maxAnswerBytes", "userAgent"];
/** What goes on to the engine. A map, so that no option of it is forgotten. */
const ENGINE: Readonly<Record<Exclude<keyof BatchingSinkOptions, "deliver" | "syncDrain">, true>> = {
  id: true,
  minSeverity: true,
  queueSize: true,
  queueBytes: true,
  sizeOf: true,
  batchSize: true,
  batchBytes: true,
  flushIntervalMs: true,
  overflow: true,
  concurrency: true,
  attemptTimeoutMs: true,
  retry: true,
  closeTimeoutMs: true,
  lineFormat: true,
  transformLine: true,
  deadLetter: true,
  transform: true,
  release: true,
};
const ENGINE_OPTIONS: readonly string[] = /* @__PURE__ */ Object.keys(ENGINE);

/**
 * A sink that posts batches to a URL, with everything that `BatchingSink` does.
 *
 * ```ts
 * export class AcmeSink extends HttpSink {
 *   constructor(options: HttpUserOptions) {
 *     super({
 *       ...options,
 *       kind: "acme",
 *       encode: (batch) => ({ body: JSON.stringify(batch.map(eventOf)), contentType: "application/json" }),
 *     });
 *   }
 * }
 * ```
 *
 * Each attempt is one request, over in `timeoutMs`. Redirects are not followed. Requests make no OpenTelemetry spans and
 * do not keep the process alive. No diagnostic holds headers, credentials or anything that the other side said.
 */
export class HttpSink<Item = LogRecord> extends BatchingSink<Item> {
  readonly #delivery: HttpDelivery<Item>;
  readonly #transport: Transport;
  readonly #ignoredVariables: readonly string[];
  readonly #attached: { context?: SinkContext };

  /** @throws ConfigError for an unknown option or a bad value. */
  constructor(options: HttpSinkOptions<Item>) {
    const checked = checkOptions<Item>(new.target.name || "HttpSink", options);
    const { target, request, encode, read } = checked;
    const attached: { context?: SinkContext } = {};
    const transport = createTransport(checked, (text, type) => attached.context?.onError(new Error(text), type));
    super({
      ...checked.engine,
      release: async () => {
        transport.close();
        await checked.engine.release?.();
      },
    });
    this.#attached = attached;
    this.#transport = transport;
    this.#ignoredVariables = request.ignoredVariables;
    this.#delivery = new HttpDelivery({
      url: target.url,
      transport,
      encode,
      read,
      headers: request.headers,
      timeoutMs: request.timeoutMs,
      maxRequestBytes: request.maxRequestBytes,
      compress: request.compression === "gzip" ? platform.gzip : undefined,
      clock: () => attached.context?.clock ?? systemClock,
    });
    transport.onLeaving?.(() => void this.flush());
  }

  override attach(context: SinkContext): void {
    this.#attached.context = context;
    super.attach(context);
    if (this.#ignoredVariables.length === 0) return;
    const text = `environment variables were ignored: ${this.#ignoredVariables.join("; ")}`;
    context.onError(new Error(text), "environment");
  }

  /** For `reconfigure`: rejects unless something accepts a TCP connection at the URL, or its proxy, within 2 s (D-85). */
  async open(): Promise<void> {
    try {
      await this.#transport.probe?.(PROBE_TIMEOUT_MS);
    } catch (error) {
      const code = (error as { code?: unknown }).code;
      throw new Error(`${this.id} does not accept connections (${String(code)}): check that the receiver runs`);
    }
  }

  /**
   * Sends what waits and resolves when everything accepted before is delivered or lost, or the time is over. Keeps the
   * process alive until then; shortens neither back-off nor a pause that the receiver asked for.
   */
  override async flush(timeoutMs?: number): Promise<FlushResult> {
    // Without a time limit there is no timer of the engine's, and requests alone do not keep the process alive.
    const hold = (this.#attached.context?.clock ?? systemClock).schedule(() => {}, MAX_TIMER_MS, true);
    try {
      return await super.flush(timeoutMs);
    } finally {
      hold.cancel();
    }
  }

  /** Posts a batch. */
  protected override deliver(batch: readonly Item[], context: DeliveryContext): Promise<DeliveryOutcome> {
    return this.#delivery.deliver(batch, context);
  }
}

interface CheckedOptions<Item> {
  readonly target: HttpTarget;
  readonly request: HttpRequestSettings;
  readonly encode: EncodeFunction<Item>;
  readonly read: ReadFunction<Item> | undefined;
  readonly maxAnswerBytes: number;
  readonly userAgent: string;
  readonly engine: BatchingSinkOptions<Item>;
}

function checkOptions<Item>(where: string, options: HttpSinkOptions<Item>): CheckedOptions<Item> {
  const check = new OptionsCheck(where, options, [
    "url",
    ...HTTP_REQUEST_OPTIONS,
    ...AUTHOR_OPTIONS,
    ...ENGINE_OPTIONS,
  ]);
  const { target, request } = checkHttpOptions(
    check,
    check.get("path") === undefined ? undefined : check.text("path", ""),
    options.defaults,
  );
  for (const name of ["encode", "read"]) {
    const value = check.get(name);
    if (typeof value === "function" || (name === "read" && value === undefined)) continue;
    check.add({ path: name, reason: value === undefined ? "missing" : "type_mismatch", allowed: "a function" });
  }
  const maxAnswerBytes = check.integer("maxAnswerBytes", { min: 1, default: DEFAULT_ANSWER_BYTES, unit: "bytes" });
  const userAgent = check.text("userAgent", "dagstack-logger");
  const id = check.text("id", `${check.text("kind", "http")}:${target?.label}`);
  check.finish();
  if (target === undefined) throw new Error("a URL that is missing has been refused");
  const given = options as unknown as Readonly<Record<string, unknown>>;
  const engine = Object.fromEntries(ENGINE_OPTIONS.filter((name) => name in given).map((name) => [name, given[name]]));
  return {
    target,
    request,
    maxAnswerBytes,
    userAgent,
    encode: options.encode,
    read: options.read,
    engine: { ...engine, id } as unknown as BatchingSinkOptions<Item>,
  };
}

function createTransport<Item>(
  { target: { url }, request, maxAnswerBytes, userAgent }: CheckedOptions<Item>,
  onProblem: (text: string, type: string) => void,
): Transport {
  const { fetch, tls, proxy } = request;
  if (fetch !== undefined) return new FetchTransport({ url, fetch, maxAnswerBytes });
  return platform.createTransport({ url, userAgent, maxAnswerBytes, tls, proxy, onProblem });
}
