import { type LogRecord, limitRecord, OptionsCheck } from "@dagstack/logger-core";
import { DeliveryError } from "@dagstack/logger-core/delivery";
import { checkHttpOptions, HTTP_USER_OPTIONS, HttpSink, type HttpUserOptions } from "@dagstack/logger-core/http";
import { toDagstackJsonl } from "@dagstack/logger-core/wire";

/** What Loki takes by default: `limits_config.max_line_size`, and a request well below the burst of a tenant. */
const MAX_LINE_BYTES = 262_144;
const MAX_REQUEST_BYTES = 4_000_000;
const LABEL = /^(?!__)[A-Za-z_][A-Za-z0-9_]*=/;

type Labels = Readonly<Record<string, string>>;

/** What waits and is sent of a record. */
interface Entry {
  readonly stream: Labels;
  readonly time: string;
  readonly line: string;
}

export interface LokiSinkOptions extends HttpUserOptions {
  /** Labels of every stream. Keep them few and constant: Loki holds a stream for each combination of values. */
  readonly labels?: Labels | undefined;
}

/** Sends records to Loki, in streams by service and severity; a line is our JSON line. */
export class LokiSink extends HttpSink<Entry> {
  /** @throws ConfigError listing every problem. */
  constructor(options: LokiSinkOptions) {
    const check = new OptionsCheck("LokiSink", options, ["labels", ...HTTP_USER_OPTIONS]);
    if (!areLabels(check.get("labels") ?? {}))
      check.add({ path: "labels", reason: "validation_failed", allowed: "a map of label names to strings" });
    checkHttpOptions(check);
    check.finish();
    const { labels = {}, ...shared } = options;
    super({
      ...shared,
      kind: "loki",
      path: "/loki/api/v1/push", // unless the URL ends in it
      defaults: { maxRequestBytes: MAX_REQUEST_BYTES },
      transform: (record) => entryOf(record, labels), // inside emit; what it throws costs the record, counted
      sizeOf: ({ line }) => 2 * line.length + 200,
      encode: (batch) => ({ body: JSON.stringify({ streams: streamsOf(batch) }), contentType: "application/json" }),
      // Loki says 204; 260 means that it is blocked, and any other 2xx comes from somebody else: an outage.
      read: ({ status }) => (status > 199 && status < 300 && status !== 204 ? notLoki(status) : undefined),
    });
  }
}

function entryOf(record: LogRecord, labels: Labels): Entry {
  const service = String(record.resource?.attributes["service.name"] || "unknown_service");
  const stream = { ...labels, service_name: service, severity: record.severityText };
  return { stream, time: String(record.timeUnixNano), line: lineOf(record) };
}

/** A line above Loki's limit would be refused, and be counted with the whole batch: it is cut as the logger cuts. */
function lineOf(record: LogRecord): string {
  const line = toDagstackJsonl(record);
  if (bytesOf(line) <= MAX_LINE_BYTES) return line;
  const around = bytesOf(toDagstackJsonl({ ...record, body: null, attributes: {} }));
  const cut = toDagstackJsonl(limitRecord(record, Math.max(1024, MAX_LINE_BYTES - around - 32)));
  if (bytesOf(cut) > MAX_LINE_BYTES) throw new DeliveryError("a resource and scope above Loki's limit for a line");
  return cut;
}

function streamsOf(batch: readonly Entry[]): object[] {
  const streams = new Map<string, { stream: Labels; values: string[][] }>();
  for (const { stream, time, line } of batch) {
    const key = JSON.stringify(stream);
    const entries = streams.get(key) ?? { stream, values: [] };
    entries.values.push([time, line]);
    streams.set(key, entries);
  }
  return [...streams.values()];
}

const notLoki = (status: number) => ({ status: "retry", reason: `HTTP ${status} is not Loki's` }) as const;
const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

function areLabels(value: unknown): boolean {
  const isLabel = ([name, text]: [string, unknown]): boolean => typeof text === "string" && LABEL.test(`${name}=`);
  return typeof value === "object" && value !== null && Object.entries(value).every(isLabel);
}
