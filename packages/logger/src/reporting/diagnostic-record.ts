import {
  type Attributes,
  DIAGNOSTIC_DOMAIN,
  DIAGNOSTIC_EVENTS,
  type Diagnostic,
  INTERNAL_LOGGER_NAME,
  type InstrumentationScope,
  type LogRecord,
  nameText,
  type Resource,
  severityText,
} from "@dagstack/logger-core";
import { SDK_VERSION } from "../generated/version.ts";

const SCOPE: InstrumentationScope = Object.freeze({
  name: INTERNAL_LOGGER_NAME,
  version: SDK_VERSION,
  attributes: Object.freeze({}),
});

/** In UTF-16 units: names are told so far, and texts. */
const MAX_NAME = 200;
const MAX_TEXT = 1000;

/** Diagnostics are short, whatever a name or a message that they tell is. A foreign sink may tell what is no text. */
function short(value: unknown, maxLength: number): string | undefined {
  if (value === undefined) return undefined;
  const text = String(value);
  return nameText(text.length > maxLength ? `${text.slice(0, maxLength)}…` : text);
}

/** The record of a diagnostic. It names things and counts them; it has no bodies or attribute values of users (D-68). */
export function diagnosticRecord(
  diagnostic: Diagnostic,
  suppressed: number,
  timeUnixNano: bigint,
  resource: Resource | null,
): LogRecord {
  const { schemaVersion, severityNumber, description } = DIAGNOSTIC_EVENTS[diagnostic.event];
  const fields: Record<string, string | number | undefined> = {
    "event.domain": DIAGNOSTIC_DOMAIN,
    "event.name": diagnostic.event,
    "event.schema_version": schemaVersion,
    "dagstack.sink.id": short(diagnostic.sinkId, MAX_NAME),
    "dagstack.logger.name": short(diagnostic.loggerName, MAX_NAME),
    "dagstack.reason": short(diagnostic.reason, MAX_TEXT),
    "dagstack.error.type": short(diagnostic.errorType, MAX_NAME),
    "dagstack.error.message": short(diagnostic.errorMessage, MAX_TEXT),
    "dagstack.dropped_count": diagnostic.droppedCount,
    "dagstack.suppressed_count": suppressed === 0 ? undefined : suppressed,
    "dagstack.attribute.path": short(diagnostic.attributePath, MAX_NAME),
    "dagstack.config.path": short(diagnostic.configPath, MAX_NAME),
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
