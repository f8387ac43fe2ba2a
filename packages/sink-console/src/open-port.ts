import { openDirectPort } from "#direct-port";
import type { PortSources } from "./direct-port.ts";
import type { Port } from "./port.ts";
import type { ConsoleStream, ProcessLike } from "./runtime.ts";
import { StandardStreams } from "./standard-streams.ts";
import { StreamPort } from "./stream-port.ts";
import type { StreamBypass } from "./stream-tap.ts";

type DirectPort = Port & StreamBypass;

const ports = new WeakMap<ConsoleStream, Port>();
const directPorts = new WeakMap<ConsoleStream, DirectPort>();
const watched = new WeakMap<ProcessLike, StandardStreams>();
const NO_PROCESS: ProcessLike = {};

/**
 * The port of a stream; all sinks of this package that write to one stream share it, so listeners do not pile up and
 * lines stay whole.
 */
export function openPort(stream: ConsoleStream, sources: PortSources): Port {
  let port = ports.get(stream);
  if (port === undefined) {
    const standardStreams = standardStreamsOf(sources);
    port = directPortOf(stream, sources, standardStreams) ?? new StreamPort(stream, standardStreams);
    ports.set(stream, port);
  }
  return port;
}

function directPortOf(
  stream: ConsoleStream,
  sources: PortSources,
  standardStreams: StandardStreams,
): DirectPort | undefined {
  const port = directPorts.get(stream) ?? openDirectPort(stream, { ...sources, standardStreams });
  if (port !== undefined) directPorts.set(stream, port);
  return port;
}

function standardStreamsOf(sources: PortSources): StandardStreams {
  const process = sources.process ?? NO_PROCESS;
  let streams = watched.get(process);
  if (streams === undefined) {
    const created: StandardStreams = new StandardStreams(process, (stream) => directPortOf(stream, sources, created));
    streams = created;
    watched.set(process, streams);
  }
  return streams;
}
