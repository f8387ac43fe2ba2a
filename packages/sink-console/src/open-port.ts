import { openDirectPort } from "#direct-port";
import type { OpenDirectPort } from "./direct-port.ts";
import type { Port } from "./port.ts";
import type { ConsoleStream } from "./runtime.ts";
import { StreamPort } from "./stream-port.ts";

const ports = new WeakMap<ConsoleStream, Port>();

/**
 * The port of a stream; all sinks of this package that write to one stream share it, so listeners do not pile up and
 * lines stay whole.
 */
export function openPort(...[stream, ...direct]: Parameters<OpenDirectPort>): Port {
  let port = ports.get(stream);
  if (port === undefined) {
    port = openDirectPort(stream, ...direct) ?? new StreamPort(stream);
    ports.set(stream, port);
  }
  return port;
}
