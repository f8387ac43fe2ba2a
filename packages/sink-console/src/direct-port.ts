import type { Clock } from "@dagstack/logger-core";
import type { Port } from "./port.ts";
import type { ConsoleStream, DescriptorWriter, ProcessLike } from "./runtime.ts";

/**
 * A port that writes past the stream, by its descriptor, for the standard streams of a process that are no terminals;
 * `undefined` for any other stream. Chosen by the package's `imports` condition `#direct-port`.
 *
 * @param writer how to write; without one, `node:fs` of the process.
 */
export type OpenDirectPort = (
  stream: ConsoleStream,
  process: ProcessLike | undefined,
  writer: DescriptorWriter | undefined,
  clock: () => Clock,
) => Port | undefined;
