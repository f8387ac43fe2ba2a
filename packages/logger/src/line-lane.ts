import type { Clock } from "@dagstack/logger-core";
import type { Emission } from "./emission.ts";
import type { SinkPort } from "./sink-port.ts";

/**
 * Encodes lines straight from the caller's values, without a record. Chosen by the package's `imports` condition
 * `#line-lane`, for where sinks take lines; elsewhere they are made from records.
 */
export interface LineLane {
  /** Whether a line is on its way to sinks: a call that one of them caused goes another way. */
  readonly isBusy: boolean;
  /** Hands the line of a log call to sinks, all of which want it. */
  send(ports: readonly SinkPort[], draft: Emission, clock: Clock): void;
}
