import { describeValue, type Level, OptionsCheck } from "@dagstack/logger-core";
import { DEFAULT_ENDPOINT, parseEndpoint, readEndpoint } from "./endpoint.ts";
import {
  type Compression,
  EnvironmentReader,
  type Protocol,
  type RequestEnvironment,
  type Variables,
} from "./environment.ts";
import { type HeaderSource, type HeadersOption, readHeaders } from "./headers.ts";
import type { LogRecordExporter } from "./log-record-exporter.ts";
import { readTLS, type TLSMaterial, type TLSOptions } from "./tls.ts";

/** Options of `OTLPSink`; anything else in the map is a `ConfigError` (D-69). Each wins over its environment variable. */
export interface OTLPSinkOptions {
  /**
   * The receiver; `/v1/logs` is appended unless the path ends in it. User info becomes an `authorization` header.
   * Default `OTEL_EXPORTER_OTLP_LOGS_ENDPOINT`, `OTEL_EXPORTER_OTLP_ENDPOINT`, `http://localhost:4318`.
   */
  readonly endpoint?: string | URL | undefined;
  /** Default `OTEL_EXPORTER_OTLP_LOGS_PROTOCOL`, `OTEL_EXPORTER_OTLP_PROTOCOL`, `"http/protobuf"`. gRPC: see `exporter`. */
  readonly protocol?: Protocol | undefined;
  /** Sent with each request, over those of `OTEL_EXPORTER_OTLP_[LOGS_]HEADERS`. Never in ids or diagnostics. */
  readonly headers?: HeadersOption | undefined;
  /** Default `OTEL_EXPORTER_OTLP_LOGS_COMPRESSION`, `OTEL_EXPORTER_OTLP_COMPRESSION`, `"none"`. */
  readonly compression?: Compression | undefined;
  /**
   * How long one attempt may take. Default `OTEL_EXPORTER_OTLP_LOGS_TIMEOUT`, `OTEL_EXPORTER_OTLP_TIMEOUT`,
   * `OTEL_BLRP_EXPORT_TIMEOUT`, 10 000; with `exporter`, how long to wait for its callback, default 30 000.
   */
  readonly timeoutMs?: number | undefined;
  /** How long after its first failure a batch is tried again; then it is dropped (`sink_error`). Default 300 000. */
  readonly retryBudgetMs?: number | undefined;
  /** How many records may wait. Default `OTEL_BLRP_MAX_QUEUE_SIZE`, 10 000. */
  readonly queueSize?: number | undefined;
  /**
   * How much memory what waits may cost the process, garbage that a burst leaves behind included: a record counts for
   * three times its encoded size and 240 bytes; in JSON or with `exporter`, where it waits as an object, for four times its
   * estimated size. Default 33 554 432 (32 MiB).
   */
  readonly queueBytes?: number | undefined;
  /** Records in a request. Default `OTEL_BLRP_MAX_EXPORT_BATCH_SIZE`, 512. */
  readonly batchSize?: number | undefined;
  /** How long a record waits for a batch to fill up. Default `OTEL_BLRP_SCHEDULE_DELAY`, 1000. */
  readonly flushIntervalMs?: number | undefined;
  /** What gives way when the queue is full. Default `"drop_oldest"`. */
  readonly overflow?: "drop_oldest" | "drop_newest" | undefined;
  /** How long `close` goes on delivering when it is given no time. Default 5000. */
  readonly closeTimeoutMs?: number | undefined;
  /** Records below are ignored without a trace. Default: everything. */
  readonly minSeverity?: Level | undefined;
  /** Default `otlp:` and the endpoint without user info and query (D-50), or `otlp:` and the exporter's class. */
  readonly id?: string | undefined;
  /** Certificates; under Node, with an https endpoint. Default `OTEL_EXPORTER_OTLP_[LOGS_]{CERTIFICATE,CLIENT_CERTIFICATE,CLIENT_KEY}`. */
  readonly tls?: TLSOptions | undefined;
  /** Deliver through this OpenTelemetry exporter; then the options of requests above are its business, not ours. */
  readonly exporter?: LogRecordExporter | undefined;
  /** Send with this in place of `node:http` or the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/** The options of the queue, as the engine takes them. */
export interface QueueSettings {
  readonly id: string;
  readonly minSeverity: number;
  readonly queueSize: number;
  readonly queueBytes: number;
  readonly batchSize: number;
  readonly flushIntervalMs: number;
  readonly overflow: "drop_oldest" | "drop_newest";
  readonly closeTimeoutMs: number;
}

/** How requests are made. */
export interface RequestSettings {
  readonly url: URL;
  readonly protocol: Protocol;
  readonly headers: HeaderSource;
  readonly compression: Compression;
  readonly tls: TLSMaterial | undefined;
  readonly fetch: typeof globalThis.fetch | undefined;
}

/** Options and environment, read and checked. */
export interface OTLPSettings {
  readonly queue: QueueSettings;
  readonly retryBudgetMs: number;
  readonly timeoutMs: number;
  /** An exporter, or how to do without. */
  readonly delivery: { readonly exporter: LogRecordExporter } | { readonly request: RequestSettings };
  /** `OTEL_SDK_DISABLED`. */
  readonly disabled: boolean;
  /** Environment variables that could not be used. */
  readonly ignoredVariables: readonly string[];
}

const REQUEST_OPTIONS = ["endpoint", "protocol", "headers", "compression", "tls", "fetch"] as const;
const ALLOWED = [
  ...REQUEST_OPTIONS,
  "timeoutMs",
  "retryBudgetMs",
  "queueSize",
  "queueBytes",
  "batchSize",
  "flushIntervalMs",
  "overflow",
  "closeTimeoutMs",
  "minSeverity",
  "id",
  "exporter",
];
const MAX_TIMER_MS = 2_147_483_647;
const MILLISECONDS = { max: MAX_TIMER_MS, unit: "milliseconds" };

/** @throws ConfigError listing every problem of the options; a bad variable is none. */
export function readSettings(options: unknown, variables: Variables): OTLPSettings {
  const check = new OptionsCheck("OTLPSink", options, ALLOWED);
  const environment = new EnvironmentReader(variables);
  const exporter = readExporter(check);
  const queueEnvironment = environment.queue();
  const requestEnvironment = exporter === undefined ? environment.request() : undefined;
  const request = requestEnvironment && readRequest(check, requestEnvironment);
  const settings: OTLPSettings = {
    queue: {
      id: check.text("id", `otlp:${request?.label ?? exporterName(exporter)}`),
      minSeverity: check.level("minSeverity"),
      queueSize: check.integer("queueSize", { min: 1, default: queueEnvironment.queueSize ?? 10_000, unit: "records" }),
      queueBytes: check.integer("queueBytes", { min: 1, default: 33_554_432, unit: "bytes" }),
      batchSize: check.integer("batchSize", { min: 1, default: queueEnvironment.batchSize ?? 512, unit: "records" }),
      flushIntervalMs: check.integer("flushIntervalMs", {
        min: 0,
        default: queueEnvironment.flushIntervalMs ?? 1000,
        ...MILLISECONDS,
      }),
      overflow: check.oneOf("overflow", ["drop_oldest", "drop_newest"], "drop_oldest"),
      closeTimeoutMs: check.integer("closeTimeoutMs", { min: 0, default: 5000, ...MILLISECONDS }),
    },
    retryBudgetMs: check.integer("retryBudgetMs", { min: 0, default: 300_000, unit: "milliseconds" }),
    timeoutMs: check.integer("timeoutMs", {
      min: 1,
      default: requestEnvironment === undefined ? 30_000 : (requestEnvironment.timeoutMs ?? 10_000),
      ...MILLISECONDS,
    }),
    delivery: request === undefined ? { exporter: exporter as LogRecordExporter } : { request: request.settings },
    disabled: queueEnvironment.disabled,
    ignoredVariables: environment.ignored,
  };
  check.finish();
  return settings;
}

function readRequest(
  check: OptionsCheck,
  environment: RequestEnvironment,
): { readonly settings: RequestSettings; readonly label: string } {
  const fallback = environment.endpoint ?? parseEndpoint(DEFAULT_ENDPOINT, false);
  if (fallback === undefined) throw new Error("the default endpoint is a URL");
  const endpoint = readEndpoint(check, fallback);
  const isSecure = endpoint.url.protocol === "https:";
  const fetch = check.get("fetch");
  if (fetch !== undefined && typeof fetch !== "function") {
    check.add({
      path: check.path("fetch"),
      reason: "type_mismatch",
      received: describeValue(fetch),
      allowed: "a function",
    });
  }
  if (fetch !== undefined && check.get("tls") !== undefined) {
    check.add({
      path: check.path("tls"),
      reason: "validation_failed",
      received: "tls beside fetch",
      allowed: "one of them: certificates are the business of your fetch",
      fix: "remove one",
    });
  }
  const tls = readTLS(check, isSecure) ?? (isSecure ? environment.tls : undefined);
  return {
    label: endpoint.label,
    settings: {
      url: endpoint.url,
      protocol: readProtocol(check, environment.protocol ?? "http/protobuf"),
      headers: readHeaders(check, { ...environment.headers, ...endpoint.headers }),
      compression: check.oneOf("compression", ["none", "gzip"], environment.compression ?? "none"),
      tls,
      fetch: fetch as typeof globalThis.fetch | undefined,
    },
  };
}

function readProtocol(check: OptionsCheck, fallback: Protocol): Protocol {
  if (check.get("protocol") !== "grpc") return check.oneOf("protocol", ["http/protobuf", "http/json"], fallback);
  check.add({
    path: check.path("protocol"),
    reason: "out_of_range",
    received: '"grpc"',
    allowed: '"http/protobuf", "http/json"',
    fix: "use one of them, or pass OTLPLogExporter of @opentelemetry/exporter-logs-otlp-grpc as exporter",
  });
  return fallback;
}

function readExporter(check: OptionsCheck): LogRecordExporter | undefined {
  const exporter = check.get("exporter");
  if (exporter === undefined) return undefined;
  const { export: run, shutdown } = (exporter ?? {}) as { export?: unknown; shutdown?: unknown };
  if (typeof run !== "function" || typeof shutdown !== "function") {
    check.add({
      path: check.path("exporter"),
      reason: "type_mismatch",
      received: describeValue(exporter),
      allowed: "an OpenTelemetry LogRecordExporter, with export and shutdown",
      fix: "pass for example new OTLPLogExporter()",
    });
  }
  for (const name of REQUEST_OPTIONS) {
    if (check.get(name) === undefined) continue;
    check.add({
      path: check.path(name),
      reason: "validation_failed",
      received: `${name} beside exporter`,
      allowed: "one of them: the exporter makes the requests",
      fix: `configure it in the exporter and remove ${name}`,
    });
  }
  return exporter as LogRecordExporter;
}

function exporterName(exporter: LogRecordExporter | undefined): string {
  const name: unknown = (exporter as { constructor?: { name?: unknown } } | undefined)?.constructor?.name;
  return typeof name === "string" && name !== "" && name !== "Object" ? name : "exporter";
}
