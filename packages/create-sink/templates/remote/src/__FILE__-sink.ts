import * as http from "@dagstack/logger-core/http";
import { toDagstackJsonl } from "@dagstack/logger-core/wire";

/** The options that all HTTP sinks share; add your own. */
export interface __CLASS__Options extends http.HttpUserOptions {}

/** Sends records over HTTP in batches, one JSON line per record. */
export class __CLASS__ extends http.HttpSink {
  /** @throws ConfigError for an unknown option or a bad value. */
  constructor(options: __CLASS__Options) {
    super({
      ...options,
      kind: "__FILE__",
      // What your destination takes at most; a larger batch is split before it is sent.
      defaults: { maxRequestBytes: 5_000_000 },
      encode: (batch) => ({
        body: batch.map((record) => `${toDagstackJsonl(record)}\n`).join(""),
        contentType: "application/x-ndjson",
      }),
      // What an answer means where its status does not say it all: here, that only 200 and 204 are the destination's.
      // Never put its text into a reason: servers repeat what they were sent, and reasons are not redacted.
      read: ({ status }) =>
        status > 204 && status < 300 ? { status: "retry", reason: `HTTP ${status} is not expected` } : undefined,
    });
  }
}
