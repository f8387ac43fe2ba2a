import { type Clock, type LineFormat, type LogRecord, withObservedTime } from "@dagstack/logger-core";
import { type LineEncoder, toDagstackJsonl, toOtlpJson } from "@dagstack/logger-core/wire";
import type { Emission, Outgoing } from "./emission.ts";
import type { SinkPort } from "./sink-port.ts";

const utf8 = new TextEncoder();

/**
 * Hands one log call to every sink that wants it (§7.3): as a line to those that take lines, encoded once per format, as
 * the shared record to the others. Sinks are asked first and written to then, since the caller's values are read once:
 * for the record if any sink needs it, otherwise for the line.
 */
export function fanOut(ports: readonly SinkPort[], outgoing: Outgoing, clock: Clock, encoder: LineEncoder): void {
  const { severityNumber, draft } = outgoing;
  let takers = ports;
  let encodesOnly = draft !== null && !encoder.isBusy;
  for (let index = 0; index < ports.length; index++) {
    const port = ports[index] as SinkPort;
    if (!port.wants(severityNumber)) {
      if (takers === ports) takers = ports.slice(0, index);
      continue;
    }
    if (takers !== ports) (takers as SinkPort[]).push(port);
    if (port.askFormat() !== "dagstack") encodesOnly = false;
  }
  if (takers.length === 0) return;
  if (encodesOnly) emitEncoded(takers, draft as Emission, clock, encoder);
  else emitRecord(takers, severityNumber, outgoing.record, clock);
}

/** The bytes lie in the encoder's buffer, so nothing else is encoded before the last sink has had them. */
function emitEncoded(takers: readonly SinkPort[], draft: Emission, clock: Clock, encoder: LineEncoder): void {
  try {
    const line = encoder.encode(draft, clock, draft.redactor, draft.report);
    for (const port of takers) if (!port.isClosed()) port.emitLine(draft.severityNumber, line);
  } finally {
    encoder.release();
  }
}

function emitRecord(takers: readonly SinkPort[], severityNumber: number, record: LogRecord, clock: Clock): void {
  let lines: { [F in LineFormat]?: Uint8Array } | undefined;
  for (const port of takers) {
    if (port.isClosed()) continue;
    const { format } = port;
    if (format === undefined) {
      port.emit(record);
      continue;
    }
    lines ??= {};
    lines[format] ??= encodeLine(record, format, clock);
    port.emitLine(severityNumber, lines[format]);
  }
}

/** The moment a line is encoded is the moment its sinks take the record in. */
function encodeLine(record: LogRecord, format: LineFormat, clock: Clock): Uint8Array {
  const observed = withObservedTime(record, clock.now());
  return utf8.encode(format === "otlp_json" ? toOtlpJson([observed]) : toDagstackJsonl(observed));
}
