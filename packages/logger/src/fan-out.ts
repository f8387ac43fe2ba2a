import { type Clock, type LineFormat, type LogRecord, withObservedTime } from "@dagstack/logger-core";
import { toLine } from "@dagstack/logger-core/wire";
import { Emission, type Outgoing } from "./emission.ts";
import type { LineLane } from "./line-lane.ts";
import type { SinkPort } from "./sink-port.ts";

const utf8 = new TextEncoder();

/**
 * Hands one log call to every sink that wants it (§7.3): as a line to those that take lines, encoded once per format, as
 * the shared record to the others. Sinks are asked first and written to then, since the caller's values are read once:
 * for the record if any sink needs it, otherwise for the line.
 */
export function fanOut(ports: readonly SinkPort[], outgoing: Outgoing, clock: Clock, lane: LineLane | null): void {
  const { severityNumber } = outgoing;
  let takers = ports;
  let count = 0;
  let encodes = lane?.isBusy === false && outgoing instanceof Emission;
  for (let at = 0; at < ports.length; at++) {
    const port = ports[at] as SinkPort;
    if (!port.wants(severityNumber)) continue;
    // A list of their own only when some do not want the record.
    if (count < at && takers === ports) takers = ports.slice(0, count);
    if (takers !== ports) (takers as SinkPort[]).push(port);
    count += 1;
    if (port.askFormat() !== "dagstack") encodes = false;
  }
  if (count === 0) return;
  if (count < takers.length) takers = takers.slice(0, count);
  if (encodes) lane?.send(takers, outgoing as Emission, clock);
  else emitRecord(takers, severityNumber, outgoing.record, clock);
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
    // The moment a line is encoded is the moment its sinks take the record in.
    lines[format] ??= utf8.encode(toLine(withObservedTime(record, clock.now()), format));
    port.emitLine(severityNumber, lines[format]);
  }
}
