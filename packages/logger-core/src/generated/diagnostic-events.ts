// Generated from data/diagnostics.json by `pnpm generate`. Do not edit.

/** `event.domain` of every diagnostic (§7.4). */
export const DIAGNOSTIC_DOMAIN = "dagstack";

/** The names of the diagnostics (§7.4). */
export type DiagnosticEvent =
  | "sink_error"
  | "sink_recovered"
  | "buffer_overflow"
  | "record_malformed"
  | "reconfigure_rejected"
  | "redaction_disabled"
  | "scope_ended"
  | "unflushed_shutdown"
  | "shared_internal_sink"
  | "resource_secret"
  | "resource_incomplete"
  | "registry_not_shared";

/** Schema version, severity and meaning of each diagnostic. */
export const DIAGNOSTIC_EVENTS: {
  readonly [E in DiagnosticEvent]: {
    readonly schemaVersion: string;
    readonly severityNumber: number;
    readonly description: string;
  };
} = Object.freeze({
  sink_error: { schemaVersion: "1.0", severityNumber: 17, description: "A sink failed to accept or deliver." },
  sink_recovered: { schemaVersion: "1.0", severityNumber: 9, description: "A sink delivers again after a failure." },
  buffer_overflow: { schemaVersion: "1.0", severityNumber: 13, description: "A queue was full." },
  record_malformed: { schemaVersion: "1.0", severityNumber: 13, description: "A record needed coercion or could not be built." },
  reconfigure_rejected: { schemaVersion: "1.0", severityNumber: 17, description: "The old configuration stays." },
  redaction_disabled: { schemaVersion: "1.0", severityNumber: 13, description: "Nothing is masked." },
  scope_ended: { schemaVersion: "1.0", severityNumber: 13, description: "A scoped logger was used after its block." },
  unflushed_shutdown: { schemaVersion: "1.0", severityNumber: 13, description: "The process exits with records still queued." },
  shared_internal_sink: { schemaVersion: "1.0", severityNumber: 13, description: "The internal logger was given a sink that the root logger has too." },
  resource_secret: { schemaVersion: "1.0", severityNumber: 13, description: "A resource attribute has a secret-looking key; resources are not redacted." },
  resource_incomplete: { schemaVersion: "1.0", severityNumber: 9, description: "A resource attribute that should be set is missing." },
  registry_not_shared: { schemaVersion: "1.0", severityNumber: 13, description: "Copies of the logger package in this process do not share their loggers." },
});
