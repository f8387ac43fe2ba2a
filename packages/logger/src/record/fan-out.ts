import { type Clock, type EncodedFormat, type LogRecord, withObservedTime } from "@dagstack/logger-core";
import { toLine } from "@dagstack/logger-core/wire";
import { createLineLane } from "#line-lane";
import type { Registry } from "../registry/index.ts";
import type { SinkPort } from "../sinks/index.ts";
import { Emission, type Outgoing } from "./emission.ts";
import type { LaneFormat, LineLane } from "./line-lane.ts";

const utf8 = new TextEncoder();

/** Made with the first record: a program that only loads the package does without its code and buffers. */
let ownLane: LineLane | null | undefined;

/** Hands a log call to those that want it. At the end of the process they write it at once. */
export function send(registry: Registry, ports: readonly SinkPort[], outgoing: Outgoing): void {
  if (ownLane === undefined) ownLane = createLineLane();
  fanOut(ports, outgoing, registry.clock, ownLane);
  if (registry.exiting) for (const port of ports) port.flushSync();
}

/**
 * Hands one log call to every sink that wants it (§7.3): as a line to those that take lines, encoded once per format, as
 * the shared record to the others. Sinks are asked first and written to then, since the caller's values are read once:
 * for the record if any sink needs it, otherwise for the line.
 */
export function fanOut(ports: readonly SinkPort[], outgoing: Outgoing, clock: Clock, lane: LineLane | null): void {
  const { severityNumber } = outgoing;
  let encodes = lane?.isBusy === false && outgoing instanceof Emission;
  let common: EncodedFormat | undefined;
  let some: SinkPort[] | undefined; // if not all
  let at = 0;
  for (const port of ports) {
    if (!port.wants(severityNumber)) {
      some ??= ports.slice(0, at);
    } else {
      some?.push(port);
      const format = port.askFormat(lane !== null);
      common ??= format;
      if (format === undefined || format !== common || format === "otlp_json") encodes = false;
    }
    at++;
  }
  const takers = some ?? ports;
  if (takers.length === 0) return;
  if (encodes && lane?.send(takers, outgoing as Emission, clock, common as LaneFormat) === true) return;
  emitRecord(takers, severityNumber, outgoing.record, clock, lane);
}

function emitRecord(
  takers: readonly SinkPort[],
  severityNumber: number,
  record: LogRecord,
  clock: Clock,
  lane: LineLane | null,
): void {
  const lines: { [F in EncodedFormat]?: Uint8Array } = {};
  for (const port of takers) {
    if (port.isClosed()) continue;
    const { format } = port;
    if (format === undefined) {
      port.emit(record);
      continue;
    }
    // The moment a line is encoded is the moment its sinks take the record in.
    const line = lines[format] ?? encode(withObservedTime(record, clock.now()), format, lane);
    lines[format] = line;
    port.emitLine(severityNumber, line);
  }
}

/** Without a lane no sink is asked for the format that it takes a lane to encode. */
function encode(record: LogRecord, format: EncodedFormat, lane: LineLane | null): Uint8Array {
  return format === "otlp_protobuf" ? (lane as LineLane).toProtobuf(record) : utf8.encode(toLine(record, format));
}
