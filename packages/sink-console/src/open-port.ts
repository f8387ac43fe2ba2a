import type { Clock } from "@dagstack/logger-core";
import { openDirectPort } from "#direct-port";
import type { Port } from "./port.ts";
import type { ConsoleStream, DescriptorWriter, ProcessLike } from "./runtime.ts";
import { StandardStreams } from "./standard-streams.ts";
import { StreamPort } from "./stream-port.ts";
import type { StreamBypass } from "./stream-tap.ts";

const ports = new WeakMap<ConsoleStream, Port & Partial<StreamBypass>>();
const watched = new WeakMap<ProcessLike, StandardStreams>();

/**
 * The port of a stream; all sinks of this package that write to one stream share it, so listeners do not pile up and
 * lines stay whole.
 */
export function openPort(
  stream: ConsoleStream,
  process: ProcessLike | undefined,
  writer: DescriptorWriter | undefined,
  clock: () => Clock,
): Port & Partial<StreamBypass> {
  let port = ports.get(stream);
  if (port === undefined) {
    const standardStreams = standardStreamsOf(process, writer, clock);
    port =
      openDirectPort(stream, { process, writer, clock, standardStreams }) ?? new StreamPort(stream, standardStreams);
    ports.set(stream, port);
  }
  return port;
}

function standardStreamsOf(
  process: ProcessLike = {},
  writer: DescriptorWriter | undefined,
  clock: () => Clock,
): StandardStreams {
  let streams = watched.get(process);
  if (streams === undefined) {
    streams = new StandardStreams(process, (stream) => {
      const port = openPort(stream, process, writer, clock);
      return port.passOn === undefined ? undefined : (port as StreamBypass);
    });
    watched.set(process, streams);
  }
  return streams;
}
