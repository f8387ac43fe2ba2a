import { type LogRecord, OptionsCheck } from "@dagstack/logger-core";
import { BatchingSink, type BatchingSinkSettings, type DeliveryContext } from "@dagstack/logger-core/delivery";
import { toDagstackJsonl } from "@dagstack/logger-core/wire";
import { type Destination, sendAndConfirm } from "./send-and-confirm.ts";

const ENGINE_OPTIONS = [
  "minSeverity",
  "queueSize",
  "queueBytes",
  "batchSize",
  "flushIntervalMs",
  "overflow",
  "retry",
  "closeTimeoutMs",
] as const;
const HOST = /^[\w.:-]+$/;
const MAX_TIMEOUT_MS = 600_000;

export interface TcpSinkOptions extends Pick<BatchingSinkSettings<LogRecord>, (typeof ENGINE_OPTIONS)[number]> {
  /** Default `127.0.0.1`. */
  readonly host?: string | undefined;
  readonly port: number;
  /** How long one batch may take, from connecting to the server's close, in milliseconds. Default 10 000. */
  readonly timeoutMs?: number | undefined;
}

/** Sends records as JSON lines over TCP, a connection for each batch. */
export class TcpSink extends BatchingSink {
  readonly #destination: Destination;

  /** @throws ConfigError listing every problem. */
  constructor(options: TcpSinkOptions) {
    const check = new OptionsCheck("TcpSink", options, ["host", "port", "timeoutMs", ...ENGINE_OPTIONS]);
    const host = check.text("host", "127.0.0.1");
    if (!HOST.test(host)) {
      check.add({ path: "host", reason: "validation_failed", allowed: "a host name or an address, without a port" });
    }
    if (check.get("port") === undefined) check.add({ path: "port", reason: "missing", allowed: "a port number" });
    const port = check.integer("port", { min: 1, max: 65_535, default: 1 });
    const timeoutMs = check.integer("timeoutMs", {
      min: 1,
      max: MAX_TIMEOUT_MS,
      default: 10_000,
      unit: "milliseconds",
    });
    check.finish();
    const { host: _host, port: _port, timeoutMs: _timeoutMs, ...engine } = options;
    super({ ...engine, id: `tcp:${host.includes(":") ? `[${host}]` : host}:${port}` });
    this.#destination = { host, port, timeoutMs };
  }

  protected override async deliver(batch: readonly LogRecord[], { signal }: DeliveryContext): Promise<void> {
    const lines = batch.map((record) => `${toDagstackJsonl(record)}\n`);
    await sendAndConfirm(lines.join(""), this.#destination, signal);
  }
}
