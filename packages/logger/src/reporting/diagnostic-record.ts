import {
  type Attributes,
  DIAGNOSTIC_DOMAIN,
  DIAGNOSTIC_EVENTS,
  type Diagnostic,
  INTERNAL_LOGGER_NAME,
  type InstrumentationScope,
  type LogRecord,
  type Resource,
  severityText,
} from "@dagstack/logger-core";
import { SDK_VERSION } from "../generated/version.ts";

const SCOPE: InstrumentationScope = Object.freeze({
  name: INTERNAL_LOGGER_NAME,
  version: SDK_VERSION,
  attributes: Object.freeze({}),
});

/** The record of a diagnostic. It names things and counts them; it has no bodies or attribute values of users (D-68). */
export function diagnosticRecord(
  diagnostic: Diagnostic,
  suppressed: number,
  timeUnixNano: bigint,
  resource: Resource | null,
): LogRecord {
  const { schemaVersion, severityNumber, description } = DIAGNOSTIC_EVENTS[diagnostic.event];
  const text = (value: string | undefined): string | undefined => value?.toWellFormed();
  const fields: Record<string, string | number | undefined> = {
    "event.domain": DIAGNOSTIC_DOMAIN,
    "event.name": diagnostic.event,
    "event.schema_version": schemaVersion,
    "dagstack.sink.id": text(diagnostic.sinkId),
    "dagstack.logger.name": text(diagnostic.loggerName),
    "dagstack.reason": text(diagnostic.reason),
    "dagstack.error.type": text(diagnostic.errorType),
    "dagstack.error.message": text(diagnostic.errorMessage),
    "dagstack.dropped_count": diagnostic.droppedCount,
    "dagstack.suppressed_count": suppressed === 0 ? undefined : suppressed,
    "dagstack.attribute.path": text(diagnostic.attributePath),
    "dagstack.config.path": text(diagnostic.configPath),
  };
  const attributes = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  return Object.freeze({
    timeUnixNano,
    observedTimeUnixNano: null,
    severityNumber,
    severityText: severityText(severityNumber),
    body: description,
    attributes: Object.freeze(attributes) as Attributes,
    resource,
    instrumentationScope: SCOPE,
    traceId: null,
    spanId: null,
    traceFlags: 0,
  });
}
