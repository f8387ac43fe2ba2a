import type { Clock } from "@dagstack/logger-core";
import type { ForeignCalls, StreamBypass } from "../foreign/index.ts";
import type { ConsoleStream, DescriptorWriter, ProcessLike } from "../runtime/index.ts";
import type { Port } from "./port.ts";

/** What a port may need of its surroundings. */
export interface PortSources {
  readonly process: ProcessLike | undefined;
  /** How to write to descriptors; without one, `node:fs` of the process. */
  readonly writer: DescriptorWriter | undefined;
  readonly clock: () => Clock;
}

/**
 * The port that writes past a stream, by its descriptor: for the standard streams of a process that are no terminals;
 * `undefined` for any other stream. Chosen by the package's `imports` condition `#direct-port`.
 */
export type DirectPortOf = (stream: ConsoleStream, sources: PortSources) => (Port & StreamBypass) | undefined;

/** Who watches over calls of foreign code in a process. Chosen by the same condition. */
export type ForeignCallsOf = (sources: PortSources) => ForeignCalls;
