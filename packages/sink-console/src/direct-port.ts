import type { Clock } from "@dagstack/logger-core";
import type { Port } from "./port.ts";
import type { ConsoleStream, DescriptorWriter, ProcessLike } from "./runtime.ts";
import type { StandardStreams } from "./standard-streams.ts";
import type { StreamBypass } from "./stream-tap.ts";

/** What a port may need of its surroundings. */
export interface PortSources {
  readonly process: ProcessLike | undefined;
  /** How to write to descriptors; without one, `node:fs` of the process. */
  readonly writer: DescriptorWriter | undefined;
  readonly clock: () => Clock;
}

/**
 * A port that writes past the stream, by its descriptor, for the standard streams of a process that are no terminals;
 * `undefined` for any other stream. Chosen by the package's `imports` condition `#direct-port`.
 */
export type OpenDirectPort = (
  stream: ConsoleStream,
  sources: PortSources & { readonly standardStreams: StandardStreams },
) => (Port & StreamBypass) | undefined;
