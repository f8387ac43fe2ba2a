import { severityText } from "../options/index.ts";
import type { LogRecord } from "../record/index.ts";

/** A complete, frozen record for tests: INFO, body `"x"`, scope `test`, no trace, unobserved; overridden by `parts`. */
export function testRecord(parts: Partial<LogRecord> = {}): LogRecord {
  const severityNumber = parts.severityNumber ?? 9;
  return Object.freeze({
    timeUnixNano: 1_700_000_000_000_000_000n,
    observedTimeUnixNano: null,
    severityNumber,
    severityText: severityText(severityNumber),
    body: "x",
    attributes: Object.freeze({}),
    resource: null,
    instrumentationScope: Object.freeze({ name: "test", version: null, attributes: Object.freeze({}) }),
    traceId: null,
    spanId: null,
    traceFlags: 0,
    ...parts,
  });
}
