import type { LogRecord } from "@dagstack/logger-core";
import { type HttpAnswer, HttpSink, type HttpUserOptions } from "@dagstack/logger-core/http";
import { toDagstackJsonl } from "@dagstack/logger-core/wire";

export interface AcmeSinkOptions extends HttpUserOptions {
  /** Where records are stored. Default `logs`. */
  readonly index?: string | undefined;
}

/** Sends records to Acme's bulk API: two lines for each, and an answer with a status for each. */
export class AcmeSink extends HttpSink {
  /** @throws ConfigError for an unknown option or a bad value. */
  constructor({ index = "logs", ...options }: AcmeSinkOptions) {
    const action = JSON.stringify({ create: { _index: index } });
    const entry = (record: LogRecord): string => `${action}\n${toDagstackJsonl(record)}\n`;
    super({
      ...options,
      kind: "acme",
      path: "/_bulk",
      defaults: { maxRequestBytes: 5_000_000 },
      encode: (batch) => ({ body: batch.map(entry).join(""), contentType: "application/x-ndjson" }),
      read: (answer) => (answer.status === 200 ? readItems(answer) : undefined), // others: by the status
    });
  }
}

/** What it throws (a login page is no JSON) makes the answer an outage. */
function readItems({ body, afterMs }: HttpAnswer) {
  const { items } = JSON.parse(body) as { items: readonly { readonly create: { readonly status: number } }[] };
  const retry: number[] = [];
  const rejected: { index: number; reason: string }[] = [];
  for (const [index, { create }] of items.entries()) {
    if (create.status === 429 || create.status >= 500) retry.push(index);
    else if (create.status >= 400) rejected.push({ index, reason: `status ${create.status}` });
  }
  return { status: "mixed", retry, rejected, afterMs } as const;
}
