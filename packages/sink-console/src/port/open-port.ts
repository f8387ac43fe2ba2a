import { directPortOf, foreignCallsOf } from "#direct-port";
import type { ConsoleStream } from "../runtime/index.ts";
import type { PortSources } from "./direct-port.ts";
import type { Port } from "./port.ts";
import { StreamPort } from "./stream-port.ts";

const ports = new WeakMap<ConsoleStream, Port>();

/**
 * The port of a stream; all sinks of this package that write to one stream share it, so listeners do not pile up and
 * lines stay whole.
 */
export function openPort(stream: ConsoleStream, sources: PortSources): Port {
  let port = ports.get(stream);
  if (port === undefined) {
    port = directPortOf(stream, sources) ?? new StreamPort(stream, foreignCallsOf(sources));
    ports.set(stream, port);
  }
  return port;
}
