import { describeValue, type Level, type LogRecord, OptionsCheck, type Sink } from "@dagstack/logger-core";
import type { BatchingSinkSettings } from "@dagstack/logger-core/delivery";
import {
  HTTP_REQUEST_OPTIONS,
  type HttpRequestDefaults,
  type HttpRequestOptions,
  type HttpTarget,
  parseHttpUrl,
  readHttpUrl,
  readRequestOptions,
  type Variables,
} from "@dagstack/logger-core/http";
import {
  DEFAULT_ENDPOINT,
  EnvironmentReader,
  LOGS_PATH,
  type Protocol,
  type RequestEnvironment,
} from "./environment.ts";
import type { LogRecordExporter } from "./log-record-exporter.ts";

/**
 * Options of `OTLPSink`; anything else in the map is a `ConfigError` (D-69). Each wins over its environment variable:
 * `OTEL_EXPORTER_OTLP_[LOGS_]{HEADERS,COMPRESSION,TIMEOUT,CERTIFICATE,CLIENT_CERTIFICATE,CLIENT_KEY}` for those of
 * requests. With `exporter`, requests are that one's business, and `timeoutMs` is how long to wait for its callback
 * (default 30 000).
 */
export interface OTLPSinkOptions extends HttpRequestOptions {
  /**
   * The receiver; `/v1/logs` is appended unless the path ends in it. User info becomes an `authorization` header.
   * Default `OTEL_EXPORTER_OTLP_LOGS_ENDPOINT`, `OTEL_EXPORTER_OTLP_ENDPOINT`, `http://localhost:4318`.
   */
  readonly endpoint?: string | URL | undefined;
  /** Default `OTEL_EXPORTER_OTLP_LOGS_PROTOCOL`, `OTEL_EXPORTER_OTLP_PROTOCOL`, `"http/protobuf"`. gRPC: see `exporter`. */
  readonly protocol?: Protocol | undefined;
  /** How long after its first failure a batch is tried again; then it is dropped (`sink_error`). Default 300 000. */
  readonly retryBudgetMs?: number | undefined;
  /** How many records may wait. Default `OTEL_BLRP_MAX_QUEUE_SIZE`, 10 000. */
  readonly queueSize?: number | undefined;
  /**
   * How much memory what waits may cost the process, garbage that a burst leaves behind included: a record counts for
   * three times its size in protobuf and 240 bytes; with `exporter`, where it waits as an object, for four times its
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
  /** Gets what is lost for good, marked with why; see `BatchingSink`. This sink attaches, flushes and closes it. */
  readonly deadLetter?: Sink | undefined;
  /** Records below are ignored without a trace. Default: everything. */
  readonly minSeverity?: Level | undefined;
  /** Default `otlp:` and the endpoint without user info and query (D-50), or `otlp:` and the exporter's class. */
  readonly id?: string | undefined;
  /** Deliver through this OpenTelemetry exporter; then the options of requests above are its business, not ours. */
  readonly exporter?: LogRecordExporter | undefined;
}

/** The options of the queue, as the engine takes them. */
export type QueueSettings = BatchingSinkSettings<LogRecord> & { readonly queueBytes: number };

/** How requests are made. */
export interface RequestSettings {
  readonly url: URL;
  readonly protocol: Protocol;
  /** What the user says. */
  readonly options: HttpRequestOptions;
  /** What the environment says. */
  readonly defaults: HttpRequestDefaults;
}

/** Options and environment, read and checked. */
export interface OTLPSettings {
  readonly queue: QueueSettings;
  /** An exporter, or how to do without. */
  readonly delivery:
    | { readonly exporter: LogRecordExporter; readonly timeoutMs: number }
    | { readonly request: RequestSettings };
  /** `OTEL_SDK_DISABLED`. */
  readonly disabled: boolean;
  /** Environment variables that could not be used. */
  readonly ignoredVariables: readonly string[];
}

const MILLISECONDS = { max: 2_147_483_647, unit: "milliseconds" };
const REQUEST_OPTIONS = ["endpoint", "protocol", ...HTTP_REQUEST_OPTIONS.filter((name) => name !== "timeoutMs")];
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
  "deadLetter",
  "minSeverity",
  "id",
  "exporter",
];

/** @throws ConfigError listing every problem of the options; a bad variable is none. */
export function readSettings(options: unknown, variables: Variables): OTLPSettings {
  const check = new OptionsCheck("OTLPSink", options, ALLOWED);
  const environment = new EnvironmentReader(variables);
  const exporter = readExporter(check);
  const queue = environment.queue();
  const request = exporter === undefined ? readRequest(check, environment.request()) : undefined;
  const settings: OTLPSettings = {
    queue: {
      id: check.text("id", `otlp:${request?.label ?? exporterName(exporter)}`),
      minSeverity: check.level("minSeverity"),
      queueSize: check.integer("queueSize", { min: 1, default: queue.queueSize ?? 10_000, unit: "records" }),
      queueBytes: check.integer("queueBytes", { min: 1, default: 33_554_432, unit: "bytes" }),
      batchSize: check.integer("batchSize", { min: 1, default: queue.batchSize ?? 512, unit: "records" }),
      flushIntervalMs: check.integer("flushIntervalMs", {
        min: 0,
        default: queue.flushIntervalMs ?? 1000,
        ...MILLISECONDS,
      }),
      overflow: check.oneOf<"drop_oldest" | "drop_newest">("overflow", ["drop_oldest", "drop_newest"], "drop_oldest"),
      closeTimeoutMs: check.integer("closeTimeoutMs", { min: 0, default: 5000, ...MILLISECONDS }),
      deadLetter: check.get("deadLetter") as Sink | undefined, // the engine checks it
      retry: { budgetMs: check.integer("retryBudgetMs", { min: 0, default: 300_000, unit: "milliseconds" }) },
    },
    delivery: request ?? {
      exporter: exporter as LogRecordExporter,
      timeoutMs: check.integer("timeoutMs", { min: 1, default: 30_000, ...MILLISECONDS }),
    },
    disabled: queue.disabled,
    ignoredVariables: environment.ignored,
  };
  check.finish();
  return settings;
}

function readRequest(
  check: OptionsCheck,
  environment: RequestEnvironment,
): { readonly request: RequestSettings; readonly label: string } {
  const given = readHttpUrl(check, "endpoint", { path: LOGS_PATH, example: DEFAULT_ENDPOINT, isOptional: true });
  const target = given ?? environment.endpoint ?? (parseHttpUrl(DEFAULT_ENDPOINT, LOGS_PATH) as HttpTarget);
  const { compression, timeoutMs, tls } = environment;
  const defaults: HttpRequestDefaults = {
    headers: { ...environment.headers, ...target.headers },
    compression,
    timeoutMs,
    tls,
  };
  readRequestOptions(check, target, defaults);
  const options = Object.fromEntries(HTTP_REQUEST_OPTIONS.map((name) => [name, check.get(name)]));
  const protocol = readProtocol(check, environment.protocol ?? "http/protobuf");
  return { label: target.label, request: { url: target.url, protocol, options, defaults } };
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
