import type { Clock } from "@dagstack/logger-core";
import { DescriptorPort } from "./descriptor-port.ts";
import type { Port } from "./port.ts";
import type { ConsoleStream, DescriptorWriter } from "./runtime.ts";
import { StreamPort } from "./stream-port.ts";

const ports = new WeakMap<ConsoleStream, Port>();

/**
 * The port of a stream; all sinks of this package that write to one stream share it, so listeners do not pile up and
 * lines stay whole.
 *
 * @param direct how to write past the stream, for the standard streams of a process that are no terminals.
 */
export function openPort(stream: ConsoleStream, direct: DescriptorWriter | undefined, clock: () => Clock): Port {
  let port = ports.get(stream);
  if (port === undefined) {
    const { fd } = stream;
    port =
      direct !== undefined && typeof fd === "number"
        ? new DescriptorPort(stream, fd, direct, clock)
        : new StreamPort(stream);
    ports.set(stream, port);
  }
  return port;
}
